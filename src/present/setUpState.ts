import { hasApiKey, isSignedIn, type SessionState } from "../auth/sessionState";
import type { Settings } from "../settings/settings";

/** The progress of connecting the user's own cars, independent of the demo. */
export interface SetUpState {
  readonly hasApiKey: boolean;
  /** There is a grant to sign out of. */
  readonly signedIn: boolean;
  readonly hasCars: boolean;
}

/** `session` and `settings` are those of the user's own cars, not of the demo. */
export function setUpState(session: SessionState, settings: Pick<Settings, "vehicles">): SetUpState {
  return { hasApiKey: hasApiKey(session), signedIn: isSignedIn(session), hasCars: settings.vehicles.length > 0 };
}

import { hasApiKey, isSignedIn, type SessionState } from "../auth/sessionState";
import type { Settings } from "../settings";

/** How far the user has come with connecting their own cars, whether or not the demo runs. */
export interface SetUpState {
  readonly hasApiKey: boolean;
  /** There is a grant to sign out of. */
  readonly signedIn: boolean;
  readonly hasCars: boolean;
}

/** `session` and `settings` are those of the user's own cars, not the demo's. */
export function setUpState(session: SessionState, settings: Pick<Settings, "vehicles">): SetUpState {
  return { hasApiKey: hasApiKey(session), signedIn: isSignedIn(session), hasCars: settings.vehicles.length > 0 };
}

import { hasApiKey, isSignedIn, type SessionState } from "../auth/sessionState";
import { wereCredentialsAccepted } from "../charging/account";
import type { CarStoreState } from "../charging/carStoreState";
import type { Settings } from "../settings/settings";

/** The progress of connecting the user's own cars, independent of the demo. */
export interface SetUpState {
  /** There is a grant to sign out of. */
  readonly signedIn: boolean;
  readonly hasCars: boolean;
  /** There is an API key, and Volvo has accepted it. */
  readonly keyWorks: boolean;
  /** There is a token that Volvo has accepted, or a sign-in with Volvo ID. */
  readonly signInWorks: boolean;
  readonly carWasRead: boolean;
}

/** The arguments must be those of the user's own cars, not of the demo. */
export function setUpState(
  session: SessionState,
  settings: Pick<Settings, "vehicles">,
  { account, cars }: Pick<CarStoreState, "account" | "cars">,
): SetUpState {
  const isAccepted = wereCredentialsAccepted(account);
  const isVolvoId = session.kind === "ready" && session.account.kind === "volvoId";
  return {
    signedIn: isSignedIn(session),
    hasCars: settings.vehicles.length > 0,
    keyWorks: hasApiKey(session) && isAccepted,
    signInWorks: isVolvoId || (isSignedIn(session) && isAccepted),
    carWasRead: cars.some(({ reading }) => reading !== undefined),
  };
}

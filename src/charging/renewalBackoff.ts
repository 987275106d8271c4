import type { Problem } from "./problem";

/** The back-off of a sign-in that could not be renewed: it is not tried again before `until`. Times in ms. */
export interface RenewalBackoff {
  /** In a row. */
  readonly failures: number;
  /** Refusals of the application in a row. */
  readonly refusals: number;
  readonly since: number;
  readonly until: number;
  readonly problem: Problem;
}

/** The part of a back-off that decides when cars can be checked, since each request needs a token. Times in ms. */
export interface BlockedRenewal {
  /** When renewing is tried again. */
  readonly until: number;
  /** The present access token is valid until then. */
  readonly tokenUntil: number;
  /** Volvo ID refuses the application. The time to try again then takes precedence over the cars' own intervals. */
  readonly isRefused: boolean;
}

/** True if Volvo ID refuses the application itself. */
export function isApplicationRefused({ kind }: Problem): boolean {
  return kind === "clientBlocked" || kind === "clientRefused";
}

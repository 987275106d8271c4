import type { Problem } from "./problem";

/** A sign-in that could not be renewed is not presented again before `until` (ms). */
export interface RenewalBackoff {
  /** In a row. */
  readonly failures: number;
  /** Refusals of the application in a row. */
  readonly refusals: number;
  readonly since: number;
  readonly until: number;
  readonly problem: Problem;
}

/** A back-off as far as it decides when cars can be asked: each request needs a token. Times in ms. */
export interface BlockedRenewal {
  /** When renewing is tried again. */
  readonly until: number;
  /** The token at hand is good until then. */
  readonly tokenUntil: number;
  /** Volvo ID refuses the application: trying again comes before the cars' own intervals. */
  readonly isRefused: boolean;
}

/** Volvo ID refuses the application itself. */
export function isApplicationRefused({ kind }: Problem): boolean {
  return kind === "clientBlocked" || kind === "clientRefused";
}

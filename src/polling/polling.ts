import type { Disposable } from "../base/disposable";
import type { Vin } from "../charging/vin";
import type { BudgetSpent, VolvoHold } from "../charging/account";
import type { BlockedRenewal } from "../charging/renewalBackoff";

/** No request may leave: Volvo asks to wait, or the user's own budget of calls is used up. */
export type Pause = VolvoHold | BudgetSpent;

/** The outcome of a Refresh. */
export type RefreshOutcome =
  /** These cars, at least one, have a new reading or problem. */
  | { readonly kind: "checked"; readonly vins: readonly Vin[] }
  /** All cars were checked within the last ten seconds, the latest at `at` (ms). */
  | { readonly kind: "recent"; readonly at: number }
  | { readonly kind: "held"; readonly hold: Pause }
  /** Another window kept the lock for too long, or holds the sign-in and did not ask. */
  | { readonly kind: "unanswered" }
  /** There are no cars or no credentials, or a newer version has written the shared state. */
  | { readonly kind: "notReady" };

/** Checks the cars regularly, together with the other windows. */
export interface Polling extends Disposable {
  readonly isOn: boolean;
  /** The present time (ms) between two checks. `undefined` without cars or without calls left. */
  readonly intervalMs: number | undefined;
  on(): void;
  off(): void;
  /** Asks for `vins` or for all cars now, within the gap of ten seconds, the quota and Volvo's limits. Never rejects. */
  refresh(vins?: readonly Vin[]): Promise<RefreshOutcome>;
  /** Resolves once every car that is due now has been checked, or at once if none is due or polling is off. */
  checkDue(): Promise<void>;
}

/** The credentials of this window. */
export interface Credentials {
  /** Their fingerprint. `undefined` while no request can be made with them. */
  readonly current: string | undefined;
  /** The generation of the sign-in. `undefined` for a pasted token. */
  readonly generation: number | undefined;
  /** Set if the last renewal of the sign-in failed. */
  readonly renewal?: BlockedRenewal | undefined;
  /** There are no credentials, as after a sign-out. `false` while the stored ones are being read. */
  readonly isSignedOut: boolean;
}

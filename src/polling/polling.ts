import type { Disposable } from "../base/disposable";
import type { Vin } from "../charging/vin";
import type { BudgetSpent, VolvoHold } from "../charging/account";
import type { BlockedRenewal } from "../charging/renewalBackoff";

/** Volvo, or the user's own budget of calls, asks for silence. */
export type Pause = VolvoHold | BudgetSpent;

/** The outcome of a refresh by hand. */
export type RefreshOutcome =
  /** There is a reading or a problem of each of these, and of at least one; the others were not asked for. */
  | { readonly kind: "checked"; readonly vins: readonly Vin[] }
  /** All of them were checked within the last ten seconds, at `at` (ms). */
  | { readonly kind: "recent"; readonly at: number }
  | { readonly kind: "held"; readonly hold: Pause }
  /** Another window has the turn for too long, or holds the sign-in and gave no answer. */
  | { readonly kind: "unanswered" }
  | { readonly kind: "notReady" };

/** Keeps the cars of this window fresh, together with the other windows. */
export interface Polling extends Disposable {
  readonly isOn: boolean;
  /** The time (ms) between two checks as things stand; `undefined` without cars or calls left. */
  readonly intervalMs: number | undefined;
  on(): void;
  off(): void;
  /** Asks now, for `vins` or for all cars, as far as the ten seconds, the quota and Volvo's own limits allow. */
  refresh(vins?: readonly Vin[]): Promise<RefreshOutcome>;
  /** Resolves once every car that is due at once has been checked; at once where there is none or polling is off. */
  checkDue(): Promise<void>;
}

/** The credentials that this window may ask with. */
export interface Credentials {
  /** Their fingerprint; `undefined` while no request can be made with them. */
  readonly current: string | undefined;
  /** The generation of the sign-in; `undefined` for a pasted token. */
  readonly generation: number | undefined;
  /** The sign-in could not be renewed when that was last tried. */
  readonly renewal?: BlockedRenewal | undefined;
  /** There are none at all, as after a sign-out; not only for the moment, as while the stored ones are being read. */
  readonly isSignedOut: boolean;
}

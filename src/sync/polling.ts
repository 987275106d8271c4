import type { Disposable } from "../base/disposable";
import type { Vin } from "../charging/vin";
import type { Hold } from "./account";
import type { Garage } from "./garage";
import type { Role } from "./lease";
import type { Poller } from "./poller";

/** Volvo, or the user's own budget of calls, asks for silence. */
export type Pause = Hold | { readonly kind: "budgetSpent"; readonly until: number };

/** What came of a refresh by hand, per car that was asked for. */
export type RefreshOutcome =
  /** There is a reading or a problem of each of these, and of at least one; the others were not asked for. */
  | { readonly kind: "checked"; readonly vins: readonly Vin[] }
  /** All of them were checked within the last ten seconds, at `at` (ms). */
  | { readonly kind: "recent"; readonly at: number }
  | { readonly kind: "held"; readonly hold: Pause }
  /** The window that polls gave no answer, or was not permitted to ask. */
  | { readonly kind: "unanswered" }
  | { readonly kind: "notReady" };

/** What the rest of the product sees of the polling, whether this window does it or another. */
export interface Polling extends Disposable {
  readonly isOn: boolean;
  on(): void;
  off(): void;
  /** Asks now, for `vins` or for all cars, as far as the ten seconds, the quota and Volvo's own limits allow. */
  refresh(vins?: readonly Vin[]): Promise<RefreshOutcome>;
  /** Resolves once every car that is due at once has been checked; at once where there is none or polling is off. */
  checkDue(): Promise<void>;
}

/** The polling of one window, as what joins the parts sees it. */
export interface WindowPolling extends Polling {
  /** Whether it is this window that asks. */
  leads(): boolean;
  /** What asks Volvo, while this window is the one that does. */
  readonly poller: Poller;
  /** Shows what was last known, before anything is asked. */
  showLast(): Promise<void>;
  /** Settings, cars or credentials have changed, or whether there are any. */
  configurationChanged(): void;
  /** Rejects with `NotPermittedError` where this window polls but another has taken over. */
  permit(): Promise<void>;
  /** What this window is among all; `undefined` while it takes no part. */
  readonly role: Role | undefined;
  /** How many windows take part, as far as is known. Rejects where the folder of all windows cannot be read. */
  countWindows(): Promise<number>;
  /** Whether VS Code answers: a window whose page is gone must not act for the user. */
  isAlive(): Promise<boolean>;
}

/** What this window may ask with. */
export interface Credentials {
  /** What stands for them; `undefined` while there are none that requests can be made with. */
  readonly current: string | undefined;
  /** There are none at all, as after a sign-out; not only for the moment. */
  readonly isSignedOut: boolean;
  /** Reads again what is stored: another window says that it is something else now. Never rejects. */
  reload(): Promise<void>;
}

/** Makes `current` the credentials that the garage's knowledge is about; what was found out with others is void. */
export function takeCredentials(garage: Garage, current: string | undefined): void {
  if (current !== undefined && current !== garage.current.account.credentials) garage.credentialsChanged(current);
}

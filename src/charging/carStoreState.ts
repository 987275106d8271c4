import type { Vin } from "./vin";
import { type Account, emptyAccount } from "./account";
import type { Car } from "./car";
import type { Notice } from "./notice";
import type { Mode } from "./mode";

/** How this window shares its state with the others. */
export type Sharing =
  | "shared"
  /** The folder that the windows share cannot be used: this window asks on its own. */
  | "alone"
  /** A newer version of the extension has written the shared state. */
  | "newer";

export interface CarStoreState {
  readonly cars: readonly Car[];
  readonly account: Account;
  /** The cars that are being asked for at this moment. */
  readonly checking: readonly Vin[];
  /** The time of the next check that the user sees (ms); absent if none is planned. */
  readonly nextCheckAt?: number;
  /** Recent notices. Some may have expired: see {@link isFresh}. */
  readonly events: readonly Notice[];
  /** The window to which the others leave the next check: it sent the last request, or has new credentials. */
  readonly askedBy?: string;
  /** 0 to 1, drawn at the last batch, so that all windows plan with the same value. */
  readonly jitter: number;
  /** May have ended: see {@link activeMode}. */
  readonly mode?: Mode;
  /** When the user deleted everything (ms). Older readings are not taken over any more. */
  readonly forgottenAt?: number;
  readonly sharing: Sharing;
}

/** The state that all windows share: every car of which something is known, configured or not, without the user's names. */
export interface SharedState extends Omit<CarStoreState, "cars" | "sharing"> {
  readonly cars: readonly Omit<Car, "name">[];
}

/** The state without any knowledge or configured car. */
export const emptyState: CarStoreState = {
  cars: [],
  account: emptyAccount,
  checking: [],
  events: [],
  jitter: 0,
  sharing: "shared",
};

import type { Event } from "./event";

/** The focus of this window. */
export interface Focus {
  readonly isFocused: boolean;
  /** The time at which it last had focus (ms since the epoch); the present time while it has focus. */
  lastFocusedAt(): number;
  /** Fires with the new value. */
  readonly onDidChange: Event<boolean>;
}

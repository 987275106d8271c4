import type { Event } from "./event";

/** Whether the user looks at this window. */
export interface Focus {
  readonly isFocused: boolean;
  /** When it last had focus (ms); now while it has. */
  lastFocusedAt(): number;
  /** Fires with the new value. */
  readonly onDidChange: Event<boolean>;
}

import { hourMs, minuteMs } from "../base/clock";

/** A departure from the schedule that the user has asked for, in all windows alike. Times in ms since the epoch. */
export type Mode =
  /** Nothing is asked until then, or until the user resumes; a refresh by hand is. */
  | { readonly kind: "paused"; readonly since: number; readonly until?: number }
  /** Every car is asked each minute, whether or not a window has focus. */
  | { readonly kind: "closely"; readonly since: number; readonly until: number };

/** The longest that either lasts where it has an end. A later end was stored by a clock that was ahead. */
const longestMs = 24 * hourMs;

/** The mode that is in force at `now` (ms), if any. */
export function activeMode(mode: Mode | undefined, now: number): Mode | undefined {
  const until = mode?.until ?? Infinity;
  const isCredible = until === Infinity || until - now <= longestMs + minuteMs;
  return now < until && isCredible ? mode : undefined;
}

/** The mode once the clock was set back to `now` (ms): it lasts no longer than it was meant to. */
export function setModeBack(mode: Mode, now: number): Mode {
  if (mode.since <= now) return mode;
  const until = mode.until !== undefined && { until: now + mode.until - mode.since };
  return { ...mode, since: now, ...until };
}

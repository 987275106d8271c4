import { hourMs, minuteMs } from "../base/clock";

/** A departure from the schedule that the user has asked for, in all windows alike. Times in ms since the epoch. */
export type Mode =
  /** Nothing is asked until then, or until the user resumes; a refresh by hand is. */
  | { readonly kind: "paused"; readonly since: number; readonly until?: number }
  /** Every car is asked each minute, whether or not a window has focus. */
  | { readonly kind: "closely"; readonly since: number; readonly until: number };

/** Before this hour of the night, "tomorrow morning" is the morning to come, not the one after it. */
const nightEndsAtHour = 5;
const morningHour = 7;

/** No mode with an end lasts longer: from 5:00 until 7:00 of the next day, which can have 25 hours. */
const longestMs = 27 * hourMs;

/** The end of a pause until tomorrow morning: 7:00 in the local time of this process. All times in ms. */
export function nextMorning(now: number): number {
  const today = new Date(now);
  const days = today.getHours() < nightEndsAtHour ? 0 : 1;
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, morningHour).getTime();
}

/** The mode that is in force at `now` (ms), if any. An end that is too far ahead comes from a clock that was ahead. */
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

import { hourMs, minuteMs } from "../base/clock";

/** A change of the schedule by the user, for all windows. Times in ms since the epoch. */
export type Mode =
  /** No checks until `until`, or until the user resumes. A manual refresh still works. */
  | { readonly kind: "paused"; readonly since: number; readonly until?: number }
  /** Every car is checked each minute, even without focus. */
  | { readonly kind: "closely"; readonly since: number; readonly until: number };

/** Before this hour, "tomorrow morning" means the morning of the same day. */
const nightEndsAtHour = 5;
const morningHour = 7;

/** The longest possible mode with an end: from 5:00 until 7:00 of the next day, over a change from daylight saving time. */
const longestMs = 27 * hourMs;

/** The end of a pause until tomorrow morning: 7:00 in the local time of this process. All times in ms. */
export function nextMorning(now: number): number {
  const today = new Date(now);
  const days = today.getHours() < nightEndsAtHour ? 0 : 1;
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, morningHour).getTime();
}

/** The mode that is in force at `now` (ms), if any. An end that is too far ahead means that the clock was set back. */
export function activeMode(mode: Mode | undefined, now: number): Mode | undefined {
  const until = mode?.until ?? Infinity;
  const isCredible = until === Infinity || until - now <= longestMs + minuteMs;
  return now < until && isCredible ? mode : undefined;
}

/** The mode after the clock was set back to `now` (ms), with its original duration. */
export function setModeBack(mode: Mode, now: number): Mode {
  if (mode.since <= now) return mode;
  const until = mode.until !== undefined && { until: now + mode.until - mode.since };
  return { ...mode, since: now, ...until };
}

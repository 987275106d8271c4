import { hourMs } from "../base/clock";
import type { TimeOfDay } from "../charging/notice";

/**
 * A reminder that could not come at its time, because the machine slept or no window was open, still comes within this
 * time: the same evening, not the next morning, when the night in which the car could have charged is over.
 */
export const reminderLimitMs = 3 * hourMs;

/** The occurrence of a reminder's time that lies at most {@link reminderLimitMs} back. */
export interface Occurrence {
  /** Local date and time, "2026-11-23-2130"; names it over all windows and restarts. */
  readonly name: string;
  /** The local date alone. */
  readonly day: string;
  readonly at: number;
}

/** The occurrence that is to be dealt with at `now` (ms), by the local time of this process. */
export function dueOccurrence(time: TimeOfDay, now: number): Occurrence | undefined {
  return [0, -1].map((days) => occurrence(time, now, days)).find(({ at }) => at <= now && now - at < reminderLimitMs);
}

/** The next occurrence after `now` (ms). */
export function nextOccurrence(time: TimeOfDay, now: number): Occurrence {
  const [today, tomorrow] = [occurrence(time, now, 0), occurrence(time, now, 1)];
  return today.at > now ? today : tomorrow;
}

/**
 * A time that does not exist on a day, because the clock was put forward over it, comes as much later as that; one that
 * comes twice counts the first time (ECMA-262, section 21.4.1.26).
 */
function occurrence({ hour, minute }: TimeOfDay, now: number, days: number): Occurrence {
  const today = new Date(now);
  const [year, month, date] = [today.getFullYear(), today.getMonth(), today.getDate() + days];
  const noon = new Date(year, month, date, 12);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${noon.getFullYear()}-${two(noon.getMonth() + 1)}-${two(noon.getDate())}`;
  return { name: `${day}-${two(hour)}${two(minute)}`, day, at: new Date(year, month, date, hour, minute).getTime() };
}

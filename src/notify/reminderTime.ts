import { hourMs } from "../base/clock";
import type { TimeOfDay } from "../charging/notice";

/**
 * A reminder that was missed because the computer slept or no window was open is still shown within this time. It is shown
 * on the same evening, but not in the next morning, when it would be too late to charge overnight.
 */
export const reminderLimitMs = 3 * hourMs;

/** The time of the reminder on one day. */
export interface Occurrence {
  /** Local date and time, "2026-11-23-2130": the same in all windows and after restarts. */
  readonly name: string;
  /** The local date alone. */
  readonly day: string;
  readonly at: number;
}

/** The occurrence within {@link reminderLimitMs} before `now` (ms), if any, in the local time of this process. */
export function dueOccurrence(time: TimeOfDay, now: number): Occurrence | undefined {
  return [0, -1].map((days) => occurrence(time, now, days)).find(({ at }) => at <= now && now - at < reminderLimitMs);
}

/** The next occurrence after `now` (ms). */
export function nextOccurrence(time: TimeOfDay, now: number): Occurrence {
  const [today, tomorrow] = [occurrence(time, now, 0), occurrence(time, now, 1)];
  return today.at > now ? today : tomorrow;
}

/**
 * A time that is skipped when the clock is put forward moves by the same amount. Of a time that comes twice, the first one
 * counts (ECMA-262, section 21.4.1.26).
 */
function occurrence({ hour, minute }: TimeOfDay, now: number, days: number): Occurrence {
  const today = new Date(now);
  const [year, month, date] = [today.getFullYear(), today.getMonth(), today.getDate() + days];
  const noon = new Date(year, month, date, 12);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${noon.getFullYear()}-${two(noon.getMonth() + 1)}-${two(noon.getDate())}`;
  return { name: `${day}-${two(hour)}${two(minute)}`, day, at: new Date(year, month, date, hour, minute).getTime() };
}

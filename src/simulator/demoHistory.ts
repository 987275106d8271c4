import { dayMs, hourMs, minuteMs } from "../base/clock";

/** A row of the history in its stored form. */
export type DemoRow = Readonly<Record<string, number | string>> & { readonly t: number };

/** How a simulated car was used in the last month. */
export interface DemoHabit {
  /** The days on which it is plugged in in the evening: day numbers modulo 7, counted back from yesterday (1). */
  readonly evenings: readonly number[];
  /** The hour of plugging in (UTC). */
  readonly hour: number;
  /** The hour after midnight at which charging starts. Default: charging starts at once. */
  readonly scheduledHour?: number;
  /** Battery level on arrival, percent; varies by a few percent. */
  readonly from: number;
  /** Percent. */
  readonly target: number;
  /** False if the car charges to its target but does not report the target. */
  readonly reportsTarget: boolean;
  readonly watts: number;
  readonly batteryKwh: number;
  /** The day of a charge at a fast charger, counted back from yesterday (1). */
  readonly fastDay?: number;
  /** The nights in which VS Code was closed: day numbers as in `evenings`. */
  readonly closedNights: readonly number[];
}

const days = 31;
const stepMs = 5 * minuteMs;
/** In those nights VS Code is closed from 23:00 to 7:00 UTC (hours since the start of the day). */
const closedHours = { from: 23, to: 31 } as const;

/**
 * The history rows of a car for the month before `until` (ms since the epoch), as the product would have written them:
 * evenings at the wall box, a fast charge on a trip, and nights in which VS Code was closed.
 */
export function demoRows(habit: DemoHabit, until: number): readonly DemoRow[] {
  const rows: DemoRow[] = [];
  const midnight = Math.floor(until / dayMs) * dayMs;
  let level = habit.from + 20;
  let seenAt: number | undefined;
  let last: DemoRow | undefined;
  const observe = (t: number, values: Readonly<Record<string, number | string>>) => {
    if (t >= until) return;
    const gapMs = seenAt === undefined ? 0 : t - seenAt;
    const isGap = gapMs > 45 * minuteMs;
    const isSame = last !== undefined && ["c", "s", "b", "w"].every((key) => last?.[key] === values[key]);
    if (!isSame || isGap) {
      const row = {
        t,
        ...(seenAt !== undefined && { p: seenAt }),
        ...values,
        ...(habit.reportsTarget && { g: habit.target }),
        k: 2,
        ...(isGap && { x: 1 }),
      };
      rows.push(row);
      last = row;
    }
    seenAt = t;
  };
  const kwhOfStep = (watts: number) => (watts / 1000) * (stepMs / hourMs);
  for (let day = days; day >= 1; day--) {
    const start = midnight - day * dayMs;
    const isEvening = habit.evenings.includes(day % 7);
    const isFastDay = day === habit.fastDay;
    const isClosed = habit.closedNights.includes(day % 7);
    const pluggedAt = start + habit.hour * hourMs + (day % 5) * 7 * minuteMs;
    const chargesAt = habit.scheduledHour === undefined ? pluggedAt : start + (24 + habit.scheduledHour) * hourMs;
    const leavesAt = start + 31 * hourMs + (day % 4) * 9 * minuteMs;
    if (isEvening) level = Math.max(12, habit.from + ((day * 7) % 13) - 6);
    for (let t = start + 8 * hourMs; t < start + 32 * hourMs; t += stepMs) {
      const fastFrom = start + 14 * hourMs;
      const isFastNow = isFastDay && t >= fastFrom && t < fastFrom + 30 * minuteMs;
      const isPluggedIn = isEvening && t >= pluggedAt && t < leavesAt;
      const isCharging = isFastNow || (isPluggedIn && t >= chargesAt && level < habit.target);
      const watts = isFastNow ? 96_000 : habit.watts;
      if (isCharging)
        level = Math.min(isFastNow ? 80 : habit.target, level + (100 * kwhOfStep(watts)) / habit.batteryKwh);
      const hour = (t - start) / hourMs;
      if (isClosed && hour >= closedHours.from && hour < closedHours.to) continue;
      const c = isFastNow ? "dc" : isPluggedIn ? "ac" : "out";
      const m = isFastNow ? fastFrom + minuteMs : isPluggedIn ? pluggedAt : start + 8 * hourMs;
      const s = isCharging
        ? "charging"
        : isPluggedIn && level >= habit.target
          ? "done"
          : isPluggedIn && t < chargesAt
            ? "scheduled"
            : "idle";
      observe(t, { c, m, b: Math.floor(level), s, ...(isCharging && { w: watts }) });
    }
  }
  return rows;
}

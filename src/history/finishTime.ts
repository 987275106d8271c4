import { minuteMs } from "../base/clock";
import type { Row } from "./model";
import { isGap } from "./rows";

/** The rate is taken from the rows of this time. */
const observedMs = 30 * minuteMs;
/** A point is the step of most cars, so a rate needs two. */
const leastPoints = 2;
/** Cars and observations this close agree. */
const differenceMs = 15 * minuteMs;

/**
 * When the car reaches its target at the rate of the last 30 minutes (ms): a second opinion beside that of the car, which
 * may know neither the charger nor the cold. `undefined` unless the car charges, has a target and has gained two points
 * in that time without a gap. Rows by time.
 */
export function observedFinish(rows: readonly Row[], now: number): number | undefined {
  const recent: { t: number; b: number }[] = [];
  let target: number | undefined;
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index];
    if (!row || now - row.t > observedMs) break;
    target ??= row.g;
    if (row.s !== undefined && row.s !== "charging") break;
    if (row.b !== undefined) recent.push({ t: row.t, b: row.b });
    if (isGap(row)) break;
  }
  const [last] = recent;
  const first = recent.at(-1);
  if (!last || !first || target === undefined || last.b >= target || last.b - first.b < leastPoints) return undefined;
  return last.t + ((target - last.b) * (last.t - first.t)) / (last.b - first.b);
}

/** Whether the observed finish (ms) is worth a place beside that of the car. */
export function isOtherFinish(observed: number, ofCar: number): boolean {
  return Math.abs(observed - ofCar) > differenceMs;
}

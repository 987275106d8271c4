import { minuteMs } from "../base/clock";
import type { Row } from "./model";
import { isGap } from "./rows";

/** The rate is measured over the last rows of this time. */
const observedMs = 30 * minuteMs;
/** Most cars report steps of one point, so a rate needs two. */
const leastPoints = 2;
/** A smaller difference between the car's estimate and the observed finish is not worth showing. */
const differenceMs = 15 * minuteMs;

/**
 * The time (ms) at which the car reaches its target at the rate of the last 30 minutes. The car's own estimate may ignore
 * the charger's power and the temperature. `undefined` unless the car charges, has a target and has gained two points in
 * that time without a gap. `rows` are sorted by time.
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

/** True if the observed finish differs enough from the car's estimate to be shown beside it. Times in ms. */
export function isOtherFinish(observed: number, ofCar: number): boolean {
  return Math.abs(observed - ofCar) > differenceMs;
}

import { hourMs } from "../base/clock";
import type { ChargePhase, Energy, Row, Span } from "./model";
import { isGap, stateSeenUntil } from "./rows";

/** Levels are whole percents, so over fewer points the error is as large as the energy. */
const leastPoints = 3;
/** The power must be known for this share of the charging time. */
const knownShare = 0.8;

/**
 * An estimate of the energy of a session, not for billing. It is the gained level times the usable capacity
 * (`batteryKwh`) if the capacity is known and the gain is at least 3 points. Else it is the sum of the power over time if
 * the power is known for 80 % of the charging time. Else it is `undefined`. `rows` are the rows of the session.
 */
export function energyOf(
  rows: readonly Row[],
  phases: readonly ChargePhase[],
  levels: { readonly from: number; readonly to: number } | undefined,
  batteryKwh: number | undefined,
): Energy | undefined {
  const points = levels ? levels.to - levels.from : 0;
  if (batteryKwh !== undefined && points >= leastPoints) return { kwh: (points / 100) * batteryKwh, method: "level" };
  const { wattMs, knownMs } = powerIn(rows, phases);
  // The car may have charged during all of a gap that begins or ends with charging.
  const chargeMs = totalMs(phases) + unseenMs(rows);
  if (knownMs <= 0 || knownMs < knownShare * chargeMs) return undefined;
  return { kwh: wattMs / hourMs / 1000, method: "power" };
}

function powerIn(rows: readonly Row[], phases: readonly ChargePhase[]): { wattMs: number; knownMs: number } {
  let wattMs = 0;
  let knownMs = 0;
  rows.forEach((row, index) => {
    const { t, w } = row;
    if (w === undefined) return;
    const next = rows[index + 1];
    const until = next ? (isGap(next) ? stateSeenUntil(row, next) : next.t) : Infinity;
    const ms = phases.reduce((sum, phase) => sum + overlapMs({ from: t, to: until }, phase), 0);
    knownMs += ms;
    wattMs += ms * Math.max(0, w);
  });
  return { wattMs, knownMs };
}

function unseenMs(rows: readonly Row[]): number {
  return rows.reduce((sum, row, index) => {
    const before = rows[index - 1];
    if (!before || !isGap(row)) return sum;
    const mayHaveCharged = before.s === "charging" || row.s === "charging";
    return mayHaveCharged ? sum + row.t - stateSeenUntil(before, row) : sum;
  }, 0);
}

/** The sum of the lengths of `spans`, ms. */
export function totalMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

function overlapMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

import { hourMs } from "../base/clock";
import type { ChargePhase, Energy, Row, Span } from "./model";
import { isGap } from "./rows";

/** Levels are whole percents: over fewer points the error is as large as the energy. */
const leastPoints = 3;
/** The power has to be known for this share of the time of charging. */
const knownShare = 0.8;

/**
 * An estimate of the energy that a session took, not for billing: the gained levels times `batteryKwh`, the usable
 * capacity, where that is known and they are at least 3 points; else the sum of the power over time where it is known for
 * 80 % of the time of charging; else none. `rows` are those of the session.
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
  // The car may have charged all through a gap that begins or ends with charging.
  const chargeMs = phases.reduce((sum, { from, to }) => sum + to - from, 0) + unseenMs(rows);
  if (knownMs <= 0 || knownMs < knownShare * chargeMs) return undefined;
  return { kwh: wattMs / hourMs / 1000, method: "power" };
}

function powerIn(rows: readonly Row[], phases: readonly ChargePhase[]): { wattMs: number; knownMs: number } {
  let wattMs = 0;
  let knownMs = 0;
  rows.forEach(({ t, w }, index) => {
    if (w === undefined) return;
    const next = rows[index + 1];
    const until = next ? (isGap(next) ? Math.max(t, next.p ?? t) : next.t) : Infinity;
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
    return mayHaveCharged ? sum + row.t - Math.max(before.t, row.p ?? before.t) : sum;
  }, 0);
}

function overlapMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

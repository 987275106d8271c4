import type { RowConnection, RowStatus } from "../../../src/charging/recorded";
import type { Reading } from "../../../src/charging/reading";
import type { Row } from "../../../src/history/model";
import { judge } from "../../../src/history/record";
import { gapLimitMs } from "../../../src/history/rows";
import { minuteMs } from "../../../src/base/clock";
import type { Recorded } from "../../../src/charging/recorded";
import { aReading } from "../../support/builders/builders";

/** Thursday, 26 November 2026, at this time of day in UTC. Hours above 23 are on the following days. */
export function at(hour: number, minute = 0): number {
  return Date.UTC(2026, 10, 26, hour, minute);
}

export interface ShortReading {
  readonly c: RowConnection;
  readonly s?: RowStatus;
  readonly b?: number;
  readonly g?: number;
  readonly w?: number;
  /** When the car measured the connection. */
  readonly m?: number;
}

const kinds = { ac: "connectedAc", dc: "connectedDc", in: "connected", out: "disconnected", fault: "fault" } as const;

/** The reading at `t` (ms). */
export function readingAt(t: number, { c, s, b, g, w, m }: ShortReading): Reading {
  const measured = <T>(value: T) => ({ value, measuredAt: m });
  return aReading({
    connection: measured(
      c === "?" ? { kind: "unknown" as const, reason: { kind: "noValue" as const } } : { kind: kinds[c] },
    ),
    details: {
      ...(s !== undefined && { chargingStatus: measured(s === "?" ? { raw: "NEW" } : s) }),
      ...(b !== undefined && { batteryLevel: measured(b) }),
      ...(g !== undefined && { targetLevel: measured(g) }),
      ...(w !== undefined && { power: measured(w) }),
    },
    fetchedAt: t,
  });
}

/**
 * The rows of a history in which the car is read every `stepMs` from `from` to `to` (ms) of each part, and `seen` gives the
 * readings (`undefined` for a failed check). Between the parts the car is not asked.
 */
export function recordedBy(
  parts: readonly {
    readonly from: number;
    readonly to: number;
    readonly seen: (t: number) => ShortReading | undefined;
  }[],
  stepMs = 5 * minuteMs,
): readonly Row[] {
  const rows: Row[] = [];
  let last: Recorded | undefined;
  for (const { from, to, seen } of parts) {
    for (let t = from; t <= to; t += stepMs) {
      const sight = seen(t);
      if (!sight) continue;
      const { row, recorded } = judge(last, readingAt(t, sight), gapLimitMs(stepMs));
      if (row) rows.push(row);
      last = recorded;
    }
  }
  return rows;
}

/** The level of a car that charges from `from` percent at `since` (ms) with `perHour` points an hour, up to `to`. */
export function rising(t: number, since: number, from: number, perHour: number, to = 80): number {
  return Math.min(to, Math.floor(from + (perHour * Math.max(0, t - since)) / (60 * minuteMs)));
}

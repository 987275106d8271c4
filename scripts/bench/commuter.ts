import { dayMs, hourMs, minuteMs } from "../../src/base/clock";
import type { Recorded } from "../../src/charging/recorded";
import type { Row } from "../../src/history/model";
import { judge } from "../../src/history/record";
import { gapLimitMs } from "../../src/history/rows";
import { readingAt, type ShortReading } from "../../test/unit/history/histories";

/** The time between two checks. */
export const intervalMs = 5 * minuteMs;

export interface CommuterDays {
  /** Midnight of a Monday, UTC (ms since the epoch). */
  readonly begin: number;
  readonly days: number;
  /** A different number for each car, so that cars differ. */
  readonly shift: number;
}

/** The number of checks of a commuter's car in these days, and the rows that the product keeps of them. */
export function commuterRows({ begin, days, shift }: CommuterDays): {
  readonly checks: number;
  readonly rows: readonly Row[];
} {
  const rows: Row[] = [];
  const readingOf = commuter(begin, shift);
  const gapMs = gapLimitMs(intervalMs);
  let checks = 0;
  let last: Recorded | undefined;
  for (let t = begin; t < begin + days * dayMs; t += intervalMs) {
    const reading = readingOf(t);
    if (!reading) continue;
    checks++;
    const { row, recorded } = judge(last, readingAt(t, reading), gapMs);
    if (row) rows.push(row);
    last = recorded;
  }
  return { checks, rows };
}

/** The reading of a commuter's car at a time; `undefined` while VS Code is closed. */
function commuter(begin: number, shift: number): (t: number) => ShortReading | undefined {
  return (t) => {
    const day = Math.floor((t - begin) / dayMs);
    const hour = (t - begin - day * dayMs) / hourMs;
    const isWorkingDay = day % 7 < 5;
    const isOpen = (isWorkingDay && hour >= 8 && hour < 18) || (hour >= 19 && hour < 23);
    if (!isOpen) return undefined;
    const isCharged = (evening: number) => (evening + shift) % 7 < 4;
    const from = 40 + ((day * 7 + shift) % 13);
    const pluggedAt = begin + day * dayMs + (18 + 1 / 6) * hourMs;
    if (!isCharged(day) || t < pluggedAt) {
      const driven = isCharged(day - 1) ? 0 : 15;
      const level = 80 - driven - Math.floor(Math.max(0, hour - 8));
      return { c: "out", s: "idle", b: level, g: 80, w: 0, m: t - (t % (10 * minuteMs)) };
    }
    // 10.8 kW charge a battery of 66 kWh by 16.4 % an hour.
    const b = Math.min(80, Math.floor(from + ((t - pluggedAt) / hourMs) * 16.4));
    const isCharging = b < 80;
    const w = isCharging ? 10_700 + ((t / intervalMs) % 3) * 100 : 0;
    return { c: "ac", s: isCharging ? "charging" : "done", b, g: 80, w, m: t - (t % (10 * minuteMs)) };
  };
}

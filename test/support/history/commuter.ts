import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import type { CarHistory, Row, Session } from "../../../src/history/model";

const batteryKwh = 66;

/**
 * `days` days of a commuter's car up to `until` (ms, a midnight). The car is plugged in at home at 18:10, charges to 80 %
 * and leaves at 7:30. On every sixth day it charges on DC at noon. VS Code is closed from 23:00 to 8:00, so every
 * departure is in a gap.
 */
export function commuterHistory(until: number, days: number, id = "0123456789abcdef"): CarHistory {
  const rows: Row[] = [];
  const sessions: Session[] = [];
  let level = 80;
  const add = (t: number, row: Omit<Row, "t" | "p">, gapFrom?: number) => {
    rows.push({
      t,
      ...(rows.length > 0 && { p: gapFrom ?? t - 5 * minuteMs }),
      ...row,
      ...(gapFrom && { x: 1 as const }),
    });
  };
  for (let day = days; day > 0; day--) {
    const midnight = until - day * dayMs;
    const at = (hours: number) => Math.round(midnight + hours * hourMs);
    const before = day === days ? undefined : midnight - hourMs;
    level -= 9 + (day % 4);
    add(at(8), { c: "out", b: level, g: 80, s: "idle", w: 0, k: 2 }, before);
    const last = sessions.at(-1);
    if (last && !last.end) {
      const end = { earliest: midnight - hourMs, latest: at(8), isOneTime: false };
      sessions[sessions.length - 1] = { ...last, end, lastSeenAt: at(8), durationMs: at(8) - last.start.latest };
    }
    if (day % 6 === 3) {
      const from = level;
      for (let step = 0; step <= 20 && level < 80; step++, level += 2) {
        add(at(12) + step * minuteMs, { c: "dc", b: level, g: 80, s: "charging", w: 120_000 - step * 3_000, k: 2 });
      }
      const end = at(12) + 21 * minuteMs;
      add(end, { c: "out", b: level, g: 80, s: "idle", w: 0, k: 2 });
      sessions.push(sessionOf("dc", { from: at(12), to: end }, [from, level], end));
      level -= 4;
    }
    level -= 11 + (day % 5);
    const plugged = at(18 + 1 / 6);
    const from = level;
    let end = plugged;
    for (; level < 80 && end < at(22.5); level++, end += 4 * minuteMs) {
      add(end, { c: "ac", b: level, g: 80, s: "charging", w: 10_800, k: 2, m: end });
    }
    add(end, { c: "ac", b: level, g: 80, s: "done", w: 0, k: 2 });
    sessions.push(sessionOf("ac", { from: plugged, to: end }, [from, level]));
  }
  return {
    ...{ id, rows, sessions, skippedLines: 0, newerMonths: [] },
    ...(rows[0] && { keptSince: rows[0].t }),
    observedUntil: until - hourMs,
  };
}

function sessionOf(
  charger: "ac" | "dc",
  phase: { readonly from: number; readonly to: number },
  [levelFrom, levelTo]: readonly [number, number],
  end?: number,
): Session {
  const { from, to } = phase;
  return {
    start: { earliest: from - 5 * minuteMs, latest: from, isOneTime: true },
    ...(end !== undefined && {
      end: { earliest: end - minuteMs, latest: end, isOneTime: true },
      durationMs: end - from,
    }),
    ...{
      lastSeenAt: end ?? to,
      charger,
      phases: [{ from, to, isOpen: false }],
      chargedMs: to - from,
      levelFrom,
      levelTo,
    },
    energy: { kwh: ((levelTo - levelFrom) / 100) * batteryKwh, method: "level" },
    ...{ isTargetReached: levelTo >= 79, isAfterUnseenUnplug: false, isBeforeUnseenUnplug: false, seenAgain: [] },
  };
}

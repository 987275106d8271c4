import type { Connection } from "../charging/connection";
import type { Reading } from "../charging/reading";
import type { Recorded, RowConnection, RowStatus } from "../charging/recorded";
import type { Row } from "./model";
import { isPercent, isWatts } from "./rows";

/** A change of the power must reach both limits to be recorded, because cars report the power to the watt. */
const powerShare = 0.1;
const powerWatts = 300;
const levelPoints = 1;

/** The result of comparing a reading with the history. */
export interface Judgement {
  /** Absent if no change is worth a row. */
  readonly row?: Row;
  /** The connection or the status has changed, or there was a gap. Such a row is written even if space is short. */
  readonly isMajor: boolean;
  /** The new values to compare with, to be kept once the row is written. */
  readonly recorded: Recorded;
}

/**
 * True if a reading is worth a row: the connection, the status or the target has changed, the level by a point, the power
 * by 10 % and 300 W, or the car was not observed for more than `gapMs` before it. An absent value is not a change.
 */
export function shouldRecord(last: Recorded | undefined, reading: Reading, gapMs: number): boolean {
  return judge(last, reading, gapMs).row !== undefined;
}

/** See {@link shouldRecord}. `last` has the last values in the history; `undefined` if there are none. */
export function judge(last: Recorded | undefined, reading: Reading, gapMs: number): Judgement {
  const t = reading.fetchedAt;
  // A time in the future means that the clock was set back since.
  const p = last && last.seenAt < t ? last.seenAt : undefined;
  const isObserved = last !== undefined && p !== undefined && t - p <= gapMs;
  const c = connectionOf(reading.connection.value);
  const { s, b, g, w } = valuesOf(reading);
  const isMajor = !isObserved || last.connection !== c || hasChanged(last.status, s);
  const isMinor =
    hasChanged(last?.target, g) ||
    hasChangedBy(last?.level, b, levelPoints) ||
    hasChangedBy(last?.power, w, Math.max(powerWatts, powerShare * Math.abs(last?.power ?? 0)));
  if (!isMajor && !isMinor) return { isMajor, recorded: { ...last, seenAt: t } };
  const { measuredAt: m } = reading.connection;
  const row: Row = {
    t,
    ...(p !== undefined && { p }),
    c,
    ...(m !== undefined && { m }),
    ...(b !== undefined && { b }),
    ...(g !== undefined && { g }),
    ...(s !== undefined && { s }),
    ...(w !== undefined && { w }),
    k: reading.servedBy === "v1" ? 1 : 2,
    ...(!isObserved && p !== undefined && { x: 1 }),
  };
  const known = {
    status: s ?? last?.status,
    level: b ?? last?.level,
    target: g ?? last?.target,
    power: w ?? last?.power,
  };
  const values = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { row, isMajor, recorded: { ...values, rowAt: t, seenAt: t, connection: c } };
}

function hasChanged<T>(last: T | undefined, now: T | undefined): boolean {
  return now !== undefined && now !== last;
}

function hasChangedBy(last: number | undefined, now: number | undefined, least: number): boolean {
  return now !== undefined && (last === undefined || Math.abs(now - last) >= least);
}

function valuesOf({ details }: Reading): { s?: RowStatus; b?: number; g?: number; w?: number } {
  const { chargingStatus, batteryLevel, targetLevel, power } = details;
  const s = chargingStatus && (typeof chargingStatus.value === "object" ? "?" : chargingStatus.value);
  return {
    ...(s && { s }),
    ...(isPercent(batteryLevel?.value) && { b: batteryLevel.value }),
    ...(isPercent(targetLevel?.value) && { g: targetLevel.value }),
    ...(isWatts(power?.value) && { w: Math.round(power.value) }),
  };
}

function connectionOf({ kind }: Connection): RowConnection {
  switch (kind) {
    case "connectedAc":
      return "ac";
    case "connectedDc":
      return "dc";
    case "connected":
      return "in";
    case "disconnected":
      return "out";
    case "fault":
      return "fault";
    case "unknown":
      return "?";
  }
}

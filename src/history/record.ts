import type { Connection } from "../charging/connection";
import type { Reading } from "../charging/reading";
import type { Recorded, RowConnection, RowStatus } from "../charging/recorded";
import type { Row } from "./model";
import { isPercent, isWatts } from "./rows";

/** A power that differs by less than either is the same: cars report it to the watt. */
const powerShare = 0.1;
const powerWatts = 300;
const levelPoints = 1;

/** What `last` and a reading of this car come to. */
export interface Judgement {
  /** Absent where nothing has changed that is worth a row. */
  readonly row?: Row;
  /** The connection or the status has changed, or the car was not observed before: written also where space is short. */
  readonly isMajor: boolean;
  /** To be kept once the row is written. */
  readonly recorded: Recorded;
}

/**
 * Whether a reading is worth a row: the connection, the status or the target has changed, the level by a point, the
 * power by 10 % and 300 W, or the car was not observed for longer than `gapMs` before it. What is absent is no change.
 */
export function shouldRecord(last: Recorded | undefined, reading: Reading, gapMs: number): boolean {
  return judge(last, reading, gapMs).row !== undefined;
}

/** See {@link shouldRecord}. `last` is what the history says; `undefined` where it says nothing. */
export function judge(last: Recorded | undefined, reading: Reading, gapMs: number): Judgement {
  const t = reading.fetchedAt;
  // A time ahead was told by a clock that has been set back since.
  const p = last && last.seenAt < t ? last.seenAt : undefined;
  const isObserved = last !== undefined && p !== undefined && t - p <= gapMs;
  const c = connectionOf(reading.connection.value);
  const { s, b, g, w } = valuesOf(reading);
  const isMajor = !isObserved || last.connection !== c || isOther(last.status, s);
  const isMinor =
    isOther(last?.target, g) ||
    isFurther(last?.level, b, levelPoints) ||
    isFurther(last?.power, w, Math.max(powerWatts, powerShare * Math.abs(last?.power ?? 0)));
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

function isOther<T>(last: T | undefined, now: T | undefined): boolean {
  return now !== undefined && now !== last;
}

function isFurther(last: number | undefined, now: number | undefined, least: number): boolean {
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

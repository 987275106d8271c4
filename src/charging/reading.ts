import { minuteMs } from "../base/clock";
import { type Connection, isPluggedIn } from "./connection";

/** A value with the time at which the car measured it, in ms since the epoch; `undefined` if the time is unknown. */
export interface Measured<T> {
  readonly value: T;
  readonly measuredAt: number | undefined;
}

export type EnergyApiVersion = "v1" | "v2";

/** The setting `apiVersion`. */
export type ApiVersionSetting = "auto" | EnergyApiVersion;

/** A word for one of the car's states. Words that this version does not know are kept unchanged. */
export type Word<T extends string> = T | { readonly raw: string };

export const chargingStatuses = ["charging", "idle", "done", "scheduled", "discharging", "fault"] as const;
export type ChargingStatus = (typeof chargingStatuses)[number];

export const powerStatuses = [
  "noPowerAvailable",
  "providingPower",
  "powerAvailableButNotActivated",
  "initialising",
  "fault",
] as const;
export type PowerStatus = (typeof powerStatuses)[number];

export const chargerTypes = ["ac", "dc"] as const;
export type ChargerType = (typeof chargerTypes)[number];

export interface Distance {
  readonly amount: number;
  readonly unit: "km" | "mi";
}

/** The values of Energy v2 beside the connection. A member is absent if the car gives no value. */
export interface Details {
  /** Percent. */
  readonly batteryLevel?: Measured<number>;
  readonly range?: Measured<Distance>;
  readonly chargingStatus?: Measured<Word<ChargingStatus>>;
  readonly powerStatus?: Measured<Word<PowerStatus>>;
  /** Watts. */
  readonly power?: Measured<number>;
  /** Percent. */
  readonly targetLevel?: Measured<number>;
  /** Ampere. */
  readonly currentLimit?: Measured<number>;
  /** At most {@link longestChargeMinutes}. */
  readonly minutesToTarget?: Measured<number>;
}

/** A longer charging time is a placeholder such as 65535. */
export const longestChargeMinutes = 7 * 24 * 60;

/** Percent. Unknown values are absent. */
export interface ReachedTarget {
  /** The level at which the target was reached. */
  readonly level?: number;
  /** The lowest target since. */
  readonly target?: number;
}

/** Facts from earlier readings of this plug-in that later readings do not repeat. `nextReading` keeps them. Times in ms. */
export interface ChargeRecord {
  readonly reached?: ReachedTarget;
  /** The car charged before it reached its target. */
  readonly charged?: true;
  readonly discharged?: true;
  /** The last estimate of the end that the car made while charging. */
  readonly expectedEndAt?: number;
  /** The first time at which the car no longer charged. */
  readonly stoppedAt?: number;
  /** The cable is out, but not for long enough to end the plug-in. */
  readonly unpluggedAt?: number;
}

/** The state of a car by one answer of the Energy API, or merged from several by {@link mergeReading}. */
export interface Reading {
  readonly connection: Measured<Connection>;
  /** Energy v2 reports the charger type separately from the connection. {@link mergeReading} combines them. */
  readonly chargerType?: Measured<Word<ChargerType>>;
  readonly details: Details;
  readonly servedBy: EnergyApiVersion;
  /** When the answer came, ms since the epoch. */
  readonly fetchedAt: number;
  /**
   * For a car that is plugged in, the earliest time at which this plug-in was known. A charger type that was measured
   * before belongs to an earlier charge.
   */
  readonly pluggedInSince?: number;
  readonly charge?: ChargeRecord;
  /**
   * The newest known times of values that are now missing or without a time, by their names here and in {@link Details}.
   * Older values must not come back.
   */
  readonly newest?: Readonly<Record<string, number>>;
}

/** A measurement that is ahead of the computer's clock by up to this time counts as now. */
const toleratedAheadMs = 10 * minuteMs;

/** In a gap of this length, a car may have been driven to another charger and plugged in there. */
const movedUnseenMs = 30 * minuteMs;

/** No car with this API existed earlier. Such a time is a default that was never set. */
const earliestPlausible = Date.UTC(2015, 0, 1);

/**
 * The time of a measurement if it is plausible at `now`. A time up to ten minutes in the future counts as now. A later time
 * and a time before 2015 are unknown.
 */
export function plausibleTime(time: number | undefined, now: number): number | undefined {
  if (time === undefined || Number.isNaN(time) || time < earliestPlausible) return undefined;
  if (time <= now) return time;
  return time - now <= toleratedAheadMs ? now : undefined;
}

/** A fresh reading with all its times moved `byMs`, from one clock to another. */
export function withTimesMoved(reading: Reading, byMs: number): Reading {
  if (byMs === 0) return reading;
  const moved = <T>(value: Measured<T>): Measured<T> =>
    value.measuredAt === undefined ? value : { ...value, measuredAt: value.measuredAt + byMs };
  const { connection, chargerType, details, fetchedAt } = reading;
  const movedDetails = Object.fromEntries(
    Object.entries(details).map(([name, value]: [string, Measured<unknown>]) => [name, moved(value)]),
  ) as Details;
  return {
    ...reading,
    connection: moved(connection),
    ...(chargerType && { chargerType: moved(chargerType) }),
    details: movedDetails,
    fetchedAt: fetchedAt + byMs,
  };
}

/**
 * The first time (ms) at which the connection is older than `staleAfterMs`. Without a time of measurement, the time of the
 * fetch counts.
 */
export function staleAt({ connection, fetchedAt }: Reading, staleAfterMs: number): number {
  return (connection.measuredAt ?? fetchedAt) + staleAfterMs + 1;
}

export function isStale(reading: Reading, now: number, staleAfterMs: number): boolean {
  return now >= staleAt(reading, staleAfterMs);
}

/** True if the car reports charging without a cable: one of the reports is wrong or late. */
export function isContradictory({ connection, details }: Reading): boolean {
  return connection.value.kind === "disconnected" && details.chargingStatus?.value === "charging";
}

/** True if the car reports charging at or after the unplugging: one of the reports may be late. */
export function isDoubtfullyUnplugged(reading: Reading): boolean {
  const chargingAt = reading.details.chargingStatus?.measuredAt ?? 0;
  return isContradictory(reading) && chargingAt >= (reading.connection.measuredAt ?? 0);
}

/**
 * Merges the reading `fresh` into the reading before it. A value never replaces one that was measured later, because
 * answers of Volvo's servers are not always in order. The time of the fetch is always that of `fresh`. A plugged-in
 * connection is narrowed to AC or DC if the newest charger type belongs to this plug-in.
 *
 * The time of plugging in is unknown on a first reading, and after a gap in which the car may have been unplugged. The time
 * of the connection is used instead. Cars measure connection and charger type together (every captured answer has one
 * time for both). An older charger type may therefore belong to an earlier charge at another charger. "Plugged in" is
 * then true, but AC or DC may be wrong.
 */
export function mergeReading(last: Reading | undefined, fresh: Reading): Reading {
  const known = last ? newestTimes(last) : {};
  const merged = mergedValues(last, fresh, known);
  const newest = timesNotShown(merged, known, ownTimes(fresh));
  return Object.keys(newest).length > 0 ? { ...merged, newest } : merged;
}

function mergedValues(last: Reading | undefined, fresh: Reading, known: Times): Reading {
  const details = mergeDetails(last?.details ?? {}, fresh.details, known);
  if (last && isOutOfOrder(known["connection"], fresh.connection)) {
    const { newest: _, ...kept } = last;
    return { ...kept, details, fetchedAt: fresh.fetchedAt, servedBy: fresh.servedBy };
  }
  const { pluggedInSince: _, chargerType: freshType, ...rest } = fresh;
  const chargerType = freshType && newerOf(known["chargerType"], last?.chargerType, freshType);
  const reading: Reading = { ...rest, ...(chargerType && { chargerType }), details };
  if (!isPluggedIn(fresh.connection.value)) return reading;
  const since = stayedPluggedInSince(last, fresh) ?? fresh.connection.measuredAt ?? unpluggedAt(last);
  return {
    ...reading,
    connection: narrowed(fresh.connection, chargerType, since),
    ...(since !== undefined && { pluggedInSince: since }),
  };
}

/** The start of the plug-in of `last`; `undefined` if the car may have been moved to another charger since. */
function stayedPluggedInSince(last: Reading | undefined, { connection, fetchedAt }: Reading): number | undefined {
  if (last?.pluggedInSince === undefined) return undefined;
  const isSameReport = connection.measuredAt !== undefined && connection.measuredAt === last.connection.measuredAt;
  return isSameReport || fetchedAt - last.fetchedAt < movedUnseenMs ? last.pluggedInSince : undefined;
}

function unpluggedAt(reading: Reading | undefined): number | undefined {
  return reading?.connection.value.kind === "disconnected" ? reading.connection.measuredAt : undefined;
}

function narrowed(
  connection: Measured<Connection>,
  type: Measured<Word<ChargerType>> | undefined,
  pluggedInSince: number | undefined,
): Measured<Connection> {
  if (connection.value.kind !== "connected" || !type) return connection;
  if (type.measuredAt !== undefined && pluggedInSince !== undefined && type.measuredAt < pluggedInSince) {
    return connection;
  }
  const value: Connection =
    typeof type.value === "object"
      ? { kind: "connected", charger: type.value.raw }
      : { kind: type.value === "ac" ? "connectedAc" : "connectedDc" };
  return { ...connection, value };
}

/** Times of values in ms, by their names in {@link Reading} and {@link Details}. */
type Times = Readonly<Record<string, number | undefined>>;

function ownTimes({ connection, chargerType, details }: Reading): Times {
  const values = Object.entries<Measured<unknown> | undefined>({ connection, chargerType, ...details });
  return Object.fromEntries(values.map(([name, value]) => [name, value?.measuredAt]));
}

function newestTimes(reading: Reading): Times {
  return { ...ownTimes(reading), ...reading.newest };
}

/** The newest of `times` for each value that `reading` has without a time, with an older time or not at all. */
function timesNotShown(reading: Reading, ...times: readonly Times[]): Readonly<Record<string, number>> {
  const shown = ownTimes(reading);
  const newest: Record<string, number> = {};
  for (const [name, time] of times.flatMap(Object.entries<number | undefined>)) {
    if (time === undefined || time <= (shown[name] ?? -Infinity)) continue;
    newest[name] = Math.max(time, newest[name] ?? time);
  }
  return newest;
}

function isOutOfOrder(known: number | undefined, fresh: Measured<unknown>): boolean {
  return known !== undefined && fresh.measuredAt !== undefined && fresh.measuredAt < known;
}

/** `undefined` if `fresh` is older than a value that is now missing. */
function newerOf<T>(known: number | undefined, last: Measured<T> | undefined, fresh: Measured<T>) {
  return isOutOfOrder(known, fresh) ? last : fresh;
}

function mergeDetails(last: Details, fresh: Details, known: Times): Details {
  const merged: Record<string, Measured<unknown>> = {};
  for (const [name, value] of Object.entries(fresh) as [keyof Details, Measured<unknown>][]) {
    const newer = newerOf<unknown>(known[name], last[name], value);
    if (newer) merged[name] = newer;
  }
  return merged;
}

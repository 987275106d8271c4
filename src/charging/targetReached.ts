import { minuteMs } from "../base/clock";
import { isPluggedIn } from "./connection";
import {
  type ChargeRecord,
  type ChargingStatus,
  isDoubtfullyUnplugged,
  type Measured,
  mergeReading,
  type ReachedTarget,
  type Reading,
} from "./reading";

/** A shorter unplugging does not end a plug-in. */
export const replugMs = minuteMs;

/** A car that reports no target is full from this level on, in percent. */
const fullLevel = 99.5;

/** The target counts as reached until this many points are missing, because cars lose a point or two and top up. */
const clearingPoints = 3;

/** A stop this close to the estimated end counts as done. */
const nearlyDoneMs = 15 * minuteMs;

/** The input of the rule: values of a car that is plugged in, measured in this plug-in. Levels in percent. */
export interface ChargeValues {
  readonly status: ChargingStatus | undefined;
  readonly level: number | undefined;
  readonly target: number | undefined;
  /** When the status was measured, ms since the epoch. */
  readonly statusAt?: number;
  /** The car's estimate of the end, ms since the epoch. */
  readonly expectedEndAt?: number | undefined;
}

/**
 * True if the car needs no more charge in this plug-in. Many cars never report DONE and go from CHARGING to IDLE at their
 * target. Others go from DONE to IDLE hours later with a point less (Dielee/volvo2mqtt#52). The answer therefore stays
 * true until the car is unplugged, has lost three points, or its target is raised. {@link nextReading} keeps it.
 */
export function isTargetReached(reading: Reading): boolean {
  if (!isPluggedIn(reading.connection.value)) return false;
  return isReached(reading.charge, valuesOf(reading));
}

/** {@link isTargetReached} for a car that is plugged in, by its values and the record of this plug-in. */
export function isReached(charge: ChargeRecord | undefined, values: ChargeValues): boolean {
  return charge?.reached !== undefined || isReachedNow(values, charge);
}

/**
 * How a car that charged in this plug-in stopped without reaching its target. `interrupted`: below the target, long before
 * the estimated end, or by a fault. `stopped`: there is neither a target nor an estimate. `undefined` for any other car.
 */
export function stopOf(reading: Reading): "interrupted" | "stopped" | undefined {
  const { charge } = reading;
  if (!charge?.charged || isTargetReached(reading) || !isPluggedIn(reading.connection.value)) return undefined;
  const { status, level, target } = valuesOf(reading);
  if (status === "fault") return "interrupted";
  if (status !== "idle") return undefined;
  const isTargetKnown = level !== undefined && target !== undefined;
  return isTargetKnown || charge.expectedEndAt !== undefined ? "interrupted" : "stopped";
}

/** `fresh` merged into `last` ({@link mergeReading}), with the record of the plug-in. */
export function nextReading(last: Reading | undefined, fresh: Reading): Reading {
  const { charge: _, ...merged } = mergeReading(last, fresh);
  const charge = followCharge(last?.charge, merged);
  return { ...merged, ...(charge && { charge }) };
}

/**
 * The record of the plug-in after `reading`, where `before` is the one before it. Unknown connections and faults change
 * nothing; unplugging ends it, unless the cable is back in within {@link replugMs}.
 */
function followCharge(before: ChargeRecord | undefined, reading: Reading): ChargeRecord | undefined {
  const { connection, fetchedAt } = reading;
  if (isPluggedIn(connection.value)) return followPluggedIn(before, valuesOf(reading));
  if (!before || connection.value.kind !== "disconnected" || isDoubtfullyUnplugged(reading)) return before;
  const unpluggedAt = Math.min(before.unpluggedAt ?? connection.measuredAt ?? fetchedAt, fetchedAt);
  return fetchedAt - unpluggedAt < replugMs ? { ...before, unpluggedAt } : undefined;
}

/** The record of a plug-in after `values`, where `before` is the one before them. */
export function followPluggedIn(before: ChargeRecord | undefined, values: ChargeValues): ChargeRecord | undefined {
  const { unpluggedAt: _, ...known } = before ?? {};
  const kept = known.reached && isCleared(known.reached, values) ? onlyDischarged(known) : known;
  const charge = kept.reached ? kept : followStatus(kept, values);
  const reached = charge.reached ?? (isReachedNow(values, charge) ? {} : undefined);
  const after: ChargeRecord = {
    ...(reached ? { ...(charge.charged && { charged: true }), reached: withLevels(reached, values) } : charge),
    ...((charge.discharged ?? values.status === "discharging") && { discharged: true }),
  };
  return Object.keys(after).length > 0 ? after : undefined;
}

/** The record of a charge that has not reached its target. */
function followStatus(before: ChargeRecord, { status, statusAt, ...values }: ChargeValues): ChargeRecord {
  if (status === undefined) return before;
  if (status === "discharging") return onlyDischarged(before);
  if (status !== "charging") {
    const stoppedAt = before.stoppedAt ?? statusAt;
    return before.charged && stoppedAt !== undefined ? { ...before, stoppedAt } : before;
  }
  const { stoppedAt: _, ...rest } = before;
  const expectedEndAt = values.expectedEndAt ?? before.expectedEndAt;
  return { ...rest, charged: true, ...(expectedEndAt !== undefined && { expectedEndAt }) };
}

function onlyDischarged({ discharged }: ChargeRecord): ChargeRecord {
  return discharged ? { discharged } : {};
}

/**
 * The time at which the car expects to reach its target, ms since the epoch. `undefined` while the car is not charging,
 * and once that time has passed.
 */
export function expectedDoneAt(reading: Reading, now: number): number | undefined {
  const { chargingStatus, minutesToTarget } = reading.details;
  const doneAt = chargingStatus?.value === "charging" ? estimatedEnd(reading, minutesToTarget) : undefined;
  return doneAt !== undefined && doneAt > now ? doneAt : undefined;
}

/** The end of the remaining minutes, ms since the epoch. Cars that have no estimate report zero minutes. */
function estimatedEnd({ fetchedAt }: Reading, minutes: Measured<number> | undefined): number | undefined {
  if (!minutes || minutes.value <= 0) return undefined;
  return (minutes.measuredAt ?? fetchedAt) + minutes.value * minuteMs;
}

function isReachedNow({ status, level, target }: ChargeValues, charge: ChargeRecord | undefined): boolean {
  if (status === "charging") return false;
  if (status === "done") return true;
  if (level !== undefined && target !== undefined) return Math.round(level) >= target - 1;
  if (level !== undefined && level >= fullLevel) return true;
  return status === "idle" && hasNearlyRunOut(charge);
}

function hasNearlyRunOut({ charged, expectedEndAt, stoppedAt }: ChargeRecord = {}): boolean {
  if (!charged || expectedEndAt === undefined || stoppedAt === undefined) return false;
  return expectedEndAt - stoppedAt <= nearlyDoneMs;
}

function isCleared(reached: ReachedTarget, values: ChargeValues): boolean {
  const { level, target } = values;
  if (level === undefined || isReachedNow(values, undefined)) return false;
  if (reached.level !== undefined && Math.round(level) <= reached.level - clearingPoints) return true;
  const isRaised = target !== undefined && reached.target !== undefined && target > reached.target;
  return isRaised && target > Math.round(level) + 1;
}

/** The level at which the target was first known to be reached, and the lowest target since. */
function withLevels(reached: ReachedTarget, values: ChargeValues): ReachedTarget {
  const level = reached.level ?? (values.level === undefined ? undefined : Math.round(values.level));
  const targets = [reached.target, values.target].filter((target) => target !== undefined);
  return { ...(level !== undefined && { level }), ...(targets.length > 0 && { target: Math.min(...targets) }) };
}

function valuesOf(reading: Reading): ChargeValues {
  const { chargingStatus, batteryLevel, targetLevel } = reading.details;
  const status = inThisPlugIn(reading, chargingStatus)?.value;
  return {
    status: typeof status === "object" ? undefined : status,
    level: inThisPlugIn(reading, batteryLevel)?.value,
    target: targetLevel?.value,
    statusAt: chargingStatus?.measuredAt ?? reading.fetchedAt,
    expectedEndAt: estimatedEnd(reading, inThisPlugIn(reading, reading.details.minutesToTarget)),
  };
}

/**
 * The value if it was measured in this plug-in, or at an unknown time. Not used for the target, which its owner may have
 * set months earlier.
 */
function inThisPlugIn<T>(reading: Reading, value: Measured<T> | undefined): Measured<T> | undefined {
  const isEarlier =
    value?.measuredAt !== undefined &&
    reading.pluggedInSince !== undefined &&
    value.measuredAt < reading.pluggedInSince;
  return isEarlier ? undefined : value;
}

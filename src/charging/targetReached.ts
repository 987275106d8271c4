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

/** Unplugging for less than this does not end a plug-in. */
export const replugMs = minuteMs;

/** A car that reports no target is full from this level on, in percent. */
const fullLevel = 99.5;

/** Cars lose a point or two after a charge and top up: the target counts as reached until more than that is missing. */
const clearingPoints = 3;

/** A stop this close to the estimated end counts as done. */
const nearlyDoneMs = 15 * minuteMs;

/**
 * Whether the car needs no charge in this plug-in. Cars differ: many never report DONE and go from CHARGING to IDLE at
 * their target, others go from DONE to IDLE hours later with a point less (Dielee/volvo2mqtt#52). So the answer stays
 * "yes" until the car is unplugged, has lost three points, or its target is raised: {@link nextReading} keeps that.
 */
export function isTargetReached(reading: Reading): boolean {
  if (!isPluggedIn(reading.connection.value)) return false;
  return reading.charge?.reached !== undefined || isReachedNow(reading, reading.charge);
}

/**
 * The kind of stop of a car that charged in this plug-in but did not reach its target: `interrupted` below the target,
 * long before the estimated end or by a fault; `stopped` if there is neither target nor estimate. `undefined` for any
 * other car.
 */
export function stopOf(reading: Reading): "interrupted" | "stopped" | undefined {
  const { charge } = reading;
  if (!charge?.charged || isTargetReached(reading) || !isPluggedIn(reading.connection.value)) return undefined;
  const status = statusOf(reading);
  if (status === "fault") return "interrupted";
  if (status !== "idle") return undefined;
  return isTargetKnown(reading) || charge.expectedEndAt !== undefined ? "interrupted" : "stopped";
}

/** The reading to keep once `fresh` has come after `last`, with the record of its plug-in. */
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
  if (isPluggedIn(connection.value)) return followPluggedIn(before ?? {}, reading);
  if (!before || connection.value.kind !== "disconnected" || isDoubtfullyUnplugged(reading)) return before;
  const unpluggedAt = Math.min(before.unpluggedAt ?? connection.measuredAt ?? fetchedAt, fetchedAt);
  return fetchedAt - unpluggedAt < replugMs ? { ...before, unpluggedAt } : undefined;
}

function followPluggedIn({ unpluggedAt: _, ...before }: ChargeRecord, reading: Reading): ChargeRecord | undefined {
  const status = statusOf(reading);
  const kept = before.reached && isCleared(before.reached, reading) ? onlyDischarged(before) : before;
  const charge = kept.reached ? kept : followStatus(kept, status, reading);
  const reached = charge.reached ?? (isReachedNow(reading, charge) ? {} : undefined);
  const after: ChargeRecord = {
    ...(reached ? { ...(charge.charged && { charged: true }), reached: withLevels(reached, reading) } : charge),
    ...((charge.discharged ?? status === "discharging") && { discharged: true }),
  };
  return Object.keys(after).length > 0 ? after : undefined;
}

/** The record of a charge that has not reached its target. */
function followStatus(before: ChargeRecord, status: ChargingStatus | undefined, reading: Reading): ChargeRecord {
  if (status === undefined) return before;
  if (status === "discharging") return onlyDischarged(before);
  if (status !== "charging") {
    const stoppedAt = before.stoppedAt ?? reading.details.chargingStatus?.measuredAt ?? reading.fetchedAt;
    return before.charged ? { ...before, stoppedAt } : before;
  }
  const { stoppedAt: _, ...rest } = before;
  const expectedEndAt = estimatedEnd(reading) ?? before.expectedEndAt;
  return { ...rest, charged: true, ...(expectedEndAt !== undefined && { expectedEndAt }) };
}

function onlyDischarged({ discharged }: ChargeRecord): ChargeRecord {
  return discharged ? { discharged } : {};
}

/** ms since the epoch; cars report zero minutes where they have no estimate. */
function estimatedEnd(reading: Reading): number | undefined {
  const remaining = inThisPlugIn(reading, reading.details.minutesToTarget);
  if (!remaining || remaining.value <= 0) return undefined;
  return (remaining.measuredAt ?? reading.fetchedAt) + remaining.value * minuteMs;
}

function isReachedNow(reading: Reading, charge: ChargeRecord | undefined): boolean {
  const status = statusOf(reading);
  if (status === "charging") return false;
  if (status === "done") return true;
  const level = levelOf(reading);
  const target = reading.details.targetLevel?.value;
  if (level !== undefined && target !== undefined) return Math.round(level) >= target - 1;
  if (level !== undefined && level >= fullLevel) return true;
  return status === "idle" && hasNearlyRunOut(charge);
}

function hasNearlyRunOut({ charged, expectedEndAt, stoppedAt }: ChargeRecord = {}): boolean {
  if (!charged || expectedEndAt === undefined || stoppedAt === undefined) return false;
  return expectedEndAt - stoppedAt <= nearlyDoneMs;
}

function isCleared(reached: ReachedTarget, reading: Reading): boolean {
  const level = levelOf(reading);
  if (level === undefined || isReachedNow(reading, undefined)) return false;
  if (reached.level !== undefined && Math.round(level) <= reached.level - clearingPoints) return true;
  const target = reading.details.targetLevel?.value;
  const isRaised = target !== undefined && reached.target !== undefined && target > reached.target;
  return isRaised && target > Math.round(level) + 1;
}

/** The level at which the target was first known to be reached, and the lowest target since. */
function withLevels(reached: ReachedTarget, reading: Reading): ReachedTarget {
  const now = levelOf(reading);
  const level = reached.level ?? (now === undefined ? undefined : Math.round(now));
  const targets = [reached.target, reading.details.targetLevel?.value].filter((target) => target !== undefined);
  return { ...(level !== undefined && { level }), ...(targets.length > 0 && { target: Math.min(...targets) }) };
}

function isTargetKnown(reading: Reading): boolean {
  return levelOf(reading) !== undefined && reading.details.targetLevel !== undefined;
}

function levelOf(reading: Reading): number | undefined {
  return inThisPlugIn(reading, reading.details.batteryLevel)?.value;
}

function statusOf(reading: Reading): ChargingStatus | undefined {
  const status = inThisPlugIn(reading, reading.details.chargingStatus)?.value;
  return typeof status === "object" ? undefined : status;
}

/**
 * The value if it was measured in this plug-in, or at an unknown time. The target is exempt: its owner sets it, often
 * months earlier.
 */
function inThisPlugIn<T>(reading: Reading, value: Measured<T> | undefined): Measured<T> | undefined {
  const isEarlier =
    value?.measuredAt !== undefined &&
    reading.pluggedInSince !== undefined &&
    value.measuredAt < reading.pluggedInSince;
  return isEarlier ? undefined : value;
}

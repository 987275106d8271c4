import type { BlockedRenewal } from "../charging/renewalBackoff";
import { dayMs, hourMs, minuteMs, secondMs } from "../base/clock";
import { isUnknownForGood } from "../charging/problem";
import type { Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import { confirmableAt } from "../charging/changes";
import type { Car } from "../charging/car";
import type { Mode } from "../charging/mode";
import { affordableInterval, type CallCount, nextUtcMidnight } from "../charging/quota";

/** A car, as the schedule needs it. Times in ms since the epoch. */
export interface ScheduledCar {
  readonly vin: Vin;
  /** The last attempt, with or without an answer. */
  readonly attemptedAt: number | undefined;
  /** Failures in a row. */
  readonly failures: number;
  /** Volvo has answered that the car cannot be read. */
  readonly unreadable: boolean;
  /** Until this time (ms), the car counts as charging on DC. */
  readonly dcChargeUntil: number | undefined;
  /** Due at once, regardless of its interval. */
  readonly recheck: boolean;
  /** From this time on, another reading can confirm the change that the last one has shown. */
  readonly confirmAt?: number | undefined;
}

export interface ScheduleSettings {
  readonly refreshIntervalMs: number;
  readonly adaptive: boolean;
  readonly dailyCallBudget: number;
  /** Changes that the user wants to be notified of are confirmed by an extra call. */
  readonly notifications?: { readonly connected: boolean; readonly disconnected: boolean };
}

export interface ScheduleInput {
  readonly now: number;
  readonly settings: ScheduleSettings;
  readonly cars: readonly ScheduledCar[];
  readonly calls: CallCount;
  /** The end of the wait that Volvo asked for (ms). */
  readonly holdUntil: number | undefined;
  /** Set if the last renewal of the sign-in failed. */
  readonly renewal?: BlockedRenewal | undefined;
  /** No request makes sense until the user acts. */
  readonly stopped: boolean;
  /** The active mode, if any. */
  readonly mode?: Mode | undefined;
  /** When this window last had focus; `now` while it has. */
  readonly focusedAt: number;
  /** When focus came back, if that was after the last batch. */
  readonly focusRegainedAt: number | undefined;
  /** 0 to 1, drawn once per batch, so that the requests of many users do not coincide. */
  readonly jitter: number;
}

export type Plan =
  { readonly kind: "idle" } | { readonly kind: "check"; readonly at: number; readonly vins: readonly Vin[] };

/** The least time between two readings of a car, for any reason. */
export const minimumGapMs = 10 * secondMs;

const dcIntervalMs = 60 * secondMs;
const closeIntervalMs = 60 * secondMs;
/**
 * Energy v1 does not report charging, so a car on DC counts as charging for this time after the measurement. On v2, a report
 * of charging counts for longer, since cars report seldom. A car with an older report has probably lost contact.
 */
const dcMeasuredMs = 30 * minuteMs;
const dcReportedMs = 2 * hourMs;
const unwatchedAfterMs = 15 * minuteMs;
const unwatchedFactor = 3;
const longestBackOffMs = 30 * minuteMs;
/** The longest interval for a car that cannot be read. It is reached gradually, since one such answer may be wrong. */
const longestUnreadableMs = hourMs;
/** A batch includes cars that are due within this share of the first car's interval, which saves renewals and wake-ups. */
const joinShare = 0.25;
const jitterShare = 0.1;

/** When to ask next, and for which cars. The caller owns the timer, and plans again when an input changes. */
export function planNextCheck(input: ScheduleInput): Plan {
  const { cars, now } = input;
  if (cars.length === 0 || input.stopped) return { kind: "idle" };
  const { mode } = input;
  if (mode?.kind === "paused" && mode.until === undefined) return { kind: "idle" };
  const pausedUntil = mode?.kind === "paused" ? mode.until : undefined;
  const affordable = affordableOf(input);
  const newDay = nextUtcMidnight(now) + input.jitter * minuteMs;
  const notBefore = Math.max(input.holdUntil ?? 0, pausedUntil ?? 0, affordable === undefined ? newDay : 0);
  const due = cars.map((car) => {
    const own = intervalOf(car, input);
    const interval = Math.max(own, affordable ?? 0);
    // Checks that today's budget postpones are made with the calls of the new day.
    const at = Math.min(dueAt(car, interval, input), Math.max(dueAt(car, own, input), newDay));
    return { car, interval, at };
  });
  const first = due.reduce((a, b) => (b.at < a.at ? b : a));
  const wanted = Math.max(first.at, notBefore, now);
  const { renewal } = input;
  // Without a renewed token, no request could leave earlier, and the user sees this time.
  const at = renewal && wanted >= renewal.tokenUntil ? Math.max(wanted, renewal.until) : wanted;
  const joins = (entry: (typeof due)[number]) =>
    entry.at <= at + first.interval * joinShare && gapKept(entry.car, at, now);
  // The longest wait comes first, since the calls may not be enough for all cars.
  const vins = due
    .filter(joins)
    .sort((a, b) => (a.car.attemptedAt ?? 0) - (b.car.attemptedAt ?? 0))
    .map(({ car }) => car.vin);
  return { kind: "check", at, vins };
}

function dueAt(car: ScheduledCar, interval: number, input: ScheduleInput): number {
  if (car.attemptedAt === undefined) return input.now;
  // If the clock was set back, the check must not be late by the same time.
  const attemptedAt = Math.min(car.attemptedAt, input.now);
  // The jitter never extends an interval beyond an hour.
  const jittered = Math.min(interval * (1 + input.jitter * jitterShare), Math.max(interval, hourMs));
  const { renewal } = input;
  const isTrial = renewal?.isRefused === true && attemptedAt < renewal.until;
  const regular = Math.min(attemptedAt + jittered, isTrial ? renewal.until : Infinity);
  const earliest = attemptedAt + minimumGapMs;
  const overdueOnFocus =
    input.focusRegainedAt !== undefined &&
    !car.unreadable &&
    input.focusRegainedAt - attemptedAt >= input.settings.refreshIntervalMs;
  const confirmAt = car.confirmAt !== undefined && car.confirmAt > attemptedAt ? car.confirmAt : Infinity;
  return Math.max(car.recheck || overdueOnFocus ? input.now : Math.min(regular, confirmAt), earliest);
}

/** The time between two checks of this car (ms). */
export function intervalOf(
  car: ScheduledCar,
  input: Pick<ScheduleInput, "now" | "settings" | "focusedAt" | "mode">,
): number {
  const { refreshIntervalMs, adaptive } = input.settings;
  const isDcCharge = adaptive && input.now < (car.dcChargeUntil ?? -Infinity);
  const isUnwatched = adaptive && input.now - input.focusedAt >= unwatchedAfterMs;
  const watched = isDcCharge ? Math.min(refreshIntervalMs, dcIntervalMs) : refreshIntervalMs;
  const adapted = isUnwatched ? watched * unwatchedFactor : watched;
  const normal = input.mode?.kind === "closely" ? Math.min(refreshIntervalMs, closeIntervalMs) : adapted;
  const longest = car.unreadable ? longestUnreadableMs : longestBackOffMs;
  const backedOff = Math.min(normal * 2 ** (car.failures - 1), longest);
  return Math.max(normal, backedOff);
}

/**
 * The longest regular time (ms) between two checks of one of `cars` cars. It can be exceeded only while no request can
 * leave, or if most of the calls of a day were made early.
 */
export function longestIntervalMs(
  { refreshIntervalMs, dailyCallBudget }: Pick<ScheduleSettings, "refreshIntervalMs" | "dailyCallBudget">,
  cars: number,
): number {
  const affordableMs = (cars * dayMs) / dailyCallBudget;
  return (
    Math.max(refreshIntervalMs * unwatchedFactor, longestUnreadableMs, affordableMs) * (1 + jitterShare) + minuteMs
  );
}

/** The time (ms) between two checks of the car that is checked most often. `undefined` without cars or calls left. */
export function shortestInterval(input: ScheduleInput): number | undefined {
  const { cars } = input;
  const affordable = affordableOf(input);
  if (cars.length === 0 || affordable === undefined) return undefined;
  return Math.max(affordable, Math.min(...cars.map((car) => intervalOf(car, input))));
}

function affordableOf(input: ScheduleInput): number | undefined {
  const intervals = input.cars.map((car) => intervalOf(car, input));
  return affordableInterval(input.calls, input.settings.dailyCallBudget, intervals, input.now);
}

function gapKept(car: ScheduledCar, at: number, now: number): boolean {
  return car.attemptedAt === undefined || at - Math.min(car.attemptedAt, now) >= minimumGapMs;
}

/** `car`, as the schedule needs it. */
export function scheduled(car: Car, { notifications }: ScheduleSettings): ScheduledCar {
  const isAwaited = notifications?.connected === true || notifications?.disconnected === true;
  return {
    vin: car.vin,
    attemptedAt: car.attemptedAt,
    failures: car.failures,
    unreadable: isUnknownForGood(car.problem),
    dcChargeUntil: car.reading && dcChargeUntil(car.reading),
    recheck: car.recheck ?? false,
    confirmAt: isAwaited ? confirmableAt(car.baseline) : undefined,
  };
}

function dcChargeUntil({ connection, details, fetchedAt }: Reading): number | undefined {
  if (connection.value.kind !== "connectedDc") return undefined;
  const status = details.chargingStatus;
  if (!status || typeof status.value === "object") return (connection.measuredAt ?? fetchedAt) + dcMeasuredMs;
  return status.value === "charging" ? (status.measuredAt ?? fetchedAt) + dcReportedMs : undefined;
}

import * as v from "valibot";
import { fuels } from "../charging/carModel";
import { knownConnections } from "../charging/connection";
import type { Problem } from "../charging/problem";
import { chargerTypes, chargingStatuses, longestChargeMinutes, powerStatuses, type Reading } from "../charging/reading";
import { type Recorded, rowConnections, rowStatuses } from "../charging/recorded";
import type { Failure } from "../charging/failure";
import { switchedEventKinds } from "../charging/changes";
import { isPossibleCount } from "../charging/quota";
import { schemaVersion } from "./stateFileNames";

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Within the range of `Date`. A time outside of it would make every later formatting throw. */
const furthestMs = 8e15;
export const timeSchema = v.pipe(number, v.minValue(-furthestMs), v.maxValue(furthestMs));
const time = timeSchema;

const connection = v.variant("kind", [
  v.object({ kind: v.picklist(knownConnections.filter((kind) => kind !== "connected")) }),
  v.object({ kind: v.literal("connected"), charger: v.exactOptional(v.string()) }),
  v.object({
    kind: v.literal("unknown"),
    reason: v.variant("kind", [
      v.object({ kind: v.picklist(["notReported", "notSupported", "noValue"]) }),
      v.object({ kind: v.literal("unrecognized"), raw: v.string() }),
    ]),
  }),
]);

function measured<T extends v.GenericSchema>(value: T) {
  const optionalTime = v.optional(time);
  return v.pipe(
    v.object({ value, measuredAt: optionalTime }),
    // JSON omits members that are undefined, but the type of a measured value has them all.
    v.transform((entry) => ({ value: entry.value as v.InferOutput<T>, measuredAt: entry.measuredAt })),
  );
}

function word<const T extends readonly string[]>(words: T) {
  return v.union([v.picklist(words), v.object({ raw: v.string() })]);
}

const apiVersion = v.picklist(["v1", "v2"]);

const optionalNumber = v.exactOptional(number);
const chargeSchema = v.object({
  reached: v.exactOptional(v.object({ level: optionalNumber, target: optionalNumber })),
  charged: v.exactOptional(v.literal(true)),
  discharged: v.exactOptional(v.literal(true)),
  expectedEndAt: v.exactOptional(time),
  stoppedAt: v.exactOptional(time),
  unpluggedAt: v.exactOptional(time),
});

const readingSchema = v.object({
  connection: measured(connection),
  chargerType: v.exactOptional(measured(word(chargerTypes))),
  details: v.object({
    batteryLevel: v.exactOptional(measured(number)),
    range: v.exactOptional(measured(v.object({ amount: number, unit: v.picklist(["km", "mi"]) }))),
    chargingStatus: v.exactOptional(measured(word(chargingStatuses))),
    powerStatus: v.exactOptional(measured(word(powerStatuses))),
    power: v.exactOptional(measured(number)),
    targetLevel: v.exactOptional(measured(number)),
    currentLimit: v.exactOptional(measured(number)),
    minutesToTarget: v.exactOptional(measured(v.pipe(number, v.minValue(0), v.maxValue(longestChargeMinutes)))),
  }),
  servedBy: apiVersion,
  fetchedAt: time,
  pluggedInSince: v.exactOptional(time),
  charge: v.exactOptional(chargeSchema),
  newest: v.exactOptional(v.record(v.string(), time)),
}) satisfies v.GenericSchema<unknown, Reading>;

const withUntil = { until: time };
const requestProblems = [
  v.object({ kind: v.literal("forbidden"), what: v.picklist(["car", "scope", "unspecified"]) }),
  v.object({ kind: v.literal("notFound"), market: v.exactOptional(v.literal(true)) }),
  v.object({ kind: v.literal("offline"), certificate: v.boolean() }),
  v.object({
    kind: v.picklist(["notSupported", "requestRefused", "timeout", "intercepted", "proxyLogin", "malformed"]),
  }),
] as const;
const serviceClosed = v.object({
  kind: v.literal("serviceUnavailable"),
  cause: v.literal("closed"),
  status: number,
  ...withUntil,
});
export const holdSchema = v.variant("kind", [
  v.object({ kind: v.literal("quotaSpent"), ...withUntil }),
  v.object({ kind: v.literal("rateLimited"), ...withUntil }),
  serviceClosed,
]);

const problemSchema = v.variant("kind", [
  ...requestProblems,
  v.object({
    kind: v.picklist([
      "outdatedWindow",
      "apiKeyMissing",
      "credentialsMissing",
      "apiKeyRejected",
      "tokenEnded",
      "signInEnded",
      "signedInElsewhere",
      "clientBlocked",
      "clientRefused",
    ]),
  }),
  v.object({ kind: v.literal("secretsUnavailable"), cause: v.picklist(["noAnswer", "lost", "noFolder"]) }),
  v.object({ kind: v.picklist(["quotaSpent", "rateLimited"]), ...withUntil }),
  v.variant("cause", [
    v.object({ kind: v.literal("serviceUnavailable"), cause: v.picklist(["keyRefused", "gone"]) }),
    v.object({ kind: v.literal("serviceUnavailable"), cause: v.literal("error"), status: number }),
    serviceClosed,
  ]),
  v.object({ kind: v.literal("misconfigured"), setting: v.string(), text: v.string() }),
]) satisfies v.GenericSchema<unknown, Problem>;

const waitingFailure = v.pipe(
  v.object({ kind: v.picklist(["quotaSpent", "rateLimited"]), waitMs: v.optional(number) }),
  v.transform(({ kind, waitMs }) => ({ kind, waitMs })),
);

const failureSchema = v.union([
  ...requestProblems,
  v.object({ kind: v.picklist(["apiKeyRefused", "tokenRefused"]) }),
  v.object({ kind: v.literal("routeGone"), redirected: v.exactOptional(v.literal(true)) }),
  v.object({ kind: v.literal("noCredentials"), problem: problemSchema }),
  v.object({ kind: v.literal("unavailable"), status: number, waitMs: v.exactOptional(number) }),
  waitingFailure,
]) satisfies v.GenericSchema<unknown, Failure>;

const debounced = v.exactOptional(
  v.object({ isTrue: v.boolean(), doubtedSince: v.exactOptional(time), toldAt: v.pipe(v.array(time), v.readonly()) }),
);

const levelDirection = v.picklist(["up", "down"]);

const refusals = v.object({ count, since: time, at: time });

const recordedSchema = v.object({
  rowAt: time,
  seenAt: time,
  connection: v.picklist(rowConnections),
  status: v.exactOptional(v.picklist(rowStatuses)),
  level: optionalNumber,
  target: optionalNumber,
  power: v.exactOptional(number),
}) satisfies v.GenericSchema<unknown, Recorded>;

const carSchema = v.object({
  model: v.exactOptional(
    v.object({
      model: v.string(),
      year: v.exactOptional(number),
      fuel: v.exactOptional(v.picklist(fuels)),
      batteryKwh: v.exactOptional(number),
    }),
  ),
  modelAskedAt: v.exactOptional(time),
  reading: v.exactOptional(readingSchema),
  problem: v.exactOptional(problemSchema),
  attemptedAt: v.exactOptional(time),
  failures: count,
  recheck: v.exactOptional(v.boolean()),
  baseline: v.exactOptional(
    v.object({
      plug: debounced,
      fault: debounced,
      charging: debounced,
      interrupted: debounced,
      done: debounced,
      idle: debounced,
      level: v.exactOptional(v.object({ direction: levelDirection, furthest: number, last: number })),
    }),
  ),
  recorded: v.exactOptional(recordedSchema),
});

const carEvent = { id: v.string(), car: v.string(), at: time, since: time };
const eventSchema = v.variant("kind", [
  v.object({ kind: v.picklist(switchedEventKinds), ...carEvent }),
  v.object({ kind: v.literal("batteryLevel"), ...carEvent, level: number, direction: levelDirection }),
  v.object({ id: v.string(), kind: v.literal("reminder"), at: time }),
]);

/** An impossible count becomes 0. */
const callCount = {
  day: count,
  calls: v.pipe(
    count,
    v.transform((calls) => (isPossibleCount(calls) ? calls : 0)),
  ),
};

/** The state file: cars by their keys, without secrets or VINs. */
export const stateSchema = v.object({
  schema: v.literal(schemaVersion),
  /** When it was written (ms), according to the clock of the computer at that time. */
  at: time,
  /** Identifies the salt of the keys of cars. Empty if the file names no car. */
  keys: v.string(),
  cars: v.record(v.string(), carSchema),
  account: v.object({
    calls: v.object({ ...callCount, others: v.exactOptional(v.pipe(v.array(v.object(callCount)), v.readonly())) }),
    sentAt: v.pipe(v.array(time), v.maxLength(1000), v.readonly()),
    hold: v.exactOptional(holdSchema),
    keyRefusals: count,
    tokenRefusals: count,
    workingVersion: v.exactOptional(
      v.object({
        scope: v.string(),
        version: apiVersion,
        until: time,
        failure: v.exactOptional(failureSchema),
        worked: v.exactOptional(v.pipe(v.array(apiVersion), v.readonly())),
        refused: v.exactOptional(v.object({ v1: v.exactOptional(refusals), v2: v.exactOptional(refusals) })),
      }),
    ),
    /** A fingerprint. */
    credentials: v.exactOptional(v.string()),
    generation: v.exactOptional(count),
    accepted: v.exactOptional(v.literal(true)),
    signedOut: v.exactOptional(v.literal(true)),
    renewal: v.exactOptional(
      v.object({ failures: count, refusals: count, since: time, until: time, problem: problemSchema }),
    ),
  }),
  checking: v.array(v.string()),
  askedBy: v.exactOptional(v.string()),
  jitter: v.pipe(number, v.minValue(0), v.maxValue(1)),
  nextCheckAt: v.exactOptional(time),
  mode: v.exactOptional(
    v.variant("kind", [
      v.object({ kind: v.literal("paused"), since: time, until: v.exactOptional(time) }),
      v.object({ kind: v.literal("closely"), since: time, until: time }),
    ]),
  ),
  forgottenAt: v.exactOptional(time),
  events: v.array(eventSchema),
});

export type StateFile = v.InferOutput<typeof stateSchema>;
export type CarRecord = v.InferOutput<typeof carSchema>;

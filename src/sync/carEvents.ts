import { hourMs, minuteMs } from "../base/clock";
import { textHash } from "../charging/carKey";
import { isPluggedIn } from "../charging/connection";
import { isDoubtfullyUnplugged, type Reading } from "../charging/reading";
import { isTargetReached, replugMs } from "../charging/targetReached";
import type { Vin } from "../charging/vin";

export const carEventKinds = ["fault", "connected", "disconnected", "chargingDone", "pluggedButIdle"] as const;

/** What somebody may want to be told of. */
export type CarEventKind = (typeof carEventKinds)[number];

/** A change of a car that was seen between two readings. */
export interface CarEvent {
  /** The same in every window, whichever of them has seen it: {@link eventId}. */
  readonly id: string;
  readonly kind: CarEventKind;
  readonly vin: Vin;
  /** When it was seen, ms since the epoch. */
  readonly at: number;
  /** Since when it is so, as far as that is known: never after `at`. */
  readonly since: number;
}

/**
 * Names a change of a car by what it is, so that it is one event although two windows have seen it: the one that polled
 * may have slept over its answer while another took over. Goes into names of files, and so holds no VIN.
 */
export function eventId(vin: Vin, { kind, since }: Pick<CarEvent, "kind" | "since">): string {
  return textHash(`${vin} ${kind} ${since}`);
}

/** What is so or not so about a car: plugged in, faulty, done with charging, plugged in without charging. */
export const topics = ["plug", "fault", "done", "idle"] as const;
type Topic = (typeof topics)[number];

/** What was last believed about one topic. */
export interface Belief {
  readonly isSo: boolean;
  /** Since when the opposite has been seen that is not believed yet (ms). */
  readonly doubtedSince?: number;
  /** When the last two changes were told (ms). */
  readonly toldAt: readonly number[];
}

/** What was last known for certain, against which the next reading is a change. */
export type Baseline = Readonly<Partial<Record<Topic, Belief>>>;

/** A car that is plugged in and does not charge is told of after this time. */
export const idleMs = 15 * minuteMs;

/** The third change of the same within this time means that something flaps; it is believed only when it lasts. */
const flappingWithinMs = 15 * minuteMs;
const flappingMs = 10 * minuteMs;

/**
 * How long something must last to be believed. Where a change of the plug is younger when it is seen, a second reading
 * decides.
 */
const patience: Readonly<Record<Topic, { readonly yes: number; readonly no: number }>> = {
  plug: { yes: replugMs, no: replugMs },
  fault: { yes: 0, no: 0 },
  done: { yes: 0, no: 0 },
  idle: { yes: idleMs, no: 0 },
};

const kindOf: Readonly<Record<Topic, { readonly yes?: CarEventKind; readonly no?: CarEventKind }>> = {
  plug: { yes: "connected", no: "disconnected" },
  fault: { yes: "fault" },
  done: { yes: "chargingDone" },
  idle: { yes: "pluggedButIdle" },
};

/** What a reading tells about a topic. Without one nothing changes. */
interface Sight {
  readonly isSo: boolean;
  /** The earliest time from which it is known (ms). */
  readonly since: number;
}

export interface Observation {
  readonly baseline: Baseline;
  readonly events: readonly Pick<CarEvent, "kind" | "since">[];
}

/**
 * What is believed once `fresh` has come, which makes `reading` with what was known, and the events in it. The first
 * time that something is known is no event, nor is anything that comes back to what was believed before.
 */
export function observe(before: Baseline | undefined, reading: Reading, fresh: Reading): Observation {
  const seen = sights(reading, fresh);
  const baseline: Partial<Record<Topic, Belief>> = {};
  const events: Pick<CarEvent, "kind" | "since">[] = [];
  for (const topic of topics) {
    const belief = before?.[topic];
    const sight = seen[topic];
    if (sight === "over") continue;
    if (!sight) {
      if (belief) baseline[topic] = belief;
      continue;
    }
    const next = believe(topic, belief, sight, fresh.fetchedAt);
    baseline[topic] = next.belief;
    if (next.event) events.push(next.event);
  }
  return { baseline, events };
}

/** When the next reading can tell whether a change of the plug is to be believed; `undefined` where there is none. */
export function confirmableAt(baseline: Baseline | undefined): number | undefined {
  const since = baseline?.plug?.doubtedSince;
  return since === undefined ? undefined : since + replugMs;
}

function believe(
  topic: Topic,
  before: Belief | undefined,
  { isSo, since }: Sight,
  now: number,
): { readonly belief: Belief; readonly event?: Pick<CarEvent, "kind" | "since"> } {
  const toldAt = before?.toldAt ?? [];
  const answer = isSo ? "yes" : "no";
  // A time before the last look was told by a clock that has been set back since.
  const from = Math.min(since, before?.doubtedSince ?? since, now);
  const hasLasted = now - from >= Math.max(patience[topic][answer], isFlapping(toldAt, now) ? flappingMs : 0);
  if (!before) {
    const isYoung = topic === "idle" && isSo && !hasLasted;
    return { belief: isYoung ? { isSo: false, doubtedSince: from, toldAt } : { isSo, toldAt } };
  }
  if (before.isSo === isSo) return { belief: { isSo, toldAt } };
  const kind = kindOf[topic][answer];
  if (kind === undefined) return { belief: { isSo, toldAt } };
  if (!hasLasted) return { belief: { isSo: before.isSo, doubtedSince: from, toldAt } };
  return { belief: { isSo, toldAt: [...toldAt.slice(-1), now] }, event: { kind, since: from } };
}

function isFlapping(toldAt: readonly number[], now: number): boolean {
  const [first] = toldAt;
  return toldAt.length > 1 && first !== undefined && Math.abs(now - first) < flappingWithinMs;
}

function sights(reading: Reading, fresh: Reading): Readonly<Partial<Record<Topic, Sight | "over">>> {
  const { connection, fetchedAt } = reading;
  const since = connection.measuredAt ?? fetchedAt;
  if (connection.value.kind === "unknown") return {};
  if (connection.value.kind === "fault") return { fault: { isSo: true, since } };
  const isIn = isPluggedIn(connection.value);
  const fault = { isSo: false, since };
  if (isDoubtfullyUnplugged(reading)) return { fault };
  const plug = { isSo: isIn, since };
  if (!isIn) return { plug, fault, done: "over", idle: { isSo: false, since } };
  return { plug, fault, ...chargingSights(reading, fresh) };
}

/**
 * What the charging status tells of a car that is plugged in: nothing where the answer has none, as with Energy v1, or
 * one that was measured before this plug-in.
 */
function chargingSights(reading: Reading, fresh: Reading): Readonly<Partial<Record<Topic, Sight>>> {
  const status = fresh.details.chargingStatus && reading.details.chargingStatus;
  if (!status || typeof status.value === "object") return {};
  const measuredAt = status.measuredAt ?? fresh.fetchedAt;
  const pluggedInSince = reading.pluggedInSince ?? measuredAt;
  if (measuredAt < pluggedInSince) return {};
  const isIdle = (status.value === "idle" || status.value === "fault") && !isTargetReached(reading);
  return {
    done: { isSo: status.value === "done", since: measuredAt },
    idle: { isSo: isIdle, since: measuredAt },
  };
}

/** An event that no window could show within this time is shown no more. */
export const eventLifeMs = hourMs;

import { hourMs, minuteMs } from "../base/clock";
import { crossedLevel, followLevel, type LevelDirection, type LevelMark } from "./batteryLevels";
import { textHash } from "./carKey";
import { isPluggedIn } from "./connection";
import { isDoubtfullyUnplugged, type Reading } from "./reading";
import { isTargetReached, replugMs, stopOf } from "./targetReached";
import type { Vin } from "./vin";

/** The events whose notification is switched on by their kind alone. */
export const switchedEventKinds = [
  "fault",
  "connected",
  "disconnected",
  "chargingStarted",
  "chargingInterrupted",
  "chargingDone",
  "pluggedButIdle",
] as const;

export const carEventKinds = [...switchedEventKinds, "batteryLevel"] as const;

export type SwitchedEventKind = (typeof switchedEventKinds)[number];
export type CarEventKind = (typeof carEventKinds)[number];

/** A change between two readings of a car. */
export type CarChange = {
  /** The earliest known time of the change (ms), never after the reading that showed it. */
  readonly since: number;
} & (
  | { readonly kind: SwitchedEventKind }
  /** `level` is one of the battery levels in the settings, in percent. */
  | { readonly kind: "batteryLevel"; readonly level: number; readonly direction: LevelDirection }
);

/** A change of a car, with its identity and the time of the reading that showed it. */
export type CarEvent = CarChange & {
  /** The same in every window: {@link eventId}. */
  readonly id: string;
  readonly vin: Vin;
  /** When it was seen, ms since the epoch. */
  readonly at: number;
};

/**
 * An id made from the content of a change, so that the change is one event even if two windows have seen it: a window can
 * be suspended before it handles its answer, while another takes over. Used in file names, and so without the VIN.
 */
export function eventId(vin: Vin, change: CarChange): string {
  const { kind, since } = change;
  return textHash(`${vin} ${kind} ${since}${kind === "batteryLevel" ? ` ${change.level}` : ""}`);
}

/**
 * The facts of a car whose changes are events. `charging` means charging below the target. `plug` comes first: the new
 * values of the others depend on it.
 */
const topics = ["plug", "fault", "charging", "interrupted", "done", "idle"] as const;
type Topic = (typeof topics)[number];

/** A topic, debounced. */
export interface Debounced {
  readonly isTrue: boolean;
  /** When the opposite was first seen (ms), if it has not lasted long enough yet. */
  readonly doubtedSince?: number;
  /** When the last two events of this topic were seen (ms). */
  readonly toldAt: readonly number[];
}

/** The last confirmed state, with which the next reading is compared. */
export type Baseline = Readonly<Partial<Record<Topic, Debounced>>> & { readonly level?: LevelMark };

/** A car that is plugged in without charging is an event after this time. */
const idleMs = 15 * minuteMs;

/** A charge that resumes within this time is the same charge. A solar wallbox, for example, stops while a cloud passes. */
const newChargeMs = hourMs;

/** A charge counts as interrupted after its stop has been seen for this time. */
const interruptedMs = 5 * minuteMs;

/** A topic flaps if its last two events were seen within this time. */
export const flappingWithinMs = 15 * minuteMs;
/** How long a change of a topic that flaps must last to be an event. */
const flappingMs = 10 * minuteMs;

/**
 * How long a change must last to count (ms). A change of the plug that has not lasted as long when it is first seen is
 * confirmed by a second reading.
 */
const debounceMs: Readonly<Record<Topic, { readonly yes: number; readonly no: number }>> = {
  plug: { yes: replugMs, no: replugMs },
  fault: { yes: 0, no: 0 },
  charging: { yes: 0, no: newChargeMs },
  // One event for each plug-in: the fact stays true until the car is unplugged.
  interrupted: { yes: interruptedMs, no: Infinity },
  done: { yes: 0, no: 0 },
  idle: { yes: idleMs, no: 0 },
};

const kindOf: Readonly<Record<Topic, { readonly yes?: SwitchedEventKind; readonly no?: SwitchedEventKind }>> = {
  plug: { yes: "connected", no: "disconnected" },
  fault: { yes: "fault" },
  charging: { yes: "chargingStarted" },
  interrupted: { yes: "chargingInterrupted" },
  done: { yes: "chargingDone" },
  idle: { yes: "pluggedButIdle" },
};

/** The value of a topic in a reading. */
interface Fact {
  readonly isTrue: boolean;
  /** The earliest time at which it is known to be so (ms). */
  readonly since: number;
}

export interface Observation {
  readonly baseline: Baseline;
  readonly events: readonly CarChange[];
}

/** A topic of charging once the car is unplugged. Earlier events no longer count as flapping. */
const unplugged: Debounced = { isTrue: false, toldAt: [] };

/**
 * The debounced topics after the answer `fresh`, and the events in it. `reading` is `fresh` merged with the older values.
 * The first value of a topic is not an event, and neither is a return to the confirmed value. `levels` are lists of
 * battery levels in percent. Of each list, the last level that was crossed is an event.
 */
export function observe(
  before: Baseline | undefined,
  reading: Reading,
  fresh: Reading,
  levels: readonly (readonly number[])[] = [],
): Observation {
  const seen = facts(reading, fresh);
  const baseline: Partial<Record<Topic, Debounced>> = {};
  const events: CarChange[] = [];
  for (const topic of topics) {
    const known = before?.[topic];
    const fact = seen[topic];
    if (fact === "over" && baseline.plug?.isTrue === false) {
      baseline[topic] = unplugged;
      continue;
    }
    if (!fact || fact === "over") {
      if (known) baseline[topic] = known;
      continue;
    }
    const next = debounce(topic, known, fact, fresh.fetchedAt);
    baseline[topic] = next.debounced;
    if (next.event) events.push(next.event);
  }
  const level = seen.plug ? levelAfter(before?.level, baseline.plug, reading) : before?.level;
  if (level && before?.level) events.push(...levelChanges(levels, before.level, level, reading));
  return { baseline: { ...baseline, ...(level && { level }) }, events };
}

function levelAfter(
  before: LevelMark | undefined,
  plug: Debounced | undefined,
  reading: Reading,
): LevelMark | undefined {
  const { batteryLevel } = reading.details;
  return plug && batteryLevel ? followLevel(before, plug.isTrue ? "up" : "down", batteryLevel.value) : before;
}

function levelChanges(
  levels: readonly (readonly number[])[],
  before: LevelMark,
  after: LevelMark,
  { details, fetchedAt }: Reading,
): readonly CarChange[] {
  const crossed = new Set(levels.flatMap((list) => crossedLevel(list, before, after) ?? []));
  const since = Math.min(details.batteryLevel?.measuredAt ?? fetchedAt, fetchedAt);
  return [...crossed].map((level) => ({ kind: "batteryLevel", level, direction: after.direction, since }));
}

/** When a reading can confirm a change of the plug that has not lasted long enough yet; `undefined` if there is none. */
export function confirmableAt(baseline: Baseline | undefined): number | undefined {
  const since = baseline?.plug?.doubtedSince;
  return since === undefined ? undefined : since + replugMs;
}

function debounce(
  topic: Topic,
  before: Debounced | undefined,
  { isTrue, since }: Fact,
  now: number,
): { readonly debounced: Debounced; readonly event?: CarChange } {
  const toldAt = before?.toldAt ?? [];
  const answer = isTrue ? "yes" : "no";
  const kind = kindOf[topic][answer];
  // A time after `now` means that the clock was set back.
  const from = Math.min(since, before?.doubtedSince ?? since, now);
  const isDamped = kind !== undefined && isFlapping(toldAt, now);
  const hasLasted = now - from >= Math.max(debounceMs[topic][answer], isDamped ? flappingMs : 0);
  if (!before) {
    const isYoung = topic === "idle" && isTrue && !hasLasted;
    return { debounced: isYoung ? { isTrue: false, doubtedSince: from, toldAt } : { isTrue, toldAt } };
  }
  if (before.isTrue === isTrue) return { debounced: { isTrue, toldAt } };
  if (!hasLasted) return { debounced: { isTrue: before.isTrue, doubtedSince: from, toldAt } };
  if (kind === undefined) return { debounced: { isTrue, toldAt } };
  return { debounced: { isTrue, toldAt: [...toldAt.slice(-1), now] }, event: { kind, since: from } };
}

function isFlapping(toldAt: readonly number[], now: number): boolean {
  const [first] = toldAt;
  return toldAt.length > 1 && first !== undefined && Math.abs(now - first) < flappingWithinMs;
}

/** A topic without a value keeps the one before. `over`: it ends once the unplugging is confirmed. */
function facts(reading: Reading, fresh: Reading): Readonly<Partial<Record<Topic, Fact | "over">>> {
  const { connection, fetchedAt } = reading;
  const since = connection.measuredAt ?? fetchedAt;
  if (connection.value.kind === "unknown") return {};
  if (connection.value.kind === "fault") return { fault: { isTrue: true, since } };
  const isIn = isPluggedIn(connection.value);
  const fault = { isTrue: false, since };
  if (isDoubtfullyUnplugged(reading)) return { fault };
  const plug = { isTrue: isIn, since };
  if (!isIn) {
    return { plug, fault, charging: "over", interrupted: "over", done: "over", idle: { isTrue: false, since } };
  }
  return { plug, fault, ...chargingFacts(reading, fresh) };
}

/**
 * The facts about charging of a car that is plugged in. None if the answer has no charging status, as with Energy v1, an
 * unknown one, or one that was measured before this plug-in.
 */
function chargingFacts(reading: Reading, fresh: Reading): Readonly<Partial<Record<Topic, Fact>>> {
  const status = fresh.details.chargingStatus && reading.details.chargingStatus;
  if (!status || typeof status.value === "object") return {};
  const measuredAt = status.measuredAt ?? fresh.fetchedAt;
  const pluggedInSince = reading.pluggedInSince ?? measuredAt;
  if (measuredAt < pluggedInSince) return {};
  const { charge } = reading;
  const isCharging = status.value === "charging";
  const isReached = isTargetReached(reading);
  const mayBeIdle = (status.value === "idle" || status.value === "fault") && !charge?.charged && !charge?.discharged;
  const fact = (isTrue: boolean): Fact => ({ isTrue, since: measuredAt });
  return {
    charging: fact(isCharging && !isReached),
    // Counted from the first reading that shows the stop.
    interrupted: { isTrue: stopOf(reading) === "interrupted", since: fresh.fetchedAt },
    // Topping up belongs to the charge that has reached its target.
    ...(!(isCharging && isReached) && { done: fact(isReached && charge?.charged === true) }),
    idle: fact(mayBeIdle && !isReached),
  };
}

/** An event that no window could show within this time expires. */
export const eventLifeMs = hourMs;

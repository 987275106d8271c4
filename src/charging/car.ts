import type { CarModel } from "./carModel";
import { type Problem, sameProblem } from "./problem";
import type { Reading } from "./reading";
import type { Recorded } from "./recorded";
import { nextReading } from "./targetReached";
import type { Vin } from "./vin";
import { type Baseline, type CarEvent, eventId, observe } from "./changes";

/** A car in the settings. */
export interface ConfiguredCar {
  readonly vin: Vin;
  readonly name?: string;
  /** Usable capacity of its battery, kWh. */
  readonly batteryKwh?: number;
}

/** A car that is or was configured, and its state. Times in ms since the epoch. */
export interface Car extends Omit<ConfiguredCar, "batteryKwh"> {
  readonly model?: CarModel;
  readonly modelAskedAt?: number;
  readonly reading?: Reading;
  readonly problem?: Problem;
  /** When it was last asked for, with or without an answer. If a window died meanwhile, the latest possible time. */
  readonly attemptedAt?: number;
  /** Failures in a row that can pass by themselves. */
  readonly failures: number;
  /** The car is due at once, for example because the credentials have changed or an answer was lost. */
  readonly recheck?: boolean;
  /** The state with which the next reading is compared to find events. */
  readonly baseline?: Baseline;
  /** The last values in the history; absent if there are none. */
  readonly recorded?: Recorded;
}

/**
 * The car with a fresh reading, which ends its problem, and the events in that reading. A change after a gap of more than
 * `longestGapMs` between two readings is not an event, because its time is unknown. `levels` are lists of battery levels in
 * percent. Of each list, the last level that was crossed is an event.
 */
export function withReading(
  before: Car,
  fresh: Reading,
  longestGapMs: number,
  levels: readonly (readonly number[])[] = [],
): { readonly car: Car; readonly events: readonly CarEvent[] } {
  const { problem: _, recheck: __, ...rest } = before;
  const { vin } = before;
  const at = fresh.fetchedAt;
  const reading = nextReading(before.reading, fresh);
  const isWatched = at - (before.reading?.fetchedAt ?? -Infinity) <= longestGapMs;
  const { baseline, events } = observe(isWatched ? before.baseline : undefined, reading, fresh, levels);
  return {
    car: { ...rest, reading, attemptedAt: at, failures: 0, baseline },
    events: events.map((event) => ({ ...event, id: eventId(vin, event), vin, at })),
  };
}

/** The car with the problem that prevented a reading. An equal problem stays the same object. */
export function withProblem({ recheck: _, ...car }: Car, problem: Problem): Car {
  return { ...car, problem: sameProblem(car.problem, problem) && car.problem ? car.problem : problem };
}

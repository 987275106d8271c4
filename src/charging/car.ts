import type { CarModel } from "./carModel";
import { type Problem, sameProblem } from "./problem";
import type { Reading } from "./reading";
import type { Recorded } from "./recorded";
import { nextReading } from "./targetReached";
import type { Vin } from "./vin";
import { type Baseline, type CarEvent, eventId, observe } from "./changes";

/** A car as the settings name it. */
export interface ConfiguredCar {
  readonly vin: Vin;
  readonly name?: string;
  /** Usable capacity of its battery, kWh. */
  readonly batteryKwh?: number;
}

/** A configured car with all that is known about it. Times in ms since the epoch. */
export interface Car extends Omit<ConfiguredCar, "batteryKwh"> {
  readonly model?: CarModel;
  readonly modelAskedAt?: number;
  readonly reading?: Reading;
  readonly problem?: Problem;
  /** The latest time at which it was last asked for, with or without an answer. */
  readonly attemptedAt?: number;
  readonly failures: number;
  /** Due at once, because the credentials have changed or the answer was lost. */
  readonly recheck?: boolean;
  /** What the next reading is compared with. */
  readonly baseline?: Baseline;
  /** What the history says about it; absent where it says nothing. */
  readonly recorded?: Recorded;
}

/**
 * The car with a fresh reading, which ends its problem, and the events that it shows. A change after a gap
 * of more than `watchedMs` between two readings is no event, because its time is not known. `levels` are the battery levels, in
 * percent, that are events: of each list the last one that was crossed.
 */
export function withReading(
  before: Car,
  fresh: Reading,
  watchedMs: number,
  levels: readonly (readonly number[])[] = [],
): { readonly car: Car; readonly events: readonly CarEvent[] } {
  const { problem: _, recheck: __, ...rest } = before;
  const { vin } = before;
  const at = fresh.fetchedAt;
  const reading = nextReading(before.reading, fresh);
  const isWatched = at - (before.reading?.fetchedAt ?? -Infinity) <= watchedMs;
  const { baseline, events } = observe(isWatched ? before.baseline : undefined, reading, fresh, levels);
  return {
    car: { ...rest, reading, attemptedAt: at, failures: 0, baseline },
    events: events.map((event) => ({ ...event, id: eventId(vin, event), vin, at })),
  };
}

/** The car with what kept a reading from coming; a problem that stands already stays the same object. */
export function withProblem({ recheck: _, ...car }: Car, problem: Problem): Car {
  return { ...car, problem: sameProblem(car.problem, problem) && car.problem ? car.problem : problem };
}

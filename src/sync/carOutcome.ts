import { type Problem, sameProblem } from "../charging/problem";
import { mergeReading, type Reading } from "../charging/reading";
import { type CarEvent, eventId, observe } from "./carEvents";
import type { Car } from "./garage";

/** The car with a fresh reading, which ends its problem, and what that shows to have happened. */
export function withReading(before: Car, fresh: Reading): { readonly car: Car; readonly events: readonly CarEvent[] } {
  const { problem: _, recheck: __, ...rest } = before;
  const { vin } = before;
  const at = fresh.fetchedAt;
  const reading = mergeReading(before.reading, fresh);
  const { baseline, events } = observe(before.baseline, reading, fresh);
  return {
    car: { ...rest, reading, attemptedAt: at, failures: 0, baseline },
    events: events.map((event) => ({ ...event, id: eventId(vin, event), vin, at })),
  };
}

/** The car with what kept a reading from coming; a problem that stands already stays the same object. */
export function withProblem({ recheck: _, ...car }: Car, problem: Problem): Car {
  return { ...car, problem: sameProblem(car.problem, problem) && car.problem ? car.problem : problem };
}

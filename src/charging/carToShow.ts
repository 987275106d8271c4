import type { ConnectionKind } from "./connection";
import { isUnknownForGood, type Problem } from "./problem";
import type { Reading } from "./reading";
import type { Vin } from "./vin";

/** The input of the ranking. */
export interface Candidate {
  readonly vin: Vin;
  readonly reading?: Reading | undefined;
  readonly problem?: Problem | undefined;
}

const urgency: Readonly<Record<ConnectionKind, number>> = {
  fault: 0,
  connectedDc: 1,
  connectedAc: 2,
  connected: 3,
  unknown: 4,
  disconnected: 5,
};

const unknownForGood = 6;

/**
 * The most important car: the pinned one if it is configured, else by connection: fault, DC, AC, plugged in, unknown,
 * unplugged, and last a car that is unknown for good. Of equals the first. `undefined` without cars.
 */
export function carToShow<T extends Candidate>(cars: readonly T[], pinned: Vin | undefined): T | undefined {
  const chosen = cars.find((car) => car.vin === pinned);
  if (chosen) return chosen;
  return cars.reduce<T | undefined>((best, car) => (best && rank(best) <= rank(car) ? best : car), undefined);
}

function rank(car: Candidate): number {
  const connection = car.reading?.connection.value;
  if (connection && connection.kind !== "unknown") return urgency[connection.kind];
  const isForGood = isUnknownForGood(car.problem) || connection?.reason.kind === "notSupported";
  return isForGood ? unknownForGood : urgency.unknown;
}

import { randomBytes } from "node:crypto";
import type { StateFolder } from "../base/folder";
import { carIdOf, CarIds } from "../history/carIds";
import type { CarIdOf } from "../status/status";

/**
 * The ids of cars, which are those of their history. Never rejects: where there are none yet, because no window has
 * asked Volvo so far, or where they cannot be read, they are good for this window only.
 */
export function createCarIds(folder: StateFolder): () => Promise<CarIdOf> {
  const ids = new CarIds(folder);
  const ownSalt = randomBytes(32).toString("hex");
  return async () => {
    await ids.load().catch(() => false);
    return (vin) => ids.idOf(vin) ?? carIdOf(ownSalt, vin);
  };
}

/** The ids of the simulated cars of the demo, whose VINs are no secret. */
export const demoCarIds: CarIdOf = (vin) => carIdOf("demo", vin);

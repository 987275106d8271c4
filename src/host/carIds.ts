import type { Clock } from "../base/clock";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { type CarIdOf, carIdsWith, loadCarIds, newCarIdSalt } from "../history/carId";

/** The ids of cars. Never rejects: where the folder cannot be used, they are good for this window only. */
export function createCarIds(folder: StateFolder, clock: Clock, log: Logger): () => Promise<CarIdOf> {
  let loaded: Promise<CarIdOf> | undefined;
  return () =>
    (loaded ??= loadCarIds(folder, clock).catch((error: unknown) => {
      log.warn(`The ids of the cars are good for this window only: ${errorText(error)}`);
      return carIdsWith(newCarIdSalt());
    }));
}

/** The ids of the simulated cars of the demo, whose VINs everybody may know. */
export const demoCarIds = carIdsWith("demo");

import { type Clock, sleep, turnMs } from "./base/clock";
import type { StateFolder } from "./base/folder";
import { keysOf, saltFile } from "./sync/carKeys";
import type { Garage } from "./sync/garage";
import { readSnapshot, resolveSnapshot, snapshotFile } from "./sync/snapshot";

/** The painter waits for two before it paints what takes long; that comes first. */
const turnsToPaint = 3;

export interface LastKnownPorts {
  readonly folder: Pick<StateFolder, "readNow">;
  readonly garage: Garage;
  readonly clock: Clock;
}

/**
 * Tells the garage what earlier windows, or others that are open, have found out about its cars. Resolves once that can be
 * on the screen, with whether there was anything that could be read. A bundle of its own, small and loaded before what asks
 * Volvo. The files are read without waiting: each step of another way would come after whatever else starts in the window.
 */
export async function showLastKnown({ folder, garage, clock }: LastKnownPorts): Promise<boolean> {
  const text = folder.readNow(snapshotFile);
  const file = text === undefined ? undefined : readSnapshot(text);
  const keyOf = keysOf(folder.readNow(saltFile));
  if (!file || !keyOf) return false;
  const vins = garage.current.cars.map(({ vin }) => vin);
  garage.adopt(resolveSnapshot(file, vins, keyOf).state);
  for (let turn = 0; turn < turnsToPaint; turn++) await sleep(clock, turnMs);
  return true;
}

import { setTimeout as delay } from "node:timers/promises";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const mostCollections = 30;
const turnMs = 20;
/** Falls by less are the collector's own. */
const settledBytes = 2_000;

/** What V8 compiles is its own, and grows for as long as it finds something to make faster. */
const codeSpaces = /code|trusted|read_only/;

/**
 * Bytes that data takes once all that can be collected is: collects until nothing more goes. Signals that were combined are let
 * go of by finalizers, which run between turns, one link of a chain after the other.
 */
export async function heapInUse(): Promise<number> {
  let lowest = Infinity;
  let idleTurns = 0;
  for (let collections = 0; collections < mostCollections && idleTurns < 3; collections++) {
    await delay(turnMs);
    collect();
    const inUse = getHeapSpaceStatistics()
      .filter(({ space_name: name }) => !codeSpaces.test(name))
      .reduce((sum, { space_used_size: size }) => sum + size, 0);
    idleTurns = inUse < lowest - settledBytes ? 0 : idleTurns + 1;
    lowest = Math.min(lowest, inUse);
  }
  return lowest;
}

import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const mostCollections = 30;
const turnMs = 20;
/** Falls by less are the collector's own. */
const settledBytes = 2_000;

/**
 * Bytes in use once all that can be collected is: collects until nothing more goes. Signals that were combined are let
 * go of by finalizers, which run between turns, one link of a chain after the other.
 */
export async function heapInUse(): Promise<number> {
  let lowest = Infinity;
  let idleTurns = 0;
  for (let collections = 0; collections < mostCollections && idleTurns < 3; collections++) {
    await delay(turnMs);
    collect();
    const { heapUsed } = process.memoryUsage();
    idleTurns = heapUsed < lowest - settledBytes ? 0 : idleTurns + 1;
    lowest = Math.min(lowest, heapUsed);
  }
  return lowest;
}

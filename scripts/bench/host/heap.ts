import { setTimeout as delay } from "node:timers/promises";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const mostCollections = 30;
const turnMs = 20;
/** The collector itself causes smaller drops. */
const settledBytes = 2_000;

/** The spaces of V8's compiled code, which is not data of the product and grows while V8 optimizes. */
const codeSpaces = /code|trusted|read_only/;

/**
 * Bytes of live data. Collects garbage until the heap stops shrinking, because finalizers release a chain of combined
 * signals one link per event-loop turn.
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

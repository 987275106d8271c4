import { liveThroughStorm } from "./storm";

/** Heap in use after a collection, in bytes; needs `node --expose-gc`. */
function heapInUse(): number {
  for (let time = 0; time < 3; time++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** `stormHeap.js <seed> <hours>`: prints the heap in use when half of the storm has passed and when all of it has. */
async function main(): Promise<void> {
  const [seed = 1, hours = 24] = process.argv.slice(2).map(Number);
  const heap: number[] = [];
  const { complaints } = await liveThroughStorm(seed, { hours, onHalf: () => heap.push(heapInUse()) });
  console.log(JSON.stringify({ heap, complaints }));
}

void main();

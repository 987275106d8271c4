import { simulateStorm } from "./storm";

/** Heap in use after a collection, in bytes; needs `node --expose-gc`. */
function heapInUse(): number {
  for (let time = 0; time < 3; time++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** `heap.js <seed> <hours>`: prints the heap in use after the first and after the second half of the storm. */
async function main(): Promise<void> {
  const [seed = 1, hours = 24] = process.argv.slice(2).map(Number);
  const heap: number[] = [];
  const { complaints } = await simulateStorm(seed, { hours, onHalf: () => heap.push(heapInUse()) });
  console.log(JSON.stringify({ heap, complaints }));
}

void main();

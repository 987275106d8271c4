import fc from "fast-check";
import { addToCount } from "./counts";

/** `npm run fuzz` sets it; in `npm test` each property is tried a few times only. */
const wanted = Number(process.env["FUZZ_RUNS"] ?? 60);

/** Tries `check` on many inputs; a fixed seed by `FUZZ_SEED`. What is found becomes a fixed test. */
export function fuzz<T>(input: fc.Arbitrary<T>, check: (input: T) => void): void {
  const seed = process.env["FUZZ_SEED"];
  fc.assert(fc.property(input, check), { numRuns: wanted, ...(seed && { seed: Number(seed) }) });
  addToCount("Bad inputs tried", wanted);
}

/** {@link fuzz} for what takes time. */
export async function fuzzAsync<T>(input: fc.Arbitrary<T>, check: (input: T) => Promise<void>): Promise<void> {
  const seed = process.env["FUZZ_SEED"];
  await fc.assert(fc.asyncProperty(input, check), { numRuns: wanted, ...(seed && { seed: Number(seed) }) });
  addToCount("Bad inputs tried", wanted);
}

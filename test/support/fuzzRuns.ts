import fc from "fast-check";
import { addToCount } from "./counts";

/** Set by `npm run fuzz`. In `npm test` each property runs only a few times. */
const wanted = Number(process.env["FUZZ_RUNS"] ?? 60);

/** Checks many inputs; `FUZZ_SEED` fixes the seed. Each failure found becomes a fixed test. */
export function fuzz<T>(input: fc.Arbitrary<T>, check: (input: T) => void): void {
  const seed = process.env["FUZZ_SEED"];
  fc.assert(fc.property(input, check), { numRuns: wanted, ...(seed && { seed: Number(seed) }) });
  addToCount("Bad inputs tried", wanted);
}

/** {@link fuzz} for asynchronous checks. */
export async function fuzzAsync<T>(input: fc.Arbitrary<T>, check: (input: T) => Promise<void>): Promise<void> {
  const seed = process.env["FUZZ_SEED"];
  await fc.assert(fc.asyncProperty(input, check), { numRuns: wanted, ...(seed && { seed: Number(seed) }) });
  addToCount("Bad inputs tried", wanted);
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { liveThrough, randomSequences } from "../support/sequences/randomSequence";

const runs = Number(process.env["SEQUENCES"] ?? 200);

describe("two days of good and odd answers in any order", () => {
  it("never silence the product, change what is true, blame too early or delete a sign-in", async () => {
    const property = fc.asyncProperty(randomSequences, async (sequence) => {
      assert.deepEqual(await liveThrough(sequence), []);
    });
    await fc.assert(property, { numRuns: runs });
    console.log(`  ${runs} sequences of two days lived through`);
  });
});

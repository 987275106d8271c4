import assert from "node:assert/strict";
import fc from "fast-check";
import { complaintsOf, randomSequences } from "../support/sequences/randomSequence";

const runs = Number(process.env["SEQUENCES"] ?? 200);

describe("the product, over two days of good and odd answers in any order", () => {
  it("keeps checking, shows the true state, blames nothing too early and deletes no sign-in", async () => {
    const property = fc.asyncProperty(randomSequences, async (sequence) => {
      assert.deepEqual(await complaintsOf(sequence), []);
    });
    await fc.assert(property, { numRuns: runs });
    console.log(`  ${runs} simulated sequences of two days`);
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { addToCount } from "../support/counts";
import { liveThroughStorm } from "../support/storm";

/** More of them run with the slow tests. */
const seeds = [1, 3, 5];
const mostGrowthBytes = 5 * 1024 * 1024;

describe("a day of one fault after the other", () => {
  const counts = { badAnswers: 0, requests: 0 };

  for (const seed of seeds) {
    it(`throws nothing, loses no reading and is over in one interval (seed ${seed})`, async () => {
      const { complaints, badAnswers, requests } = await liveThroughStorm(seed, { hours: 24 });
      assert.deepEqual(complaints, []);
      assert.ok(badAnswers > 100, `${badAnswers} bad answers are no storm`);
      counts.badAnswers += badAnswers;
      counts.requests += requests;
    });
  }

  it("holds no more memory in its second half than in its first", async () => {
    const script = path.join(__dirname, "..", "support", "stormHeap.js");
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, "7", "24"]);
    const { heap, complaints } = JSON.parse(stdout) as { heap: [number, number]; complaints: string[] };
    assert.deepEqual(complaints, []);
    const grownBy = heap[1] - heap[0];
    assert.ok(grownBy <= mostGrowthBytes, `the heap in use has grown by ${grownBy} bytes`);
  });

  after(() => {
    addToCount("Bad answers taken", counts.badAnswers);
    console.log(
      `  ${seeds.length} days of storm survived: ${counts.badAnswers} bad answers in ${counts.requests} requests`,
    );
  });
});

import assert from "node:assert/strict";
import { liveThroughStorm, type StormReport } from "../support/storm/storm";
import { faultNames } from "../../src/simulator/faults/faults";

/** Days on which something was found, and has been mended since. */
const found = [5048, 5072];
const seeds = [...found, ...Array.from({ length: 40 }, (_, index) => 101 + index)];

describe("days of one fault after the other", () => {
  const reports: StormReport[] = [];

  for (const seed of seeds) {
    it(`throw nothing, lose no reading and are over in one interval (seed ${seed})`, async () => {
      const report = await liveThroughStorm(seed, { hours: 24 });
      assert.deepEqual(report.complaints, []);
      reports.push(report);
    });
  }

  after(() => {
    const bad = reports.reduce((sum, { badAnswers }) => sum + badAnswers, 0);
    const most = Math.max(...reports.map(({ struck }) => struck.size));
    console.log(`  ${reports.length} days, ${bad} bad answers, up to ${most} of ${faultNames.length} faults in a day`);
  });
});

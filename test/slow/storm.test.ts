import assert from "node:assert/strict";
import { simulateStorm, type StormReport } from "../support/storm/storm";
import { faultNames } from "../../src/simulator/faults/faults";

/** Days that once revealed a bug, since fixed. */
const formerFailures = [5048, 5072];
const seeds = [...formerFailures, ...Array.from({ length: 40 }, (_, index) => 101 + index)];

describe("days of successive faults", () => {
  const reports: StormReport[] = [];

  for (const seed of seeds) {
    it(`cause no exception and lose no reading, and the cars are read within one interval after them (seed ${seed})`, async () => {
      const report = await simulateStorm(seed, { hours: 24 });
      assert.deepEqual(report.complaints, []);
      reports.push(report);
    });
  }

  after(() => {
    const bad = reports.reduce((sum, { badAnswers }) => sum + badAnswers, 0);
    const most = Math.max(...reports.map(({ effectiveFaults }) => effectiveFaults.size));
    console.log(`  ${reports.length} days, ${bad} bad answers, up to ${most} of ${faultNames.length} faults in a day`);
  });
});

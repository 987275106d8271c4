import assert from "node:assert/strict";
import { addToCount } from "../support/counts";
import { PureRules } from "../support/sequences/pureRules";

const sequences = Number(process.env["SEQUENCES"] ?? 10_000);

describe("The rules, over two days of good and odd answers in any order", () => {
  it("plan a true check within the hour, keep the reading, and take nothing for a verdict too early", async () => {
    for (let seed = 1; seed <= sequences; seed++) {
      assert.deepEqual(await new PureRules(seed).live(), [], `seed ${seed}`);
    }
    addToCount("Simulated sequences of odd answers", sequences);
  });
});

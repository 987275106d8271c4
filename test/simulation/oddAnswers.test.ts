import assert from "node:assert/strict";
import { addToCount } from "../support/counts";
import { PureRules } from "../support/sequences/pureRules";

const sequences = Number(process.env["SEQUENCES"] ?? 10_000);

describe("The rules, over two days of good and odd answers in any order", () => {
  it("plan the next check within the hour and keep to it, keep the reading, and blame nothing too early", async () => {
    for (let seed = 1; seed <= sequences; seed++) {
      assert.deepEqual(await new PureRules(seed).complaintsAfterTwoDays(), [], `seed ${seed}`);
    }
    addToCount("Simulated sequences of odd answers", sequences);
  });
});

import assert from "node:assert/strict";
import { callsInWorkingDays } from "../support/workingDays";

describe("A working day", () => {
  it("costs as many calls with five windows as with one, and no more than a timer in a single window", async () => {
    const [one, five, timer] = await Promise.all([
      callsInWorkingDays({ cars: 2, windows: 1, days: 1 }),
      callsInWorkingDays({ cars: 2, windows: 5, days: 1 }),
      callsInWorkingDays({ cars: 2, windows: 1, days: 1, isAlone: true }),
    ]);
    assert.ok(one >= 200 && one <= 240, `${one} calls`);
    assert.ok(Math.abs(five - one) <= 4, `${five} instead of ${one}`);
    assert.ok(one <= timer, `${one} instead of ${timer}`);
  });
});

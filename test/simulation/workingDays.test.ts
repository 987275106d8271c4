import assert from "node:assert/strict";
import { callsInWorkingDays } from "../support/workingDays";

/** Monday to Friday, in 30 days from a Monday on. */
const workingDaysInMonth = 22;

for (const cars of [1, 2]) {
  describe(`The calls for ${cars === 1 ? "a car" : `${cars} cars`}`, () => {
    const calls = async (windows: number, days: number) => {
      const [ours, timers] = await Promise.all([
        callsInWorkingDays({ cars, windows, days }),
        callsInWorkingDays({ cars, windows, days, isAlone: true }),
      ]);
      return { ours, timers };
    };

    const [fewest, most] = cars === 1 ? ([110, 130] as const) : ([200, 240] as const);

    it(`of a working day are between ${fewest} and ${most}`, async () => {
      const { ours } = await calls(1, 1);
      assert.ok(ours >= fewest && ours <= most, `${ours} calls`);
    });

    it("of a working day are about those of a timer in a single window, though DC is asked for each minute", async () => {
      const { ours, timers } = await calls(1, 1);
      assert.ok(ours <= timers * 1.05, `${ours} instead of ${timers}`);
    });

    it("of a month are as many with five windows as with one, a fifth of those of a timer in each", async () => {
      const [{ ours: one }, { ours: five, timers }] = await Promise.all([calls(1, 30), calls(5, 30)]);
      assert.ok(Math.abs(five - one) <= one / 50, `${five} instead of ${one}`);
      assert.ok(five <= (timers / 5) * 1.05, `${five} instead of ${timers}`);
    });

    it("of a month are those of its working days", async () => {
      const [{ ours: day }, { ours: month }] = await Promise.all([calls(1, 1), calls(1, 30)]);
      assert.ok(Math.abs(month - workingDaysInMonth * day) <= month / 50, `${month} instead of 22 × ${day}`);
    });
  });
}

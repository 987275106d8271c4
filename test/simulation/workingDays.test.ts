import assert from "node:assert/strict";
import { callsInWorkingDays } from "../support/workingDays";

/** The working days, Monday to Friday, in 30 days that begin on a Monday. */
const workingDaysInMonth = 22;

for (const cars of [1, 2]) {
  describe(`The calls for ${cars === 1 ? "a car" : `${cars} cars`}`, () => {
    const [fewest, most] = cars === 1 ? ([110, 130] as const) : ([200, 240] as const);
    let day: number;
    let month: number;

    before(async () => {
      day = await callsInWorkingDays({ cars, windows: 1, days: 1 });
      month = await callsInWorkingDays({ cars, windows: 1, days: 30 });
    });

    it(`of a working day are between ${fewest} and ${most}`, () => {
      assert.ok(day >= fewest && day <= most, `${day} calls`);
    });

    it("of a working day are at most 5 % more than with a fixed timer in one window, although DC is checked each minute", async () => {
      const timer = await callsInWorkingDays({ cars, windows: 1, days: 1, isAlone: true });
      assert.ok(day <= timer * 1.05, `${day} instead of ${timer}`);
    });

    it("of a month are those of its 22 working days", () => {
      assert.ok(Math.abs(month - workingDaysInMonth * day) <= month / 50, `${month} instead of 22 × ${day}`);
    });

    it("of a month are as many with five windows as with one, a fifth of the calls of a fixed timer in each", async () => {
      const five = await callsInWorkingDays({ cars, windows: 5, days: 30 });
      const timers = await callsInWorkingDays({ cars, windows: 5, days: 30, isAlone: true });
      assert.ok(Math.abs(five - month) <= month / 50, `${five} instead of ${month}`);
      assert.ok(five <= (timers / 5) * 1.05, `${five} instead of ${timers}`);
    });
  });
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { affordableInterval, nextUtcMidnight, noCalls, utcDay } from "../../../src/sync/quota";

const midnight = Date.UTC(2026, 10, 23);

/** The calls until midnight where no car is asked more often than every `shortest` ms. */
function forecast(intervals: readonly number[], shortest: number, now: number): number {
  const rest = nextUtcMidnight(now) - now;
  return intervals.reduce((calls, interval) => calls + rest / Math.max(interval, shortest), 0);
}

/** What 64-bit numbers lose over a dozen additions. */
const rounding = 1e-9;

describe("The interval that the budget affords", () => {
  const interval = fc.integer({ min: minuteMs, max: dayMs });
  const situation = fc.record({
    intervals: fc.array(interval, { minLength: 1, maxLength: 12 }),
    left: fc.integer({ min: 1, max: 10_000 }),
    now: fc.integer({ min: midnight, max: midnight + dayMs - 1 }),
  });

  it("keeps the forecast within what is left, and stretches no more than that", () => {
    fc.assert(
      fc.property(situation, ({ intervals, left, now }) => {
        const shortest = affordableInterval(noCalls, left, intervals, now)!;
        assert.ok(forecast(intervals, shortest, now) <= left * (1 + rounding));
        if (shortest > 0) assert.ok(forecast(intervals, shortest * (1 - 1e-6), now) > left);
      }),
      { numRuns: 500 },
    );
  });

  it("is the rest of the day shared out among calls and cars, where all have the same interval", () => {
    fc.assert(
      fc.property(situation, interval, ({ intervals, left, now }, own) => {
        const cars = intervals.map(() => own);
        const shared = ((nextUtcMidnight(now) - now) * cars.length) / left;
        const [expected, found] = [shared, affordableInterval(noCalls, left, cars, now)!].map((ms) =>
          Math.max(ms, own),
        );
        assert.ok(Math.abs(expected! - found!) <= expected! * rounding);
      }),
    );
  });

  it("leaves a car on DC alone where there are calls for all, although not for all at its interval", () => {
    const others = Array.from({ length: 11 }, () => 5 * minuteMs);
    assert.equal(affordableInterval(noCalls, 5000, [minuteMs, ...others], midnight), 0);
  });

  it("takes from the car that is asked most often first, and counts the others as they are", () => {
    const hours = [hourMs, hourMs, 60 * hourMs];
    const calls = 2 * 24 + 24 / 60 + 100;
    assert.equal(Math.round(affordableInterval(noCalls, calls, [minuteMs, ...hours], midnight)!), dayMs / 100);
  });

  it("is none once no call is left", () => {
    assert.equal(affordableInterval({ day: utcDay(midnight), calls: 7 }, 7, [hourMs], midnight), undefined);
  });
});

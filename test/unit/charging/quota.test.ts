import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import {
  affordableInterval,
  type CallCount,
  callsToday,
  isPossibleCount,
  nextUtcMidnight,
  noCalls,
  utcDay,
  withCalls,
} from "../../../src/charging/quota";

const midnight = Date.UTC(2026, 10, 23);

/** The calls until midnight if no car is checked more often than every `shortest` ms. */
function forecast(intervals: readonly number[], shortest: number, now: number): number {
  const rest = nextUtcMidnight(now) - now;
  return intervals.reduce((calls, interval) => calls + rest / Math.max(interval, shortest), 0);
}

/** The rounding error of a dozen additions. */
const rounding = 1e-9;

describe("The interval that the budget affords", () => {
  const interval = fc.integer({ min: minuteMs, max: dayMs });
  const situation = fc.record({
    intervals: fc.array(interval, { minLength: 1, maxLength: 12 }),
    callsLeft: fc.integer({ min: 1, max: 10_000 }),
    now: fc.integer({ min: midnight, max: midnight + dayMs - 1 }),
  });

  it("keeps the forecast within the remaining calls, and stretches no more than necessary", () => {
    fc.assert(
      fc.property(situation, ({ intervals, callsLeft, now }) => {
        const shortest = affordableInterval(noCalls, callsLeft, intervals, now)!;
        assert.ok(forecast(intervals, shortest, now) <= callsLeft * (1 + rounding));
        if (shortest > 0) assert.ok(forecast(intervals, shortest * (1 - 1e-6), now) > callsLeft);
      }),
      { numRuns: 500 },
    );
  });

  it("is the rest of the day divided among calls and cars if all have the same interval", () => {
    fc.assert(
      fc.property(situation, interval, ({ intervals, callsLeft, now }, own) => {
        const cars = intervals.map(() => own);
        const shared = ((nextUtcMidnight(now) - now) * cars.length) / callsLeft;
        const [expected, found] = [shared, affordableInterval(noCalls, callsLeft, cars, now)!].map((ms) =>
          Math.max(ms, own),
        );
        assert.ok(Math.abs(expected! - found!) <= expected! * rounding);
      }),
    );
  });

  it("does not stretch a car on DC if there are enough calls for all", () => {
    const others = Array.from({ length: 11 }, () => 5 * minuteMs);
    assert.equal(affordableInterval(noCalls, 5000, [minuteMs, ...others], midnight), 0);
  });

  it("stretches the shortest interval first, and keeps the longer ones", () => {
    const hours = [hourMs, hourMs, 60 * hourMs];
    const calls = 2 * 24 + 24 / 60 + 100;
    assert.equal(Math.round(affordableInterval(noCalls, calls, [minuteMs, ...hours], midnight)!), dayMs / 100);
  });

  it("is undefined if no call is left", () => {
    assert.equal(affordableInterval({ day: utcDay(midnight), calls: 7 }, 7, [hourMs], midnight), undefined);
  });
});

describe("The count of calls", () => {
  const noon = midnight + 12 * hourMs;
  const daysLater = (days: number) => noon + days * dayMs;
  const counted = (count: CallCount, days: number) => callsToday(count, daysLater(days));

  it("starts over with each UTC day", () => {
    const count = withCalls(withCalls(noCalls, 3, noon), 4, noon + hourMs);
    assert.deepEqual(count, { day: utcDay(noon), calls: 7 });
    assert.equal(callsToday(count, nextUtcMidnight(noon) - 1), 7);
    assert.equal(callsToday(count, nextUtcMidnight(noon)), 0);
    assert.equal(counted(withCalls(count, 1, daysLater(1)), 1), 1);
  });

  it("includes the earlier calls of a day to which the clock is set back", () => {
    const ahead = withCalls(withCalls(noCalls, 100, noon), 5, daysLater(3));
    assert.equal(counted(ahead, 3), 5);
    const back = withCalls(ahead, 2, noon);
    assert.equal(counted(back, 0), 102);
    assert.equal(counted(back, 3), 5);
  });

  it("includes calls of the next day, because the clock was set back over midnight", () => {
    const count = withCalls(withCalls(noCalls, 10, daysLater(1)), 1, noon);
    assert.equal(counted(count, 0), 11);
    assert.equal(counted(count, 1), 10);
  });

  it("does not include calls of a wrong date", () => {
    const wrong = withCalls(noCalls, 5000, daysLater(400));
    assert.equal(counted(wrong, 0), 0);
    assert.deepEqual(withCalls(wrong, 1, noon), { day: utcDay(noon), calls: 1 }, "and they are forgotten");
    assert.equal(counted(withCalls(noCalls, 5000, daysLater(2)), 0), 0);
  });

  it("keeps other days for a week", () => {
    let count = noCalls;
    for (let day = 0; day < 60; day++) count = withCalls(count, day + 1, daysLater(day));
    assert.deepEqual(
      count.others?.map(({ day }) => utcDay(daysLater(59)) - day),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.equal(counted(count, 59), 60);
  });

  it("never loses a call of the day, for any changes of the clock", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (calls) => {
        let count = noCalls;
        const made = new Map<number, number>();
        for (const [day, more] of calls) {
          count = withCalls(count, more, daysLater(day));
          made.set(day, (made.get(day) ?? 0) + more);
          const days = [count, ...(count.others ?? [])].map((each) => each.day);
          assert.equal(new Set(days).size, days.length);
          assert.equal(counted(count, day), (made.get(day) ?? 0) + (made.get(day + 1) ?? 0));
        }
      }),
    );
  });
});

describe("A count of calls that was read from a file", () => {
  it("is possible if it is an integer from 0 to twice Volvo's limit", () => {
    for (const calls of [0, 1, 10_000, 20_000]) assert.ok(isPossibleCount(calls), `${calls}`);
    for (const calls of [-1, 0.5, 20_001, Number.NaN, Infinity]) assert.ok(!isPossibleCount(calls), `${calls}`);
  });
});

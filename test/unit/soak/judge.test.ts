import assert from "node:assert/strict";
import { DifferenceWatch, type Disturbances, growthPerHour, judgeRequests } from "../../../scripts/soak/judge";
import { minuteMs, secondMs } from "../../../src/base/clock";

describe("the soak's judge", () => {
  const quiet: Disturbances = { refreshes: [], ends: [], alone: [] };
  const at = (...seconds: readonly number[]) => seconds.map((second) => second * secondMs);
  const span = (from: number, to = from) => ({ from: from * secondMs, to: to * secondMs });
  const judged = (seconds: readonly number[], done: Partial<Disturbances> = {}) =>
    judgeRequests(at(...seconds), minuteMs, { ...quiet, ...done });

  it("expects a request for each interval, up to a quarter sooner if another car is due", () => {
    const { scheduled, unexplained } = judged([0, 60, 126, 171]);
    assert.equal(scheduled, 4);
    assert.deepEqual(unexplained, []);
  });

  it("finds an unexplained request", () => assert.equal(judged([0, 30]).unexplained.length, 1));

  it("accepts a Refresh as the reason for a request, but not within ten seconds of another request", () => {
    assert.equal(judged([0, 30], { refreshes: [span(28)] }).refreshed, 1);
    assert.equal(judged([0, 9], { refreshes: [span(8)] }).unexplained.length, 1);
  });

  it("allows one more request for each kill", () => {
    const { afterEnds, unexplained } = judged([0, 20, 40], { ends: [span(1)] });
    assert.equal(afterEnds, 1);
    assert.equal(unexplained.length, 1);
  });

  it("has no expectation for windows that ask on their own", () =>
    assert.equal(judged([0, 3, 6], { alone: [span(0, 10)] }).alone, 3));

  it("finds windows that differ for longer than the limit, once for each difference", () => {
    const watch = new DifferenceWatch(2 * secondMs);
    for (const second of [0, 1, 2, 3, 4]) watch.look(second * secondMs, ["AC", second < 4 ? "DC" : "AC"]);
    assert.equal(watch.tooLong.length, 1);
    assert.equal(watch.longestMs, 3 * secondMs);
    for (const second of [10, 12]) watch.look(second * secondMs, ["AC", "DC"]);
    assert.equal(watch.tooLong.length, 1);
  });

  it("measures growth after the first ten minutes, and only over a sufficient time", () => {
    const grown = (minutes: number) =>
      Array.from({ length: minutes }, (_, minute) => ({
        at: minute * minuteMs,
        bytes: minute < 10 ? minute * 50_000_000 : 1_000_000 * minute,
      }));
    assert.equal(Math.round(growthPerHour(grown(60))!), 60_000_000);
    assert.equal(growthPerHour(grown(20)), undefined);
    assert.equal(growthPerHour([]), undefined);
  });
});

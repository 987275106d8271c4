import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import { activeMode, nextMorning } from "../../../src/sync/mode";

describe("Tomorrow morning", () => {
  const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

  it("is 7:00 of the next day, and before 5:00 that of the same day", () => {
    for (const [now, end] of [
      [local(23, 13), local(24, 7)],
      [local(23, 23, 59), local(24, 7)],
      [local(24, 0), local(24, 7)],
      [local(24, 4, 59), local(24, 7)],
      [local(24, 5), local(25, 7)],
      [local(30, 12), local(31, 7)],
    ] as const) {
      assert.equal(nextMorning(now), end, new Date(now).toString());
    }
  });

  it("is never too far ahead for a mode, on any hour of a year, and always ahead", () => {
    for (let now = local(1, 0); now < local(1, 0) + 366 * 24 * hourMs; now += hourMs) {
      const until = nextMorning(now);
      assert.ok(until - now >= hourMs, new Date(now).toString());
      const mode = { kind: "paused", since: now, until } as const;
      assert.equal(activeMode(mode, now), mode, new Date(now).toString());
    }
  });
});

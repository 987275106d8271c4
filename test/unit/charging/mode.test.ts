import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { activeMode, type Mode, nextMorning, setModeBack } from "../../../src/charging/mode";

const now = Date.UTC(2026, 10, 23, 8);
const paused = (lastsMs?: number): Mode => ({
  kind: "paused",
  since: now,
  ...(lastsMs !== undefined && { until: now + lastsMs }),
});
const closely = (lastsMs: number): Mode => ({ kind: "closely", since: now, until: now + lastsMs });

describe("A mode", () => {
  it("is in force until its end", () => {
    for (const mode of [paused(hourMs), closely(hourMs)]) {
      assert.equal(activeMode(mode, now), mode);
      assert.equal(activeMode(mode, now + hourMs - 1), mode);
      assert.equal(activeMode(mode, now + hourMs), undefined);
    }
    assert.equal(activeMode(undefined, now), undefined);
  });

  it("without an end lasts until the user ends it", () => {
    for (const later of [0, dayMs, 400 * dayMs]) assert.equal(activeMode(paused(), now + later)?.kind, "paused");
  });

  it("is ignored if its end is more than 27 hours ahead, because the clock was set back since", () => {
    assert.equal(activeMode(paused(27 * hourMs), now)?.kind, "paused");
    assert.equal(activeMode(paused(27 * hourMs + minuteMs), now)?.kind, "paused");
    assert.equal(activeMode(paused(27 * hourMs + minuteMs + 1), now), undefined);
    assert.equal(activeMode(closely(300 * dayMs), now), undefined);
  });

  it("keeps its duration when the clock is set back", () => {
    const later = now - 5 * hourMs;
    assert.deepEqual(setModeBack(closely(4 * hourMs), later), {
      kind: "closely",
      since: later,
      until: later + 4 * hourMs,
    });
    assert.deepEqual(setModeBack(paused(), later), { kind: "paused", since: later });
  });

  it("does not change if the clock is set back to a time within it", () => {
    const mode = closely(4 * hourMs);
    for (const back of [now, now + hourMs]) assert.equal(setModeBack(mode, back), mode);
  });
});

describe("Tomorrow morning", () => {
  const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

  it("is 7:00 of the next day, or of the same day before 5:00", () => {
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

  it("is always ahead, and never too far ahead for a mode, at any hour of a year", () => {
    for (let now = local(1, 0); now < local(1, 0) + 366 * 24 * hourMs; now += hourMs) {
      const until = nextMorning(now);
      assert.ok(until - now >= hourMs, new Date(now).toString());
      const mode = { kind: "paused", since: now, until } as const;
      assert.equal(activeMode(mode, now), mode, new Date(now).toString());
    }
  });
});

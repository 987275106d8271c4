import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import {
  dayMs,
  hourMs,
  minuteMs,
  secondMs,
  sleep,
  systemClock,
  TimeoutError,
  withTimeLimit,
} from "../../../src/base/clock";
import { FakeClock, settle } from "../../support/fakeClock";

describe("units of time", () => {
  it("are milliseconds", () => {
    assert.deepEqual([secondMs, minuteMs, hourMs, dayMs], [1_000, 60_000, 3_600_000, 86_400_000]);
  });
});

describe("the system clock", () => {
  it("returns the current time", () => {
    const before = Date.now();
    const now = systemClock.now();
    assert.ok(before <= now && now <= Date.now());
  });

  it("calls back once, and soon for a delay that is zero or negative", async () => {
    await new Promise<void>((resolve) => systemClock.after(0, resolve));
    await new Promise<void>((resolve) => systemClock.after(-5, resolve));
  });

  it("does not call back after disposal, and handles a delay of months", async () => {
    const called: string[] = [];
    systemClock.after(0, () => called.push("disposed")).dispose();
    const months = systemClock.after(90 * dayMs, () => called.push("months"));
    await new Promise<void>((resolve) => systemClock.after(2, resolve));
    months.dispose();
    assert.deepEqual(called, []);
  });
});

describe("sleep", () => {
  it("ends after its time", async () => {
    const clock = new FakeClock();
    let awake = false;
    const sleeping = sleep(clock, 10).then(() => (awake = true));
    await clock.advance(9);
    assert.equal(awake, false);
    await clock.advance(1);
    await sleeping;
    assert.equal(clock.pendingTimers, 0);
  });

  it("ends with the signal's reason on abort, and leaves no timer", async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const sleeping = sleep(clock, 10, abort.signal);
    abort.abort(new Error("woken"));
    await assert.rejects(sleeping, /woken/);
    await assert.rejects(sleep(clock, 10, abort.signal), /woken/);
    assert.equal(clock.pendingTimers, 0);
  });

  it("removes its listener from a signal that outlives it", async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const sleeping = sleep(clock, 10, signal);
    assert.equal(getEventListeners(signal, "abort").length, 1);
    await clock.advance(10);
    await sleeping;
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("a time limit", () => {
  it("passes a result that is in time, and keeps no timer", async () => {
    const clock = new FakeClock();
    assert.equal(await withTimeLimit(clock, Promise.resolve("value"), 10, "It"), "value");
    const failure = new Error("failed");
    await assert.rejects(withTimeLimit(clock, Promise.reject(failure), 10, "It"), failure);
    assert.equal(clock.pendingTimers, 0);
  });

  it("ends a promise that never settles, and names it", async () => {
    const clock = new FakeClock();
    const limited = withTimeLimit(clock, new Promise(() => undefined), 10, "The window");
    const expectation = assert.rejects(limited, (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.equal(error.message, "The window gave no answer within 10 ms");
      return true;
    });
    await clock.advance(10);
    await expectation;
    assert.equal(clock.pendingTimers, 0);
  });

  it("ignores late results and late errors", async () => {
    const clock = new FakeClock();
    let fail: (error: Error) => void = () => undefined;
    const limited = withTimeLimit(clock, new Promise((_, reject) => (fail = reject)), 10, "It");
    const expectation = assert.rejects(limited, TimeoutError);
    await clock.advance(10);
    fail(new Error("late"));
    await expectation;
    await settle();
  });
});

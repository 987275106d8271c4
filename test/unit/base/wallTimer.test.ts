import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { WallTimer } from "../../../src/base/wallTimer";
import { FakeClock } from "../../support/fakeClock";
import { FakeFocus } from "../../support/fakeFocus";

describe("The wall timer", () => {
  let clock: FakeClock;
  let focus: FakeFocus;
  let timer: WallTimer;
  /** The events so far: a tick as its time since the start (ms), a jump as text. */
  let seen: (number | string)[];

  beforeEach(() => {
    clock = new FakeClock();
    focus = new FakeFocus(clock);
    timer = new WallTimer(clock, focus);
    seen = [];
    const startedAt = clock.now();
    timer.onTick(() => seen.push(clock.now() - startedAt));
    timer.onDidJump((by) => seen.push(`jump ${by}`));
  });

  afterEach(() => {
    timer.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("ticks every 15 s in a window with focus and every minute in others", async () => {
    timer.on();
    await clock.advance(minuteMs);
    assert.deepEqual(
      seen.splice(0),
      [15, 30, 45, 60].map((seconds) => seconds * secondMs),
    );
    focus.set(false);
    seen.splice(0);
    await clock.advance(2 * minuteMs);
    assert.deepEqual(seen, [2 * minuteMs, 3 * minuteMs]);
  });

  it("ticks at once when focus comes or goes, and counts from there", async () => {
    focus.set(false);
    timer.on();
    await clock.advance(20 * secondMs);
    focus.set(true);
    assert.deepEqual(seen.splice(0), [20 * secondMs]);
    await clock.advance(15 * secondMs);
    assert.deepEqual(seen.splice(0), [35 * secondMs]);
    focus.set(false);
    assert.deepEqual(seen, [35 * secondMs]);
  });

  it("neither ticks nor holds a timer while it is off", async () => {
    await clock.advance(hourMs);
    focus.set(false);
    timer.on();
    assert.equal(clock.pendingTimers, 1);
    timer.on();
    assert.equal(clock.pendingTimers, 1);
    timer.off();
    assert.equal(clock.pendingTimers, 0);
    focus.set(true);
    await clock.advance(hourMs);
    assert.deepEqual(seen, []);
  });

  it("stays off after disposal", () => {
    timer.dispose();
    timer.on();
    assert.equal(clock.pendingTimers, 0);
  });

  for (const [how, by] of [
    ["slept, or the clock was set forth", 8 * hourMs],
    ["had its clock set back", -3 * hourMs],
  ] as const) {
    it(`notices at the next tick that the computer ${how}, and reports the length of the jump before it ticks`, async () => {
      timer.on();
      await clock.advance(20 * secondMs);
      seen.splice(0);
      clock.jump(by);
      await clock.advance(10 * secondMs);
      assert.deepEqual(seen.splice(0), [`jump ${by}`, 30 * secondMs + by]);
      await clock.advance(15 * secondMs);
      assert.deepEqual(seen, [45 * secondMs + by], "reported once");
    });
  }

  it("notices a sleep as soon as the window gets focus, before its next tick", async () => {
    focus.set(false);
    timer.on();
    await clock.advance(10 * secondMs);
    clock.jump(hourMs);
    focus.set(true);
    assert.deepEqual(seen, [`jump ${hourMs + 10 * secondMs - minuteMs}`, hourMs + 10 * secondMs]);
  });

  it("notices a clock that was set back as soon as the window gets focus", async () => {
    focus.set(false);
    timer.on();
    await clock.advance(30 * secondMs);
    clock.jump(-hourMs);
    focus.set(true);
    assert.deepEqual(seen, [`jump ${30 * secondMs - hourMs}`, 30 * secondMs - hourMs]);
  });

  it("does not treat a slightly late tick or a slightly corrected clock as a jump", async () => {
    timer.on();
    for (const by of [9 * secondMs, -9 * secondMs, 2 * secondMs]) {
      clock.jump(by);
      await clock.advance(15 * secondMs);
    }
    clock.hang(24 * secondMs);
    await clock.advance(0);
    assert.ok(seen.length >= 4 && seen.every((each) => typeof each === "number"), seen.join(", "));
  });

  it("treats a suspended process as a jump", async () => {
    timer.on();
    clock.hang(5 * minuteMs);
    await clock.advance(0);
    assert.deepEqual(seen, [`jump ${5 * minuteMs - 15 * secondMs}`, 5 * minuteMs]);
  });
});

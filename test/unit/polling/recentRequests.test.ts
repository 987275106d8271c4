import assert from "node:assert/strict";
import { hourMs, secondMs } from "../../../src/base/clock";
import { RecentRequests } from "../../../src/polling/recentRequests";
import { vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";

const vin = vinNumber(1);

describe("A car counts as just asked for", () => {
  let clock: FakeClock;
  let recent: RecentRequests;

  beforeEach(() => {
    clock = new FakeClock();
    recent = new RecentRequests(clock);
  });

  afterEach(() => {
    recent.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("for ten seconds, regardless of changes of the clock", async () => {
    recent.add(vin);
    for (const by of [0, hourMs, -2 * hourMs]) {
      clock.jump(by);
      await clock.advance(3 * secondMs);
      assert.ok(recent.has(vin, undefined));
    }
    assert.ok(!recent.has(vinNumber(2), undefined));
    await clock.advance(secondMs);
    assert.ok(!recent.has(vin, undefined));
  });

  it("for the rest of ten seconds after a request of another window", async () => {
    recent.add(vin, 4 * secondMs);
    await clock.advance(6 * secondMs - 1);
    assert.ok(recent.has(vin, undefined));
    await clock.advance(1);
    assert.ok(!recent.has(vin, undefined));
  });

  it("for ten seconds if another window's request is in the future because the clock was set back", async () => {
    recent.add(vin, -5 * secondMs);
    await clock.advance(10 * secondMs - 1);
    assert.ok(recent.has(vin, undefined));
    await clock.advance(1);
    assert.ok(!recent.has(vin, undefined));
  });

  for (const [order, agesMs] of [
    ["first", [0, 9 * secondMs]],
    ["last", [9 * secondMs, 0]],
  ] as const) {
    it(`until ten seconds after the latest of several requests, which was added ${order}`, async () => {
      for (const ageMs of agesMs) recent.add(vin, ageMs);
      await clock.advance(10 * secondMs - 1);
      assert.ok(recent.has(vin, undefined));
      await clock.advance(1);
      assert.ok(!recent.has(vin, undefined));
    });
  }

  it("if the time of its last request is less than ten seconds away, in the past or in the future", () => {
    const isRecent = (agoMs: number) => recent.has(vin, clock.now() - agoMs);
    assert.deepEqual([0, 9_999, -9_999].map(isRecent), [true, true, true]);
    assert.deepEqual([10_000, -10_000, hourMs].map(isRecent), [false, false, false]);
  });
});

import assert from "node:assert/strict";
import { sleep } from "../../../src/base/clock";
import { Throttle } from "../../../src/base/throttle";
import { FakeClock } from "../../support/fakeClock";

describe("a throttle", () => {
  let clock: FakeClock;
  let begun: number[];
  let takesMs: number;
  let throttle: Throttle;

  beforeEach(() => {
    clock = new FakeClock();
    const start = clock.now();
    begun = [];
    takesMs = 0;
    throttle = new Throttle(clock, 50, async () => {
      begun.push(clock.now() - start);
      if (takesMs > 0) await sleep(clock, takesMs);
    });
  });

  afterEach(() => {
    throttle.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  async function askEvery(ms: number, times: number): Promise<void> {
    for (let asked = 0; asked < times; asked++) {
      throttle.ask();
      await clock.advance(ms);
    }
  }

  it("runs the first call at once, and another one after the gap", async () => {
    await askEvery(100, 3);
    assert.deepEqual(begun, [0, 100, 200]);
  });

  it("combines all calls within the gap into one run after it", async () => {
    await askEvery(10, 5);
    await clock.advance(1_000);
    assert.deepEqual(begun, [0, 50]);
  });

  it("leaves a gap even after a long run, and never runs twice at the same time", async () => {
    takesMs = 200;
    await askEvery(10, 30);
    await clock.advance(1_000);
    assert.deepEqual(begun, [0, 250, 500]);
  });

  it("runs nothing after disposal, neither pending nor new calls", async () => {
    await askEvery(10, 2);
    throttle.dispose();
    await clock.advance(1_000);
    assert.deepEqual(begun, [0]);
    let done = 0;
    const idle = new Throttle(clock, 50, () => Promise.resolve(void done++));
    idle.dispose();
    idle.ask();
    await clock.advance(1_000);
    assert.equal(done, 0);
  });
});

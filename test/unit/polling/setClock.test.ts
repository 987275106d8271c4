import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { utcDay } from "../../../src/charging/quota";
import { FakeClock } from "../../support/fakeClock";
import { PollerScene } from "../../support/pollerScene";

describe("The poller on a computer that sleeps or whose clock is set", () => {
  let clock: FakeClock;
  let scene: PollerScene;

  beforeEach(() => {
    clock = new FakeClock();
    scene = new PollerScene(clock);
  });

  afterEach(() => {
    scene.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("keeps ten seconds between two requests for a car, even if the clock is set", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    const readAgoMs = secondMs - scene.takesMs;
    for (const [jump, agoMs] of [
      [0, readAgoMs],
      [hourMs, 10 * secondMs],
      [-2 * hourMs, 0],
    ] as const) {
      clock.jump(jump);
      assert.deepEqual(await poller.refresh(), { kind: "recent", at: clock.now() - agoMs });
    }
    let announcements = 0;
    scene.announced = () => Promise.resolve(void announcements++);
    scene.jump(24 * hourMs);
    await clock.advance(8 * secondMs);
    assert.deepEqual([asked.length, announcements], [1, 0]);
    await clock.advance(3 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("does not wait for the network after a supposed sleep if the clock is set back again", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    clock.jump(10 * hourMs);
    await clock.advance(14 * secondMs);
    assert.equal(asked.length, 1, "the network needs a moment");
    poller.off();
    clock.jump(-24 * hourMs);
    poller.on();
    await clock.advance(scene.interval + minuteMs);
    assert.equal(asked.length, 2);
  });

  it("does not count calls on a wrong date for the correct day", async () => {
    const { carStore, asked } = scene;
    scene.budget = 300;
    scene.startWith(1);
    await clock.advance(secondMs);
    carStore.updateAccount((account) => ({ ...account, calls: { day: utcDay(clock.now()), calls: 300 } }));
    scene.jump(-48 * hourMs);
    await clock.advance(scene.interval + minuteMs);
    assert.equal(asked.length, 2);
  });

  it("asks within seconds after waking up, but not before the network has had a moment", async () => {
    const { asked } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.jump(8 * hourMs);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(28 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("waits for the network even if its own check is the first to notice the sleep", async () => {
    const { asked } = scene;
    scene.interval = 5 * minuteMs + 7 * secondMs;
    scene.startWith(1);
    await clock.advance(5 * minuteMs + 5 * secondMs);
    clock.hang(8 * hourMs);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("continues a wait of Volvo's after a sleep", async () => {
    const { carStore, asked } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    carStore.held({ kind: "rateLimited", until: clock.now() + 2 * hourMs }, []);
    scene.jump(hourMs);
    await clock.advance(hourMs - secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(minuteMs);
    assert.equal(asked.length, 2);
  });

  it("does not wait for the network if the clock was only set", async () => {
    const { asked } = scene;
    scene.startWith(1);
    await clock.advance(scene.interval - 20 * secondMs);
    scene.jump(50 * secondMs);
    await clock.advance(0);
    assert.equal(asked.length, 2);
  });

  it("asks within 30 s after waking up even if only the clock shows the sleep", async () => {
    const { asked } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    clock.jump(8 * hourMs);
    await clock.advance(30 * secondMs);
    assert.equal(asked.length, 2);
  });
});

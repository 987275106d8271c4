import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { vinNumber } from "../../support/builders/builders";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";
import { PollerScene } from "../../support/pollerScene";

describe("The poller concludes that no other window is active", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let scene: PollerScene;

  const readElsewhere = () => scene.readElsewhere(disk);

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    scene = new PollerScene(clock, { disk });
  });

  afterEach(() => {
    scene.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  const quietAfterMs = 2 * minuteMs;

  it("two minutes after the announced time of the last check", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = await readElsewhere();
    scene.noTurn = "gone";
    await clock.advance(dueAt - clock.now() + quietAfterMs);
    assert.equal(scene.poller.isQuiet, false);
    await clock.advance(1);
    assert.equal(scene.poller.isQuiet, true);
  });

  it("two minutes and an interval after the last request if no check was announced", async () => {
    scene.startWith(2);
    await clock.advance(secondMs);
    scene.noTurn = "gone";
    await scene.elsewhere(disk, (carStore) => {
      carStore.attempted(vinNumber(1), clock.now());
      carStore.planned(undefined);
    });
    await clock.advance(scene.interval + quietAfterMs);
    assert.equal(scene.poller.isQuiet, false);
    await clock.advance(1);
    assert.equal(scene.poller.isQuiet, true);
  });

  it("after two minutes if no window has ever asked", async () => {
    scene.noTurn = "gone";
    scene.startWith(1);
    await clock.advance(quietAfterMs);
    assert.equal(scene.poller.isQuiet, false);
    await clock.advance(1);
    assert.equal(scene.poller.isQuiet, true);
  });

  it("but not while it asks itself after another window was closed", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await readElsewhere();
    for (let minutes = 0; minutes < 30; minutes++) {
      await clock.advance(minuteMs);
      assert.equal(scene.poller.isQuiet, false);
    }
    assert.ok(scene.asked.length > 4);
  });

  it("but not while checks are paused or it cannot poll itself", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.carStore.modeChanged({ kind: "paused", since: clock.now() });
    scene.poller.configurationChanged();
    await clock.advance(hourMs);
    assert.equal(scene.poller.isQuiet, false);
    scene.carStore.modeChanged(undefined);
    scene.poller.off();
    await clock.advance(hourMs);
    assert.equal(scene.poller.isQuiet, false);
  });
});

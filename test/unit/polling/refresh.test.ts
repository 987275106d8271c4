import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { vinNumber } from "../../support/builders/builders";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";
import { afterAMinute, PollerScene } from "../../support/pollerScene";

describe("A manual refresh", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let scene: PollerScene;

  const settled = <T>(promise: Promise<T>) => afterAMinute(clock, promise);

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    scene = new PollerScene(clock, { disk });
  });

  afterEach(() => {
    scene.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("sends one request per car for several refreshes at the same time, and answers each refresh", async () => {
    const { poller, asked } = scene;
    scene.startWith(3);
    await clock.advance(minuteMs);
    const refreshes = [poller.refresh(), poller.refresh([vinNumber(1)]), poller.refresh()];
    await clock.advance(secondMs);
    const kinds = (await Promise.all(refreshes)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["checked", "checked", "checked"]);
    assert.equal(asked.length, 6);
    assert.equal(scene.turnsAtOnce, 1);
  });

  it("reports no car as checked for which no request was permitted", async () => {
    const { poller, asked } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    scene.refuses = { which: "first", reason: "turnOver" };
    assert.deepEqual(await poller.refresh(), { kind: "unanswered" });
    assert.equal(asked.length, 2);
  });

  it("sends no request if the check that it has joined runs into a wait", async () => {
    const { poller, asked } = scene;
    scene.fails = (_, count) => (count <= 4 ? { kind: "rateLimited", waitMs: hourMs } : undefined);
    scene.startWith(8);
    await clock.advance(100);
    const [all, last] = [poller.refresh(), poller.refresh([vinNumber(7)])];
    await clock.advance(minuteMs);
    assert.equal(asked.length, 4);
    assert.deepEqual(await all, { kind: "checked", vins: [0, 1, 2, 3].map(vinNumber) });
    assert.equal((await last).kind, "held");
  });

  it("is answered by another window's new reading", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.noTurn = "busy";
    const { poller } = scene;
    assert.deepEqual(await settled(poller.refresh()), { kind: "unanswered" });
    const refresh = poller.refresh();
    await clock.advance(5 * secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.attempted(vinNumber(0), clock.now()));
    await clock.advance(secondMs);
    assert.deepEqual(await refresh, { kind: "checked", vins: [vinNumber(0)] });
    assert.equal(scene.asked.length, 1);
  });

  it("is answered by a request of another window that was already running", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.noTurn = "busy";
    let finish: () => void = () => undefined;
    const elsewhere = scene.elsewhere(disk, async (carStore, write) => {
      carStore.attempted(vinNumber(0), clock.now());
      carStore.started([vinNumber(0)], 0);
      await write();
      await new Promise<void>((resolve) => (finish = resolve));
      carStore.finished([vinNumber(0)]);
    });
    await clock.advance(secondMs);
    await scene.state?.look();
    const refresh = scene.poller.refresh();
    await clock.advance(secondMs);
    finish();
    await elsewhere;
    await clock.advance(secondMs);
    assert.deepEqual(await refresh, { kind: "checked", vins: [vinNumber(0)] });
    assert.equal(scene.asked.length, 1);
  });

  it("marks its requests as forced, unlike the schedule", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    await settled(poller.refresh());
    assert.deepEqual(
      asked.map(({ forced }) => forced),
      [false, true],
    );
  });

  it("of a car that is not in the list sends no request", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.purposes.length = 0;
    assert.deepEqual(await scene.poller.refresh([vinNumber(9)]), { kind: "notReady" });
    assert.deepEqual(scene.purposes, []);
  });

  it("ends without an answer if polling is switched off", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.noTurn = "busy";
    const refresh = scene.poller.refresh();
    await clock.advance(secondMs);
    scene.poller.off();
    await clock.advance(0);
    assert.deepEqual(await refresh, { kind: "notReady" });
    assert.deepEqual(scene.log.lines, []);
  });

  it("within ten seconds reports the time of the last check, and sends and announces nothing", async () => {
    const { poller, carStore } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    await settled(poller.refresh([vinNumber(0)]));
    void poller.refresh([vinNumber(1)]);
    await clock.advance(4 * secondMs);
    carStore.attempted(vinNumber(0), clock.now() - 7 * secondMs);
    let announcements = 0;
    scene.announced = () => Promise.resolve(void announcements++);
    assert.deepEqual(await poller.refresh(), { kind: "recent", at: clock.now() - 4 * secondMs + scene.takesMs });
    clock.jump(hourMs);
    assert.deepEqual(await poller.refresh([vinNumber(1)]), { kind: "recent", at: clock.now() - 10 * secondMs });
    assert.equal(announcements, 0);
  });

  it("does not report a recent check if only some cars were checked and the others could not be", async () => {
    const { poller } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    await settled(poller.refresh());
    void poller.refresh([vinNumber(0)]);
    await clock.advance(2 * secondMs);
    scene.refuses = { which: "first", reason: "turnOver" };
    assert.deepEqual(await settled(poller.refresh()), { kind: "unanswered" });
  });

  it("does not report a recent check while another window still waits for the answer", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.noTurn = "gone";
    await scene.elsewhere(disk, (carStore) => {
      carStore.attempted(vinNumber(0), clock.now());
      carStore.started([vinNumber(0)], 0);
    });
    assert.deepEqual(await scene.poller.refresh(), { kind: "unanswered" });
  });

  it("is answered neither by an older reading of another window nor for a car that was never asked for", async () => {
    scene.startWith(2);
    scene.refuses = { which: "first", reason: "turnOver" };
    await clock.advance(0);
    scene.noTurn = "busy";
    const askedAt = clock.now() - minuteMs;
    const refresh = scene.poller.refresh();
    await clock.advance(secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.attempted(vinNumber(0), askedAt));
    assert.deepEqual(await settled(refresh), { kind: "unanswered" });
  });

  it("waits until another window has an answer for each of its cars", async () => {
    scene.startWith(2);
    await clock.advance(minuteMs);
    scene.noTurn = "busy";
    const refresh = scene.poller.refresh();
    await clock.advance(secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.attempted(vinNumber(0), clock.now()));
    await clock.advance(secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.attempted(vinNumber(1), clock.now()));
    await clock.advance(secondMs);
    assert.deepEqual(await refresh, { kind: "checked", vins: [vinNumber(0), vinNumber(1)] });
  });

  it("asks for a car that another window has read longer than ten seconds ago", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    const askedAt = clock.now() - 20 * secondMs;
    await scene.elsewhere(disk, (carStore) => carStore.attempted(vinNumber(0), askedAt));
    assert.equal((await settled(scene.poller.refresh())).kind, "checked");
    assert.equal(scene.asked.length, 2);
  });

  it("joins a check that was begun after polling was switched off and on again", async () => {
    const { poller } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.takesMs = 5 * secondMs;
    void poller.refresh();
    await clock.advance(secondMs);
    await clock.advance(0);
    poller.off();
    poller.on();
    await clock.advance(10 * secondMs);
    void poller.refresh();
    await clock.advance(secondMs);
    const joined = poller.refresh();
    assert.equal((await settled(joined)).kind, "checked");
    assert.equal(scene.turnsAtOnce, 1);
  });
});

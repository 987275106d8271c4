import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { vinNumber } from "../../support/builders/builders";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";
import { afterAMinute, PollerScene } from "../../support/pollerScene";

describe("A refresh by hand", () => {
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

  it("asks once for all that refresh at the same time, and answers each", async () => {
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

  it("calls no car checked that it was not permitted to ask for", async () => {
    const { poller, asked } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    scene.refuses = { which: "first", reason: "turnOver" };
    assert.deepEqual(await poller.refresh(), { kind: "unanswered" });
    assert.equal(asked.length, 2);
  });

  it("asks for nothing during a wait that the batch met which a refresh by hand has joined", async () => {
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

  it("takes what another window finds out meanwhile for the answer", async () => {
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

  it("does not ask again for what another window was asking for when the user pressed Refresh", async () => {
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

  it("is told apart from a check by the schedule, since it may ask for more", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    await settled(poller.refresh());
    assert.deepEqual(
      asked.map(({ forced }) => forced),
      [false, true],
    );
  });

  it("of a car that is not in the list has nothing to ask for", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.purposes.length = 0;
    assert.deepEqual(await scene.poller.refresh([vinNumber(9)]), { kind: "notReady" });
    assert.deepEqual(scene.purposes, []);
  });

  it("has no answer of any car where polling is switched off meanwhile", async () => {
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

  it("within ten seconds tells when the cars were checked, the last of them, and asks and announces nothing", async () => {
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

  it("calls no car just checked where only some were, and the others could not be asked for", async () => {
    const { poller } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    await settled(poller.refresh());
    void poller.refresh([vinNumber(0)]);
    await clock.advance(2 * secondMs);
    scene.refuses = { which: "first", reason: "turnOver" };
    assert.deepEqual(await settled(poller.refresh()), { kind: "unanswered" });
  });

  it("calls no car just checked of which another window has asked, and waits for the answer itself", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.noTurn = "gone";
    await scene.elsewhere(disk, (carStore) => {
      carStore.attempted(vinNumber(0), clock.now());
      carStore.started([vinNumber(0)], 0);
    });
    assert.deepEqual(await scene.poller.refresh(), { kind: "unanswered" });
  });

  it("takes no answer that another window had before, and none for a car that was never asked for", async () => {
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

  it("goes on until another window has an answer for each car that it was pressed for", async () => {
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

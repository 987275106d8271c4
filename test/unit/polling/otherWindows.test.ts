import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { emptyAccount } from "../../../src/charging/account";
import { vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { afterAMinute, PollerScene } from "../../support/pollerScene";

describe("The poller with other windows", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let scene: PollerScene;

  const settled = <T>(promise: Promise<T>) => afterAMinute(clock, promise);

  /** The delay (s) after the due time with which this window sends its request. */
  async function askedAfter(dueAt: number): Promise<number> {
    const before = scene.asked.length;
    for (let step = 0; step < 80 * 60 && scene.asked.length === before; step++) await clock.advance(secondMs / 4);
    return (scene.asked.at(-1)!.at - dueAt) / secondMs;
  }

  const readElsewhere = (credentials?: string, generation?: number) =>
    scene.readElsewhere(disk, credentials, generation);

  function restart(random = 0): void {
    scene.dispose();
    disk = new MemoryDisk();
    scene = new PollerScene(clock, { disk, random });
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    scene = new PollerScene(clock, { disk });
  });

  afterEach(() => {
    scene.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("asks at once if no window has asked yet", async () => {
    scene.startWith(1);
    await clock.advance(0);
    assert.equal(scene.asked.length, 1);
  });

  it("asks first if it was the last to ask", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = scene.asked[0]!.at + scene.takesMs + scene.interval;
    assert.equal(await askedAfter(dueAt), 0);
  });

  for (const [random, seconds] of [
    [0, 5],
    [1, 10],
  ] as const) {
    it(`leaves a check to the window that asked last for ${seconds} s (${random})`, async () => {
      restart(random);
      scene.startWith(1);
      await clock.advance(secondMs);
      const dueAt = await readElsewhere();
      assert.equal(scene.carStore.current.nextCheckAt, dueAt, "it shows the time of that window's check");
      assert.ok(Math.abs((await askedAfter(dueAt)) - seconds) < 1);
    });
  }

  it("requests no car that another window has just read, and plans its next check accordingly", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    for (let times = 0; times < 5; times++) {
      await clock.advance(scene.interval - secondMs);
      await readElsewhere();
    }
    assert.equal(scene.asked.length, 1);
  });

  it("leaves a check to windows with other credentials for 2 min, and then replaces their credentials", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = await readElsewhere("others");
    const after = await askedAfter(dueAt);
    assert.ok(after >= 119 && after <= 121, `${after}`);
    await clock.advance(secondMs);
    assert.equal(scene.carStore.current.account.credentials, "the credentials");
  });

  it("asks at once with credentials that the user has just entered here", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await readElsewhere("the credentials of others");
    await clock.advance(11 * secondMs);
    const before = clock.now();
    scene.enter("new");
    await clock.advance(secondMs);
    assert.equal(scene.asked.at(-1)?.at, before);
  });

  it("sends no request with credentials after a sign-out in another window", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.updateAccount((account) => ({ ...account, signedOut: true })));
    assert.equal(scene.carStore.current.nextCheckAt, undefined);
    await clock.advance(5 * hourMs);
    assert.equal(scene.asked.length, 1);
    scene.enter("others");
    await clock.advance(secondMs);
    assert.equal(scene.asked.length, 2);
    assert.equal(scene.carStore.current.account.signedOut, undefined);
  });

  it("sends no request after another window has deleted everything, even if it still has credentials", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.forgetAll(clock.now()));
    await clock.advance(5 * hourMs);
    assert.equal(scene.asked.length, 1);
  });

  it("tells the others about a sign-out here, but not about a secret that is read late", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const { credentials, poller, carStore } = scene;
    credentials.current = undefined;
    poller.configurationChanged();
    await clock.advance(secondMs);
    assert.equal(carStore.current.account.signedOut, undefined);
    credentials.isSignedOut = true;
    poller.configurationChanged();
    await clock.advance(secondMs);
    assert.equal(carStore.current.account.signedOut, true);
    assert.equal(scene.purposes.at(-1), "change");
    const next = new PollerScene(clock, { disk });
    next.startWith(1);
    await clock.advance(hourMs);
    assert.equal(next.asked.length, 0);
    next.dispose();
  });

  it("treats credentials that are still being loaded neither as new nor as missing", async () => {
    const { credentials } = scene;
    credentials.current = undefined;
    scene.startWith(1);
    await clock.advance(secondMs);
    await readElsewhere();
    credentials.current = "the credentials";
    scene.poller.configurationChanged();
    await clock.advance(minuteMs);
    assert.deepEqual([scene.asked, scene.purposes], [[], []]);
  });

  it("sends no request if a newer version of the extension has written the state", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    disk.put("storage/state.900.json", '{"schema":99}');
    await clock.advance(15 * secondMs);
    assert.equal(scene.carStore.current.sharing, "newer");
    await clock.advance(5 * hourMs);
    assert.equal(scene.asked.length, 1);
    assert.equal((await settled(scene.poller.refresh())).kind, "notReady");
  });

  it("tries the lock once a heartbeat while another window asks, because that may have been killed", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await clock.advance(minuteMs);
    const { purposes } = scene;
    purposes.splice(0);
    scene.noTurn = "busy";
    await scene.elsewhere(disk, (carStore) => carStore.started([vinNumber(0)], 0));
    await clock.advance(21 * secondMs);
    assert.deepEqual(purposes, ["check", "check", "check", "check"]);
    scene.noTurn = undefined;
    await clock.advance(10 * secondMs);
    assert.equal(scene.asked.length, 2, "the car is still due");
    purposes.splice(0);
    await clock.advance(minuteMs);
    assert.deepEqual(purposes, []);
  });

  it("tries again one heartbeat after a turn was not granted, even if that is longer than a minute", async () => {
    const slow = new PollerScene(clock, { disk, heartbeatMs: 5 * minuteMs });
    slow.noTurn = "busy";
    slow.startWith(1);
    await clock.advance(14 * minuteMs);
    assert.equal(slow.purposes.length, 3);
    slow.dispose();
  });

  it("tries again 5 s after a turn was not granted", async () => {
    scene.noTurn = "busy";
    scene.startWith(1);
    await clock.advance(26 * secondMs);
    assert.equal(scene.purposes.length, 6);
    assert.deepEqual(scene.asked, []);
    scene.noTurn = undefined;
    await clock.advance(5 * secondMs);
    assert.equal(scene.asked.length, 1);
  });

  it("keeps a gap of ten seconds after a request of another window, even if the clock is set", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    await readElsewhere();
    for (const by of [0, hourMs]) {
      clock.jump(by);
      assert.equal((await scene.poller.refresh()).kind, "recent");
    }
    assert.equal(scene.asked.length, 1);
  });

  describe("while another window has the newer sign-in", () => {
    beforeEach(async () => {
      scene.credentials.generation = 3;
      scene.startWith(1);
      await clock.advance(minuteMs);
    });

    it("marks a due car for a recheck, and leaves it to that window while that asks", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      // On the desktop, the newer sign-in may still be in transit for 2 s.
      await clock.advance(dueAt - clock.now() + 8 * secondMs);
      assert.equal(scene.asked.length, 1);
      let recheck: boolean | undefined;
      await scene.elsewhere(disk, (carStore) => void (recheck = carStore.car(vinNumber(0))?.recheck));
      assert.equal(recheck, true, "every window sees it");
      await readElsewhere("the credentials", 5);
      await clock.advance(minuteMs);
      assert.equal(scene.asked.length, 1);
    });

    it("waits up to 30 s for that window's answer to a refresh", async () => {
      await readElsewhere("the credentials", 4);
      await clock.advance(20 * secondMs);
      const refresh = scene.poller.refresh();
      await clock.advance(10 * secondMs);
      await readElsewhere("the credentials", 5);
      await clock.advance(2 * secondMs);
      assert.deepEqual(await refresh, { kind: "checked", vins: [vinNumber(0)] });
      assert.equal(scene.asked.length, 1);

      await clock.advance(20 * secondMs);
      let outcome: unknown;
      void scene.poller.refresh().then((found) => (outcome = found));
      await clock.advance(29 * secondMs);
      assert.equal(outcome, undefined);
      await clock.advance(2 * secondMs);
      assert.deepEqual(outcome, { kind: "unanswered" });
      assert.equal(scene.asked.length, 1);
    });

    it("uses its own sign-in once no window has asked for longer than the interval and 2 minutes", async () => {
      const readAt = clock.now();
      await readElsewhere("the credentials", 4);
      await clock.advance(scene.interval + 2 * minuteMs - secondMs);
      assert.equal(scene.asked.length, 1);
      assert.equal(scene.poller.isQuiet, false);
      await clock.advance(5 * minuteMs);
      assert.equal(scene.asked.length, 2);
      assert.ok(scene.asked[1]!.at >= readAt + scene.interval + 2 * minuteMs);
    });

    it("asks with the newer sign-in itself if that arrives within two seconds of the check", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 6.5 * secondMs);
      assert.equal(scene.asked.length, 1);
      scene.credentials.generation = 4;
      await clock.advance(200);
      assert.equal(scene.asked.length, 2);
    });

    it("takes a turn only every two minutes, and still shows the time of that window's check", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 8 * secondMs);
      scene.purposes.length = 0;
      await clock.advance(minuteMs);
      assert.deepEqual(scene.purposes, []);
      assert.equal(scene.carStore.current.nextCheckAt, dueAt);
      await clock.advance(minuteMs);
      assert.equal(scene.purposes.length, 1);
    });

    it("asks again after the newer sign-in arrives late", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 20 * secondMs);
      assert.equal(scene.asked.length, 1);
      scene.credentials.generation = 4;
      scene.poller.configurationChanged();
      await clock.advance(6 * secondMs);
      assert.equal(scene.asked.length, 2);
    });

    it("leaves the check to that window if the client reports that it has the sign-in", async () => {
      scene.fails = () => ({ kind: "noCredentials", problem: { kind: "signedInElsewhere" } });
      const dueAt = await readElsewhere();
      await clock.advance(dueAt - clock.now() + 10 * secondMs);
      assert.equal(scene.asked.length, 2);
      await clock.advance(minuteMs);
      assert.equal(scene.asked.length, 2, "it waits for two minutes");
      await clock.advance(2 * minuteMs);
      assert.equal(scene.asked.length, 3);
    });

    it("asks again once it has the newer sign-in", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 6 * secondMs);
      assert.equal(scene.asked.length, 1);
      scene.credentials.generation = 4;
      scene.poller.configurationChanged();
      await clock.advance(10 * secondMs);
      assert.equal(scene.asked.length, 2);
    });
  });

  it("tells the others the generation of its sign-in, so that windows with an older one notice", async () => {
    scene.credentials.generation = 7;
    scene.startWith(1);
    await clock.advance(secondMs);
    let account = emptyAccount;
    await scene.elsewhere(disk, (carStore) => void ({ account } = carStore.current));
    assert.deepEqual([account.generation, account.credentials], [7, "the credentials"]);
  });

  it("tells no generation without a request", async () => {
    scene.credentials.generation = 7;
    scene.refuses = { which: "first", reason: "turnOver" };
    scene.startWith(1);
    await clock.advance(secondMs);
    assert.equal(scene.carStore.current.account.generation, undefined);
  });

  it("tells the others the time of its next check", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    let nextCheckAt: number | undefined;
    await scene.elsewhere(disk, (carStore) => void ({ nextCheckAt } = carStore.current));
    assert.equal(nextCheckAt, scene.asked[0]!.at + scene.takesMs + scene.interval);
  });

  it("goes first after the user has entered credentials here, even if no request was possible yet", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await readElsewhere();
    scene.refuses = { which: "first", reason: "minuteSpent" };
    scene.enter("others");
    await clock.advance(0);
    let askedBy: string | undefined;
    await scene.elsewhere(disk, (carStore) => void ({ askedBy } = carStore.current));
    assert.equal(askedBy, "this window");
  });

  it("asks again with credentials that the user enters again after signing out", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    const { credentials, poller } = scene;
    credentials.isSignedOut = true;
    credentials.current = undefined;
    poller.configurationChanged();
    await clock.advance(secondMs);
    assert.equal(scene.carStore.current.account.signedOut, true);
    credentials.isSignedOut = false;
    scene.enter("the credentials");
    await clock.advance(secondMs);
    assert.equal(scene.asked.length, 2);
  });

  it("sends no extra request with credentials that another window has already used", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    await readElsewhere("entered there");
    scene.enter("entered there");
    await clock.advance(minuteMs);
    assert.equal(scene.asked.length, 1);
  });

  it("keeps all windows signed out if the user refreshes here before the sign-out has arrived", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    await scene.elsewhere(disk, (carStore) => carStore.updateAccount((account) => ({ ...account, signedOut: true })));
    await settled(scene.poller.refresh());
    assert.equal(scene.carStore.current.account.signedOut, true);
  });

  it("does not wait for others with a check that is due because this window got focus", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.focus.set(false);
    await clock.advance(minuteMs);
    scene.interval = hourMs;
    await readElsewhere();
    await clock.advance(10 * minuteMs);
    scene.interval = 5 * minuteMs;
    scene.focus.set(true);
    await clock.advance(0);
    assert.equal(scene.asked.length, 2);
  });

  it("leaves a check to the window that asked last if this window gets focus with a fresh reading", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.focus.set(false);
    const dueAt = await readElsewhere();
    await clock.advance(minuteMs);
    scene.focus.set(true);
    const seconds = await askedAfter(dueAt);
    assert.ok(seconds > 4 && seconds < 6, `${seconds}`);
  });

  it("never shows a past time for another window's check", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = await readElsewhere();
    await clock.advance(dueAt - clock.now() + 2 * secondMs);
    scene.focus.set(false);
    const { nextCheckAt = 0 } = scene.carStore.current;
    assert.ok(nextCheckAt > clock.now() && nextCheckAt < dueAt + 10 * secondMs, `${nextCheckAt - dueAt}`);
  });

  it("does not wait for others once it has no shared state", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = await readElsewhere();
    scene.carStore.sharingChanged("alone");
    scene.poller.configurationChanged();
    assert.equal(await askedAfter(dueAt), 0);
  });

  it("keeps a gap of ten seconds after the folder was deleted, because another window may have asked", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    for (const name of await disk.open("storage").list()) await disk.open("storage").remove(name);
    scene.carStore.wanted([vinNumber(0)]);
    scene.poller.configurationChanged();
    await clock.advance(9 * secondMs);
    assert.equal(scene.asked.length, 1);
    await clock.advance(3 * secondMs);
    assert.equal(scene.asked.length, 2);
  });
});

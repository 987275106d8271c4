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

  /** The time (s) after the check was due at which this window asks. */
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

  it("asks at once where none has asked yet", async () => {
    scene.startWith(1);
    await clock.advance(0);
    assert.equal(scene.asked.length, 1);
  });

  it("asks first where it has asked last", async () => {
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
      assert.equal(scene.carStore.current.nextCheckAt, dueAt, "and shows when that window asks");
      assert.ok(Math.abs((await askedAfter(dueAt)) - seconds) < 1);
    });
  }

  it("asks for nothing that another window has just read, and plans by that", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    for (let times = 0; times < 5; times++) {
      await clock.advance(scene.interval - secondMs);
      await readElsewhere();
    }
    assert.equal(scene.asked.length, 1);
  });

  it("leaves a check for 2 min to windows with other credentials, which it then replaces", async () => {
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

  it("asks for nothing with credentials that the user has signed out of in another window", async () => {
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

  it("asks for nothing once another window has deleted everything, although it still has credentials", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    await scene.elsewhere(disk, (carStore) => carStore.forgetAll(clock.now()));
    await clock.advance(5 * hourMs);
    assert.equal(scene.asked.length, 1);
  });

  it("tells the others that the user has signed out here, and not that a secret is late", async () => {
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

  it("does not take credentials that are still being loaded for new ones, nor for none", async () => {
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

  it("asks for nothing where a newer version of the extension has written the state", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    disk.put("storage/state.900.json", '{"schema":99}');
    await clock.advance(15 * secondMs);
    assert.equal(scene.carStore.current.sharing, "newer");
    await clock.advance(5 * hourMs);
    assert.equal(scene.asked.length, 1);
    assert.equal((await settled(scene.poller.refresh())).kind, "notReady");
  });

  it("looks at the lock once a heartbeat while another window asks, which may have been killed", async () => {
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
    assert.equal(scene.asked.length, 2, "the car is due where it was");
    purposes.splice(0);
    await clock.advance(minuteMs);
    assert.deepEqual(purposes, []);
  });

  it("tries again once a heartbeat after a turn that was not to be had, also where that is longer than a minute", async () => {
    const slow = new PollerScene(clock, { disk, heartbeatMs: 5 * minuteMs });
    slow.noTurn = "busy";
    slow.startWith(1);
    await clock.advance(14 * minuteMs);
    assert.equal(slow.purposes.length, 3);
    slow.dispose();
  });

  for (const outcome of ["busy", "gone", "unusable"] as const) {
    it(`tries again 5 s after a turn that was not to be had (${outcome})`, async () => {
      scene.noTurn = outcome;
      scene.startWith(1);
      await clock.advance(26 * secondMs);
      assert.equal(scene.purposes.length, 6);
      assert.deepEqual(scene.asked, []);
      scene.noTurn = undefined;
      await clock.advance(5 * secondMs);
      assert.equal(scene.asked.length, 1);
    });
  }

  it("keeps the ten seconds also from a request of another window, and where the clock is set", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    await readElsewhere();
    for (const by of [0, hourMs]) {
      clock.jump(by);
      assert.equal((await scene.poller.refresh()).kind, "recent");
    }
    assert.equal(scene.asked.length, 1);
  });

  describe("where another page holds the newer sign-in", () => {
    beforeEach(async () => {
      scene.credentials.generation = 3;
      scene.startWith(1);
      await clock.advance(minuteMs);
    });

    it("marks a car as wanted when it is due, and leaves it to that page for as long as that asks", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      // On the desktop the newer sign-in may still be on its way for 2 s.
      await clock.advance(dueAt - clock.now() + 8 * secondMs);
      assert.equal(scene.asked.length, 1);
      let recheck: boolean | undefined;
      await scene.elsewhere(disk, (carStore) => void (recheck = carStore.car(vinNumber(0))?.recheck));
      assert.equal(recheck, true, "so every window can see");
      await readElsewhere("the credentials", 5);
      await clock.advance(minuteMs);
      assert.equal(scene.asked.length, 1);
    });

    it("waits for that page up to 30 s for the answer to a refresh", async () => {
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

    it("presents what it has once no window has asked for longer than the interval and 2 minutes", async () => {
      const readAt = clock.now();
      await readElsewhere("the credentials", 4);
      await clock.advance(scene.interval + 2 * minuteMs - secondMs);
      assert.equal(scene.asked.length, 1);
      assert.equal(scene.poller.isQuiet, false);
      await clock.advance(5 * minuteMs);
      assert.equal(scene.asked.length, 2);
      assert.ok(scene.asked[1]!.at >= readAt + scene.interval + 2 * minuteMs);
    });

    it("asks with the newer sign-in itself where that arrives within two seconds of the check", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 6.5 * secondMs);
      assert.equal(scene.asked.length, 1);
      scene.credentials.generation = 4;
      await clock.advance(200);
      assert.equal(scene.asked.length, 2);
    });

    it("looks every two minutes only whether that page still asks, and shows when it should have", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 8 * secondMs);
      scene.purposes.length = 0;
      await clock.advance(minuteMs);
      assert.deepEqual(scene.purposes, []);
      assert.equal(scene.carStore.current.nextCheckAt, dueAt);
      await clock.advance(minuteMs);
      assert.equal(scene.purposes.length, 1);
    });

    it("asks again as before with a sign-in that it gets after it has found out", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 20 * secondMs);
      assert.equal(scene.asked.length, 1);
      scene.credentials.generation = 4;
      scene.poller.configurationChanged();
      await clock.advance(6 * secondMs);
      assert.equal(scene.asked.length, 2);
    });

    it("leaves the check to that page where Volvo's client says that it has the sign-in", async () => {
      scene.fails = () => ({ kind: "noCredentials", problem: { kind: "signedInElsewhere" } });
      const dueAt = await readElsewhere();
      await clock.advance(dueAt - clock.now() + 10 * secondMs);
      assert.equal(scene.asked.length, 2);
      await clock.advance(minuteMs);
      assert.equal(scene.asked.length, 2, "and tries after two minutes only");
      await clock.advance(2 * minuteMs);
      assert.equal(scene.asked.length, 3);
    });

    it("asks again as before once it has the newer sign-in itself", async () => {
      const dueAt = await readElsewhere("the credentials", 4);
      await clock.advance(dueAt - clock.now() + 6 * secondMs);
      assert.equal(scene.asked.length, 1);
      scene.credentials.generation = 4;
      scene.poller.configurationChanged();
      await clock.advance(10 * secondMs);
      assert.equal(scene.asked.length, 2);
    });
  });

  it("tells which sign-in it has asked with, so that pages with an older one can know", async () => {
    scene.credentials.generation = 7;
    scene.startWith(1);
    await clock.advance(secondMs);
    let account = emptyAccount;
    await scene.elsewhere(disk, (carStore) => void ({ account } = carStore.current));
    assert.deepEqual([account.generation, account.credentials], [7, "the credentials"]);
  });

  it("tells of no sign-in that no request could be made with", async () => {
    scene.credentials.generation = 7;
    scene.refuses = { which: "first", reason: "turnOver" };
    scene.startWith(1);
    await clock.advance(secondMs);
    assert.equal(scene.carStore.current.account.generation, undefined);
  });

  it("tells the others when it will ask next", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    let nextCheckAt: number | undefined;
    await scene.elsewhere(disk, (carStore) => void ({ nextCheckAt } = carStore.current));
    assert.equal(nextCheckAt, scene.asked[0]!.at + scene.takesMs + scene.interval);
  });

  it("goes first from when the user has entered credentials here, also where nothing could be asked yet", async () => {
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

  it("asks again with credentials that the user has signed out of and entered again here", async () => {
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

  it("asks for nothing with credentials that were entered in another window, which has asked with them", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    await readElsewhere("entered there");
    scene.enter("entered there");
    await clock.advance(minuteMs);
    assert.equal(scene.asked.length, 1);
  });

  it("leaves all signed out where the user refreshes before this window has noticed", async () => {
    scene.startWith(1);
    await clock.advance(minuteMs);
    await scene.elsewhere(disk, (carStore) => carStore.updateAccount((account) => ({ ...account, signedOut: true })));
    await settled(scene.poller.refresh());
    assert.equal(scene.carStore.current.account.signedOut, true);
  });

  it("leaves no check to others that focus in this window has made due", async () => {
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

  it("leaves a check to the window that asked last where focus has come back to a fresh reading", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.focus.set(false);
    const dueAt = await readElsewhere();
    await clock.advance(minuteMs);
    scene.focus.set(true);
    const seconds = await askedAfter(dueAt);
    assert.ok(seconds > 4 && seconds < 6, `${seconds}`);
  });

  it("shows no time of another window that has passed", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = await readElsewhere();
    await clock.advance(dueAt - clock.now() + 2 * secondMs);
    scene.focus.set(false);
    const { nextCheckAt = 0 } = scene.carStore.current;
    assert.ok(nextCheckAt > clock.now() && nextCheckAt < dueAt + 10 * secondMs, `${nextCheckAt - dueAt}`);
  });

  it("waits for no other where it cannot see them any more", async () => {
    scene.startWith(1);
    await clock.advance(secondMs);
    const dueAt = await readElsewhere();
    scene.carStore.sharingChanged("alone");
    scene.poller.configurationChanged();
    assert.equal(await askedAfter(dueAt), 0);
  });

  it("keeps ten seconds where the folder is deleted, in which another window may have asked", async () => {
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

import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { emptyAccount } from "../../../src/charging/account";
import { utcDay } from "../../../src/charging/quota";
import { vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { MemoryDisk, systemError } from "../../support/disk/memoryFolder";
import { afterAMinute, PollerScene } from "../../support/pollerScene";

describe("The poller", () => {
  let clock: FakeClock;
  let scene: PollerScene;

  const settled = <T>(promise: Promise<T>) => afterAMinute(clock, promise);

  beforeEach(() => {
    clock = new FakeClock();
    scene = new PollerScene(clock);
  });

  afterEach(() => {
    scene.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("lets none wait for a check that is due once it is off, as after a sign-out", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.enter("others");
    await clock.advance(0);
    let isDone = false;
    void poller.checkDue().then(() => (isDone = true));
    await clock.advance(secondMs);
    assert.equal(isDone, false, "asked a moment ago, so it waits");
    poller.off();
    await clock.advance(0);
    assert.equal(isDone, true);
    assert.equal(asked.length, 1);
  });

  it("announces all cars of a batch before it asks for the first", async () => {
    const { carStore, asked } = scene;
    const known: unknown[] = [];
    scene.announced = () => {
      known.push([
        asked.length,
        carStore.current.checking,
        carStore.current.cars.map(({ attemptedAt }) => attemptedAt),
      ]);
      return Promise.resolve();
    };
    const now = clock.now();
    scene.startWith(2);
    await clock.advance(secondMs);
    assert.deepEqual(known, [[0, [0, 1].map(vinNumber), [now, now]]]);
    assert.equal(asked.length, 2);
  });

  for (const reason of ["turnOver", "minuteSpent"] as const) {
    it(`leaves cars as due as they are where it may not ask (${reason}), and tries again with time between`, async () => {
      const { carStore, poller, asked, purposes } = scene;
      scene.startWith(2);
      await clock.advance(minuteMs);
      scene.enter("others");
      scene.refuses = { which: "first", reason };
      const before = purposes.length;
      await clock.advance(2 * secondMs);
      const tries = purposes.length - before;
      assert.ok(tries > 1 && tries <= 4, `${tries}`);
      assert.deepEqual(
        carStore.current.cars.map(({ recheck, problem, failures }) => [recheck, problem, failures]),
        [
          [true, undefined, 0],
          [true, undefined, 0],
        ],
      );
      scene.refuses = undefined;
      assert.equal((await settled(poller.refresh())).kind, "checked");
      assert.equal(asked.length, 4);
    });
  }

  it("leaves cars as due as they are where it cannot announce them", async () => {
    const { carStore, poller, log } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    const before = carStore.current.cars;
    scene.announced = () => Promise.reject(systemError("EIO"));
    assert.deepEqual(await settled(poller.refresh()), { kind: "unanswered" });
    assert.deepEqual(carStore.current.cars, before);
    assert.deepEqual(carStore.current.checking, []);
    assert.match(log.lines.join(), /^error Polling failed unexpectedly: EIO/);
    scene.announced = () => Promise.resolve();
    assert.equal((await settled(poller.refresh())).kind, "checked");
  });

  it("asks again after ten seconds where a request was made before the next was refused", async () => {
    const { asked, poller } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    scene.refuses = { which: "second", reason: "turnOver" };
    void poller.refresh();
    await clock.advance(secondMs);
    scene.refuses = undefined;
    await clock.advance(8 * secondMs);
    assert.equal(asked.length, 2);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 3);
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
  });

  it("keeps ten seconds between two requests for a car, also where the clock is set", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    for (const jump of [0, hourMs, -2 * hourMs]) {
      clock.jump(jump);
      assert.equal((await poller.refresh()).kind, "recent");
    }
    scene.jump(24 * hourMs);
    await clock.advance(8 * secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(3 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("keeps ten seconds from the moment at which the request left, also where no answer is waited for", async () => {
    const { poller, carStore } = scene;
    scene.leavesAfterMs = 12 * secondMs;
    scene.takesMs = minuteMs;
    scene.startWith(1);
    await clock.advance(13 * secondMs);
    assert.equal(carStore.current.cars[0]?.attemptedAt, clock.now() - secondMs);
    poller.off();
    poller.on();
    scene.leavesAfterMs = 0;
    assert.equal((await poller.refresh()).kind, "recent");
    clock.jump(hourMs);
    await clock.advance(8 * secondMs);
    assert.equal((await poller.refresh()).kind, "recent");
  });

  it("does not wait for the moment after a sleep that a clock told which has been set back since", async () => {
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

  it("takes no calls of a date that was wrong for those of the day that it is again", async () => {
    const { carStore, asked } = scene;
    scene.budget = 300;
    scene.startWith(1);
    await clock.advance(secondMs);
    carStore.updateAccount((account) => ({ ...account, calls: { day: utcDay(clock.now()), calls: 300 } }));
    scene.jump(-48 * hourMs);
    await clock.advance(scene.interval + minuteMs);
    assert.equal(asked.length, 2);
  });

  it("asks within seconds of waking up, and not in the moment in which the network is not there yet", async () => {
    const { asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.jump(8 * hourMs);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(28 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("asks within 30 s of waking up also where only the clock tells of the sleep", async () => {
    const { asked } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    clock.jump(8 * hourMs);
    await clock.advance(30 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("obeys a rate limit although other cars still got their answers", async () => {
    const { carStore, poller, asked } = scene;
    scene.fails = (vin) => (vin === vinNumber(1) ? { kind: "rateLimited", waitMs: hourMs } : undefined);
    scene.startWith(4);
    await clock.advance(secondMs);
    assert.equal(asked.length, 4);
    assert.equal(carStore.current.account.hold?.kind, "rateLimited");
    assert.equal((await poller.refresh()).kind, "held");
    await clock.advance(hourMs - 2 * secondMs);
    assert.equal(asked.length, 4);
    await clock.advance(10 * secondMs);
    assert.equal(asked.length, 8);
  });

  it("backs off to half an hour where a rate limit goes on that names no time", async () => {
    const { asked } = scene;
    scene.interval = minuteMs;
    scene.takesMs = 0;
    scene.fails = () => ({ kind: "rateLimited", waitMs: undefined });
    scene.startWith(1);
    await clock.advance(2 * hourMs);
    const gaps = asked.slice(1).map(({ at }, index) => (at - asked[index]!.at) / minuteMs);
    assert.deepEqual(gaps, [1, 2, 4, 8, 16, 30, 30]);
  });

  it("asks for no car that was not asked for yet when Volvo says stop, and asks for those first later", async () => {
    const { carStore, asked } = scene;
    scene.fails = (_, count) => (count <= 4 ? { kind: "quotaSpent", waitMs: hourMs } : undefined);
    scene.startWith(8);
    await clock.advance(secondMs);
    assert.equal(asked.length, 4);
    assert.ok(carStore.current.cars.every(({ problem }) => problem?.kind === "quotaSpent"));
    await clock.advance(hourMs + 20 * secondMs);
    assert.deepEqual(
      asked.slice(4, 8).map(({ vin }) => vin),
      [4, 5, 6, 7].map(vinNumber),
    );
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

  it("obeys a wait that was met since the check was planned, as by a request for the list of cars", async () => {
    const { carStore, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    await clock.advance(hourMs - secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(minuteMs);
    assert.equal(asked.length, 2);
  });

  it("calls no car checked that it was not permitted to ask for", async () => {
    const { poller, asked } = scene;
    scene.startWith(2);
    await clock.advance(minuteMs);
    scene.refuses = { which: "first", reason: "turnOver" };
    assert.deepEqual(await poller.refresh(), { kind: "unanswered" });
    assert.equal(asked.length, 2);
  });

  it("stops within a batch when the budget is spent, and goes on with the new day", async () => {
    const { poller, asked } = scene;
    scene.budget = 5;
    scene.startWith(12);
    await clock.advance(minuteMs);
    assert.equal(asked.length, 5);
    const outcome = await poller.refresh();
    assert.deepEqual(outcome.kind === "held" && outcome.hold.kind, "budgetSpent");
    await clock.advance(15 * hourMs);
    assert.equal(asked.length, 5);
    await clock.advance(2 * hourMs);
    assert.equal(asked.length, 10);
  });

  it("sends 60 requests within a minute at most, and the rest when there is room again", async () => {
    const { asked, carStore } = scene;
    scene.interval = 10 * minuteMs;
    scene.takesMs = 0;
    const startedAt = clock.now();
    scene.startWith(100);
    await clock.advance(minuteMs - secondMs);
    assert.equal(asked.length, 60);
    assert.equal(carStore.current.nextCheckAt, startedAt + minuteMs);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 100);
    assert.equal(new Set(asked.map(({ vin }) => vin)).size, 100, "each once");
    assert.ok(carStore.current.cars.every(({ problem, reading }) => !problem && reading));
  });

  it("ends a turn that lasts too long, and asks for the rest in the next", async () => {
    const { asked, purposes } = scene;
    scene.startLimitMs = 2 * secondMs;
    scene.takesMs = secondMs;
    scene.startWith(12);
    await clock.advance(2 * secondMs - 1);
    assert.equal(asked.length, 8);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 12);
    assert.equal(purposes.length, 2);
    assert.equal(new Set(asked.map(({ vin }) => vin)).size, 12);
  });

  it("drops answers that come after another window has taken the turn over, and asks again after the gap", async () => {
    const { carStore, asked } = scene;
    scene.takesMs = 2 * secondMs;
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.isHeld = false;
    await clock.advance(2 * secondMs);
    assert.deepEqual([carStore.current.cars[0]?.reading, carStore.current.checking], [undefined, []]);
    scene.isHeld = true;
    await clock.advance(6 * secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(4 * secondMs);
    assert.equal(asked.length, 2);
    assert.ok(carStore.current.cars[0]?.reading);
  });

  it("writes nothing once it is off, and aborts what is under way", async () => {
    const { carStore, poller } = scene;
    scene.takesMs = 20 * secondMs;
    scene.startWith(2);
    await clock.advance(secondMs);
    assert.deepEqual(carStore.current.checking.length, 2);
    poller.off();
    await clock.advance(0);
    assert.deepEqual(carStore.current.checking, []);
    const state = carStore.current;
    await clock.advance(hourMs);
    assert.equal(carStore.current, state);
    assert.equal(poller.isOn, false);
  });

  it("tells no time of a next check, and holds no timer, while it takes no part", async () => {
    const { carStore, poller, credentials } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    assert.ok(carStore.current.nextCheckAt);
    const ends = [
      () => poller.off(),
      () => (credentials.current = undefined),
      () => scene.carStore.configure([]),
    ] as const;
    for (const end of ends) {
      end();
      poller.configurationChanged();
      assert.equal(carStore.current.nextCheckAt, undefined);
      assert.equal(clock.pendingTimers, 0);
      assert.deepEqual(await poller.refresh(), { kind: "notReady" });
      credentials.current = "the credentials";
      scene.startWith(1);
      await clock.advance(minuteMs);
      assert.ok(carStore.current.nextCheckAt);
    }
  });

  it("stops after a pasted token was refused twice, until it gets new credentials", async () => {
    const { carStore, asked } = scene;
    scene.fails = () => ({ kind: "tokenRefused" });
    scene.startWith(2);
    await clock.advance(24 * hourMs);
    assert.equal(asked.length, 4);
    assert.equal(carStore.current.nextCheckAt, undefined);
    scene.fails = () => undefined;
    scene.enter("others");
    await clock.advance(secondMs);
    assert.equal(asked.length, 6);
  });

  it("holds no answer to the old credentials against the new ones, and asks again with those", async () => {
    const { carStore, asked, credentials } = scene;
    scene.takesMs = 5 * secondMs;
    scene.fails = () => ({ kind: "tokenRefused" });
    scene.startWith(6);
    await clock.advance(secondMs);
    assert.equal(asked.length, 4);
    credentials.current = "others";
    carStore.credentialsChanged("others");
    scene.fails = () => undefined;
    await clock.advance(4.5 * secondMs);
    assert.equal(carStore.current.account.tokenRefusals, 0);
    assert.ok(carStore.current.cars.every(({ problem, reading, recheck }) => !problem && !reading && recheck));
    await clock.advance(15 * secondMs);
    assert.deepEqual(
      asked.slice(4).map(({ vin }) => vin),
      [4, 5, 0, 1, 2, 3].map(vinNumber),
    );
    assert.ok(carStore.current.cars.every(({ reading }) => reading));
  });

  it("asks at once for what it was about to ask for when the credentials changed", async () => {
    const { asked, carStore } = scene;
    let proceed: () => void = () => undefined;
    scene.announced = () => new Promise((resolve) => (proceed = resolve));
    scene.startWith(1);
    await clock.advance(secondMs);
    carStore.credentialsChanged("others");
    scene.enter("others");
    scene.announced = () => Promise.resolve();
    proceed();
    await clock.advance(0);
    assert.equal(asked.length, 0);
    await clock.advance(secondMs);
    assert.equal(asked.length, 1);
  });

  it("believes that a key is wrong after three refusals in a row, and goes on trying", async () => {
    const { asked, carStore } = scene;
    scene.fails = () => ({ kind: "apiKeyRefused" });
    scene.startWith(1);
    const problems: (string | undefined)[] = [];
    while (asked.length < 4) {
      const before = asked.length;
      while (asked.length === before) await clock.advance(secondMs);
      await clock.advance(secondMs);
      problems.push(carStore.current.cars[0]?.problem?.kind);
    }
    assert.deepEqual(problems, ["serviceUnavailable", "serviceUnavailable", "apiKeyRejected", "apiKeyRejected"]);
  });

  it("comes back within half an hour after an outage of any length", async () => {
    const { carStore } = scene;
    scene.startWith(1);
    for (const outageMs of [minuteMs, hourMs, 100 * hourMs]) {
      scene.fails = () => ({ kind: "offline", certificate: false });
      await clock.advance(outageMs);
      scene.fails = () => undefined;
      await clock.advance(30 * minuteMs + scene.interval);
      assert.equal(carStore.current.cars[0]?.problem, undefined);
    }
  });

  it("asks for the models of cars without a name in the turn in which they were read", async () => {
    const { carStore, named, purposes } = scene;
    scene.startWith(2);
    carStore.configure([{ vin: vinNumber(0) }, { vin: vinNumber(1), name: "Company car" }]);
    await clock.advance(secondMs);
    assert.deepEqual([named, purposes], [[vinNumber(0)], ["check"]]);
  });

  it("asks for nothing while it is paused, and for what the user refreshes", async () => {
    const { carStore, poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    const until = clock.now() + hourMs;
    carStore.modeChanged({ kind: "paused", since: clock.now(), until });
    poller.configurationChanged();
    assert.equal(carStore.current.nextCheckAt, until);
    await clock.advance(30 * minuteMs);
    assert.equal(asked.length, 1);
    assert.equal((await settled(poller.refresh())).kind, "checked");
    await clock.advance(28 * minuteMs);
    assert.equal(asked.length, 2);
    await clock.advance(2 * minuteMs);
    assert.equal(asked.length, 3);
    carStore.modeChanged({ kind: "paused", since: clock.now() });
    poller.configurationChanged();
    assert.equal(carStore.current.nextCheckAt, undefined);
    assert.equal((await settled(poller.refresh())).kind, "checked");
    await clock.advance(24 * hourMs);
    assert.equal(asked.length, 4);
    carStore.modeChanged(undefined);
    poller.configurationChanged();
    await clock.advance(secondMs);
    assert.equal(asked.length, 5);
  });

  it("asks every minute while it watches closely, also without focus, and as before thereafter", async () => {
    const { carStore, poller, asked, focus } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    focus.set(false);
    carStore.modeChanged({ kind: "closely", since: clock.now(), until: clock.now() + hourMs });
    poller.configurationChanged();
    await clock.advance(hourMs);
    assert.ok(asked.length >= 59 && asked.length <= 61, `${asked.length}`);
    const before = asked.length;
    await clock.advance(hourMs);
    assert.ok(asked.length - before >= 11 && asked.length - before <= 12, `${asked.length - before}`);
  });

  it("asks at once when focus comes back to a reading older than the interval", async () => {
    const { asked, focus } = scene;
    scene.interval = hourMs;
    scene.startWith(1);
    await clock.advance(secondMs);
    focus.set(false);
    await clock.advance(10 * minuteMs);
    scene.interval = 5 * minuteMs;
    focus.set(true);
    await clock.advance(0);
    assert.equal(asked.length, 2);
  });

  describe("with other windows", () => {
    let disk: MemoryDisk;

    /** The time (s) after the check was due at which this window asks. */
    async function askedAfter(dueAt: number): Promise<number> {
      const before = scene.asked.length;
      for (let step = 0; step < 80 * 60 && scene.asked.length === before; step++) await clock.advance(secondMs / 4);
      return (scene.asked.at(-1)!.at - dueAt) / secondMs;
    }

    /** Another window reads the car. */
    async function readElsewhere(credentials = "the credentials", generation?: number): Promise<number> {
      await scene.elsewhere(disk, (carStore) => {
        carStore.updateAccount((account) => ({
          ...account,
          credentials,
          ...(generation !== undefined && { generation }),
        }));
        carStore.attempted(vinNumber(0), clock.now());
        carStore.requested("another window", clock.now());
        carStore.planned(clock.now() + scene.interval);
        carStore.started([], 0);
      });
      return clock.now() + scene.interval;
    }

    function restart(random = 0): void {
      scene.dispose();
      disk = new MemoryDisk();
      scene = new PollerScene(clock, { disk, random });
    }

    beforeEach(() => restart());

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

    it("takes what another window finds out meanwhile for the answer to a refresh", async () => {
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
  });
});

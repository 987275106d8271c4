import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { systemError } from "../../support/disk/memoryFolder";
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

  it("has a check that is due waited for as long as it takes, also where only one of the cars is new", async () => {
    const { poller, carStore } = scene;
    scene.startWith(1);
    await clock.advance(minuteMs);
    carStore.configure([{ vin: vinNumber(0) }, { vin: vinNumber(1) }]);
    poller.configurationChanged();
    let isDone = false;
    void poller.checkDue().then(() => (isDone = true));
    await clock.advance(scene.takesMs - 1);
    assert.equal(isDone, false);
    await clock.advance(1);
    assert.equal(isDone, true);
    assert.ok(carStore.current.cars.every(({ reading }) => reading));
  });

  it("lets none wait for a check of cars that are all known, nor for one that is not due soon", async () => {
    const { poller, carStore } = scene;
    const isOver = async () => {
      let isDone = false;
      void poller.checkDue().then(() => (isDone = true));
      await clock.advance(0);
      return isDone;
    };
    scene.startWith(1);
    await clock.advance(scene.interval - 5 * secondMs);
    assert.equal(await isOver(), true, "its next check is a matter of routine");
    await clock.advance(10 * secondMs);
    carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    carStore.wanted([vinNumber(0)]);
    poller.configurationChanged();
    assert.equal(await isOver(), true, "Volvo asks to wait for an hour");
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
    assert.deepEqual(scene.log.lines, []);
  });

  it("asks for nothing before it is switched on", async () => {
    const { poller, carStore, asked } = scene;
    carStore.configure([{ vin: vinNumber(0) }]);
    poller.configurationChanged();
    await clock.advance(hourMs);
    assert.deepEqual([poller.isOn, asked], [false, []]);
  });

  it("tries again five seconds after a turn that failed, and not at once", async () => {
    scene.announced = () => Promise.reject(systemError("EIO"));
    scene.startWith(1);
    await clock.advance(14 * secondMs);
    assert.equal(scene.purposes.length, 3);
  });

  it("hands what it has read to the history, with the time between two checks", async () => {
    scene.fails = (vin) => (vin === vinNumber(1) ? { kind: "timeout" } : undefined);
    scene.startWith(2);
    await clock.advance(secondMs);
    const [first] = scene.recorded;
    assert.deepEqual(first?.vins.toSorted(), [vinNumber(0), vinNumber(1)]);
    assert.equal(first.intervalMs, scene.interval);
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

  it("asks at once when focus comes back while failures make it wait, and not when focus goes", async () => {
    const { asked, focus } = scene;
    scene.fails = () => ({ kind: "timeout" });
    scene.startWith(1);
    await clock.advance(hourMs);
    const before = asked.length;
    await clock.advance(asked.at(-1)!.at + 20 * minuteMs - clock.now());
    assert.equal(asked.length, before, "half an hour lies between two tries by now");
    focus.set(false);
    await clock.advance(minuteMs);
    assert.equal(asked.length, before);
    focus.set(true);
    await clock.advance(0);
    assert.equal(asked.length, before + 1);
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
});

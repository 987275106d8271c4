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

  it("lets no caller wait for a due check after it is switched off", async () => {
    const { poller, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    scene.enter("others");
    await clock.advance(0);
    let isDone = false;
    void poller.checkDue().then(() => (isDone = true));
    await clock.advance(secondMs);
    assert.equal(isDone, false, "the car was asked for a moment ago, so the check waits");
    poller.off();
    await clock.advance(0);
    assert.equal(isDone, true);
    assert.equal(asked.length, 1);
  });

  it("lets callers wait for the whole due check, even if only one of the cars is new", async () => {
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

  it("lets no caller wait for a routine check, nor for one that is not due soon", async () => {
    const { poller, carStore } = scene;
    const isOver = async () => {
      let isDone = false;
      void poller.checkDue().then(() => (isDone = true));
      await clock.advance(0);
      return isDone;
    };
    scene.startWith(1);
    await clock.advance(scene.interval - 5 * secondMs);
    assert.equal(await isOver(), true, "the next check is routine");
    await clock.advance(10 * secondMs);
    carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    carStore.wanted([vinNumber(0)]);
    poller.configurationChanged();
    assert.equal(await isOver(), true, "Volvo asks to wait for an hour");
  });

  it("announces all cars of a batch before the first request", async () => {
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
    it(`leaves cars as due as before if no request is permitted (${reason}), and tries again after a pause`, async () => {
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

  it("leaves cars as due as before if it cannot announce them", async () => {
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

  it("asks again after ten seconds if the second request of a reading was refused", async () => {
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

  it("keeps a gap of ten seconds after a request was sent, even if the answer is no longer awaited", async () => {
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

  it("obeys a rate limit even if other cars still got answers", async () => {
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

  it("backs off to half an hour if a rate limit without a time continues", async () => {
    const { asked } = scene;
    scene.interval = minuteMs;
    scene.takesMs = 0;
    scene.fails = () => ({ kind: "rateLimited", waitMs: undefined });
    scene.startWith(1);
    await clock.advance(2 * hourMs);
    const gaps = asked.slice(1).map(({ at }, index) => (at - asked[index]!.at) / minuteMs);
    assert.deepEqual(gaps, [1, 2, 4, 8, 16, 30, 30]);
  });

  it("asks for no further car once Volvo asks to wait, and starts with those cars later", async () => {
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

  it("obeys a wait that began after the check was planned, for example with a request for the car list", async () => {
    const { carStore, asked } = scene;
    scene.startWith(1);
    await clock.advance(secondMs);
    carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    await clock.advance(hourMs - secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(minuteMs);
    assert.equal(asked.length, 2);
  });

  it("stops within a batch when the budget is spent, and continues on the new day", async () => {
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

  it("sends at most 60 requests within a minute, and the rest when there is room again", async () => {
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

  it("ends a turn that lasts too long, and asks for the remaining cars in the next one", async () => {
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

  it("drops answers that arrive after another window has taken over the turn, and asks again after the gap", async () => {
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

  it("aborts running requests and changes nothing after it is switched off", async () => {
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

  it("sends no request before it is switched on", async () => {
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

  it("passes the cars of a check to the history, with the interval between two checks", async () => {
    scene.fails = (vin) => (vin === vinNumber(1) ? { kind: "timeout" } : undefined);
    scene.startWith(2);
    await clock.advance(secondMs);
    const [first] = scene.recorded;
    assert.deepEqual(first?.vins.toSorted(), [vinNumber(0), vinNumber(1)]);
    assert.equal(first.intervalMs, scene.interval);
  });

  it("plans no next check, and has no timer, while it cannot poll", async () => {
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

  it("does not apply answers for the old credentials to the new ones, and asks again with those", async () => {
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

  it("asks at once for the cars of a check that a change of credentials has interrupted", async () => {
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

  it("reports a key as wrong after three refusals in a row, and keeps trying", async () => {
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

  it("recovers within half an hour and an interval after an outage of any length", async () => {
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

  it("requests the models of cars without a name in the turn in which they were read", async () => {
    const { carStore, named, purposes } = scene;
    scene.startWith(2);
    carStore.configure([{ vin: vinNumber(0) }, { vin: vinNumber(1), name: "Company car" }]);
    await clock.advance(secondMs);
    assert.deepEqual([named, purposes], [[vinNumber(0)], ["check"]]);
  });

  it("sends requests only for the user's refreshes while it is paused", async () => {
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

  it("asks every minute while it watches closely, even without focus, and then as before", async () => {
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

  it("asks at once when the window gets focus during a back-off, and not when it loses focus", async () => {
    const { asked, focus } = scene;
    scene.fails = () => ({ kind: "timeout" });
    scene.startWith(1);
    await clock.advance(hourMs);
    const before = asked.length;
    await clock.advance(asked.at(-1)!.at + 20 * minuteMs - clock.now());
    assert.equal(asked.length, before, "the back-off has reached half an hour");
    focus.set(false);
    await clock.advance(minuteMs);
    assert.equal(asked.length, before);
    focus.set(true);
    await clock.advance(0);
    assert.equal(asked.length, before + 1);
  });

  it("asks at once when the window gets focus and the reading is older than the interval", async () => {
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

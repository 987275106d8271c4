import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs, sleep } from "../../../src/base/clock";
import type { Vin } from "../../../src/charging/vin";
import { Garage } from "../../../src/sync/garage";
import { NotPermittedError } from "../../../src/sync/permission";
import { Poller } from "../../../src/sync/poller";
import { utcDay } from "../../../src/sync/quota";
import type { VolvoClient } from "../../../src/volvo/client";
import { failed, type Failure } from "../../../src/volvo/failure";
import { aReading, RecordingLog, vinNumber } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";

describe("The poller", () => {
  let clock: FakeClock;
  let garage: Garage;
  let poller: Poller;
  let asked: { readonly vin: Vin; readonly at: number }[];
  let fails: (vin: Vin, count: number) => Failure | undefined;
  let interval: number;
  let takesMs: number;
  let leavesAfterMs: number;
  let refuses: boolean;
  let budget: number;
  let announced: () => Promise<void>;

  function startWith(cars: number): void {
    garage.configure(Array.from({ length: cars }, (_, index) => ({ vin: vinNumber(index) })));
    poller.on();
  }

  /** What comes of something that takes some time of the clock. */
  async function settled<T>(promise: Promise<T>): Promise<T> {
    await clock.advance(minuteMs);
    return promise;
  }

  beforeEach(() => {
    clock = new FakeClock();
    garage = new Garage();
    asked = [];
    fails = () => undefined;
    interval = 5 * minuteMs;
    takesMs = 300;
    leavesAfterMs = 0;
    refuses = false;
    budget = 5000;
    announced = () => Promise.resolve();
    const read: VolvoClient["read"] = async (vin, signal, { onSend } = {}) => {
      asked.push({ vin, at: clock.now() });
      if (refuses) throw new NotPermittedError("notLeading");
      const failure = fails(vin, asked.length);
      if (leavesAfterMs > 0) await sleep(clock, leavesAfterMs, signal);
      onSend?.();
      await sleep(clock, takesMs, signal);
      return failure ? failed(failure, "as told") : { ok: true, value: aReading({ fetchedAt: clock.now() }) };
    };
    const none = () => Promise.reject(new Error("not used"));
    poller = new Poller({
      clock,
      garage,
      client: { read, listVehicles: none, carModel: none },
      log: new RecordingLog(),
      settings: () => ({ refreshIntervalMs: interval, adaptive: false, dailyCallBudget: budget }),
      ready: () => true,
      focusedAt: () => clock.now(),
      random: () => 0,
      announced: () => announced(),
    });
  });

  afterEach(() => {
    poller.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("keeps nobody waiting for a check that is due once it is off, as after a sign-out", async () => {
    startWith(1);
    await clock.advance(secondMs);
    garage.credentialsChanged("other");
    poller.replan();
    let isDone = false;
    void poller.checkDue().then(() => (isDone = true));
    await clock.advance(secondMs);
    assert.equal(isDone, false, "asked a moment ago, so it waits");
    poller.off();
    await clock.advance(0);
    assert.equal(isDone, true);
    assert.equal(asked.length, 1);
  });

  it("announces each car before it asks for it", async () => {
    const known: (number | undefined)[] = [];
    announced = () => {
      known.push(garage.car(vinNumber(0))?.attemptedAt);
      return Promise.resolve();
    };
    startWith(1);
    await clock.advance(secondMs);
    assert.deepEqual(known, [asked[0]?.at]);
  });

  it("leaves cars as due as they are where it may not ask, and tries again with time between", async () => {
    startWith(2);
    await clock.advance(minuteMs);
    garage.credentialsChanged("other");
    let refusals = 0;
    announced = () => {
      refusals++;
      return Promise.reject(new NotPermittedError("notLeading"));
    };
    const before = garage.current.cars;
    poller.replan();
    await clock.advance(2 * secondMs);
    assert.deepEqual(garage.current.cars, before);
    assert.ok(refusals > 2 && refusals <= 6, `${refusals}`);
    announced = () => Promise.resolve();
    assert.deepEqual(await settled(poller.refresh()), { kind: "checked", vins: [0, 1].map(vinNumber) });
    assert.equal(asked.length, 4);
  });

  it("asks again after ten seconds where a request may have been made before the next was refused", async () => {
    startWith(1);
    await clock.advance(minuteMs);
    refuses = true;
    void poller.refresh();
    await clock.advance(secondMs);
    refuses = false;
    await clock.advance(8 * secondMs);
    assert.equal(asked.length, 2);
    await clock.advance(2 * secondMs);
    assert.equal(asked.length, 3);
  });

  it("asks once for all who refresh at the same time, and answers each", async () => {
    startWith(3);
    await clock.advance(minuteMs);
    const refreshes = [poller.refresh(), poller.refresh([vinNumber(1)]), poller.refresh()];
    await clock.advance(secondMs);
    const kinds = (await Promise.all(refreshes)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["checked", "checked", "checked"]);
    assert.equal(asked.length, 6);
  });

  it("keeps ten seconds between two requests for a car, whatever the clock does", async () => {
    startWith(1);
    await clock.advance(secondMs);
    for (const jump of [0, hourMs, -2 * hourMs]) {
      clock.jump(jump);
      assert.equal((await poller.refresh()).kind, "recent");
    }
    clock.jump(24 * hourMs);
    poller.clockJumped(24 * hourMs);
    await clock.advance(8 * secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(3 * secondMs);
    assert.equal(asked.length, 2);
  });

  it("keeps ten seconds from the moment at which the request left, also where no answer is waited for", async () => {
    leavesAfterMs = 12 * secondMs;
    takesMs = minuteMs;
    startWith(1);
    await clock.advance(13 * secondMs);
    assert.equal(garage.current.cars[0]?.attemptedAt, clock.now() - secondMs);
    poller.off();
    poller.on();
    leavesAfterMs = 0;
    assert.equal((await poller.refresh()).kind, "recent");
    clock.jump(hourMs);
    await clock.advance(8 * secondMs);
    assert.equal((await poller.refresh()).kind, "recent");
  });

  it("does not wait for the moment after a sleep that a clock told which has been set back since", async () => {
    startWith(1);
    await clock.advance(secondMs);
    poller.clockJumped(10 * hourMs);
    poller.off();
    clock.jump(-24 * hourMs);
    poller.on();
    await clock.advance(interval + minuteMs);
    assert.equal(asked.length, 2);
  });

  it("takes no calls of tomorrow for those of a day that it is again", async () => {
    budget = 300;
    startWith(1);
    await clock.advance(secondMs);
    garage.called({ day: utcDay(clock.now()), calls: 300 });
    clock.jump(-24 * hourMs);
    poller.clockJumped(-24 * hourMs);
    await clock.advance(interval + minuteMs);
    assert.equal(asked.length, 2);
  });

  it("obeys a rate limit although other cars still got their answers", async () => {
    fails = (vin) => (vin === vinNumber(1) ? { kind: "rateLimited", waitMs: hourMs } : undefined);
    startWith(4);
    await clock.advance(secondMs);
    assert.equal(asked.length, 4);
    assert.equal(garage.current.account.hold?.kind, "rateLimited");
    assert.equal((await poller.refresh()).kind, "held");
    await clock.advance(hourMs - 2 * secondMs);
    assert.equal(asked.length, 4);
    await clock.advance(10 * secondMs);
    assert.equal(asked.length, 8);
  });

  it("backs off to half an hour where a rate limit goes on that names no time", async () => {
    interval = minuteMs;
    takesMs = 0;
    fails = () => ({ kind: "rateLimited", waitMs: undefined });
    startWith(1);
    await clock.advance(2 * hourMs);
    const gaps = asked.slice(1).map(({ at }, index) => (at - asked[index]!.at) / minuteMs);
    assert.deepEqual(gaps, [1, 2, 4, 8, 16, 30, 30]);
  });

  it("leaves the cars in peace that were not asked for yet when Volvo says stop, and asks for them first later", async () => {
    fails = (_, count) => (count <= 4 ? { kind: "quotaSpent", waitMs: hourMs } : undefined);
    startWith(8);
    await clock.advance(secondMs);
    assert.equal(asked.length, 4);
    assert.ok(garage.current.cars.every(({ problem }) => problem?.kind === "quotaSpent"));
    await clock.advance(hourMs + 20 * secondMs);
    assert.deepEqual(
      asked.slice(4, 8).map(({ vin }) => vin),
      [4, 5, 6, 7].map(vinNumber),
    );
  });

  it("asks for nothing during a wait that the batch met which a refresh by hand has joined", async () => {
    fails = (_, count) => (count <= 4 ? { kind: "rateLimited", waitMs: hourMs } : undefined);
    startWith(8);
    await clock.advance(100);
    const [all, last] = [poller.refresh(), poller.refresh([vinNumber(7)])];
    await clock.advance(minuteMs);
    assert.equal(asked.length, 4);
    assert.deepEqual(await all, { kind: "checked", vins: [0, 1, 2, 3].map(vinNumber) });
    assert.equal((await last).kind, "held");
  });

  it("obeys a wait that was met since the check was planned, as by whoever asks for the list of cars", async () => {
    startWith(1);
    await clock.advance(secondMs);
    garage.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    await clock.advance(hourMs - secondMs);
    assert.equal(asked.length, 1);
    await clock.advance(minuteMs);
    assert.equal(asked.length, 2);
  });

  it("calls no car checked that it was not permitted to ask for", async () => {
    startWith(2);
    await clock.advance(minuteMs);
    announced = () => Promise.reject(new NotPermittedError("notLeading"));
    assert.deepEqual(await poller.refresh(), { kind: "unanswered" });
    assert.equal(asked.length, 2);
  });

  it("stops within a batch when the budget is spent", async () => {
    budget = 5;
    const { settle } = {
      settle: () => garage.called({ day: Math.floor(clock.now() / (24 * hourMs)), calls: asked.length }),
    };
    fails = () => {
      settle();
      return undefined;
    };
    startWith(12);
    await clock.advance(minuteMs);
    assert.ok(asked.length >= 5 && asked.length <= 8, `${asked.length}`);
    const before = asked.length;
    const outcome = await poller.refresh();
    assert.deepEqual(outcome.kind === "held" && outcome.hold.kind, "budgetSpent");
    await clock.advance(15 * hourMs);
    assert.equal(asked.length, before);
    await clock.advance(2 * hourMs);
    assert.ok(asked.length > before);
  });

  it("writes nothing once it is off, and aborts what is under way", async () => {
    takesMs = 20 * secondMs;
    startWith(2);
    await clock.advance(secondMs);
    assert.deepEqual(garage.current.checking.length, 2);
    poller.off();
    assert.deepEqual(garage.current.checking, []);
    const state = garage.current;
    await clock.advance(hourMs);
    assert.equal(garage.current, state);
  });

  it("leaves the plan of another window alone while it is off", async () => {
    garage.configure([{ vin: vinNumber(0) }]);
    garage.planned(clock.now() + minuteMs);
    poller.off();
    poller.replan();
    assert.equal(garage.current.nextCheckAt, clock.now() + minuteMs);
    poller.on();
    await clock.advance(secondMs);
    poller.off();
    assert.equal(garage.current.nextCheckAt, undefined);
  });

  it("pauses after a pasted token was refused twice, until it is told of new credentials", async () => {
    fails = () => ({ kind: "tokenRefused" });
    startWith(2);
    await clock.advance(24 * hourMs);
    assert.equal(asked.length, 4);
    assert.equal(garage.current.nextCheckAt, undefined);
    fails = () => undefined;
    garage.credentialsChanged("other");
    poller.replan();
    await clock.advance(secondMs);
    assert.equal(asked.length, 6);
  });

  it("holds no answer to the old credentials against the new ones, and asks again with those", async () => {
    takesMs = 5 * secondMs;
    fails = () => ({ kind: "tokenRefused" });
    garage.credentialsChanged("old");
    startWith(6);
    await clock.advance(secondMs);
    assert.equal(asked.length, 4);
    garage.credentialsChanged("new");
    poller.replan();
    fails = () => undefined;
    await clock.advance(4.5 * secondMs);
    assert.equal(garage.current.account.tokenRefusals, 0);
    assert.ok(garage.current.cars.every(({ problem, reading, recheck }) => !problem && !reading && recheck));
    await clock.advance(15 * secondMs);
    assert.deepEqual(
      asked.slice(4).map(({ vin }) => vin),
      [4, 5, 0, 1, 2, 3].map(vinNumber),
    );
    assert.ok(garage.current.cars.every(({ reading }) => reading));
  });

  it("asks at once for what it was about to ask for when the credentials changed", async () => {
    let proceed: () => void = () => undefined;
    announced = () => new Promise((resolve) => (proceed = resolve));
    garage.credentialsChanged("old");
    startWith(1);
    await clock.advance(secondMs);
    garage.credentialsChanged("new");
    announced = () => Promise.resolve();
    proceed();
    await clock.advance(0);
    assert.equal(asked.length, 0);
    await clock.advance(secondMs);
    assert.equal(asked.length, 1);
  });

  it("believes that a key is wrong after three refusals in a row, and goes on trying", async () => {
    fails = () => ({ kind: "apiKeyRefused" });
    startWith(1);
    const problems: (string | undefined)[] = [];
    while (asked.length < 4) {
      const before = asked.length;
      while (asked.length === before) await clock.advance(secondMs);
      await clock.advance(secondMs);
      problems.push(garage.current.cars[0]?.problem?.kind);
    }
    assert.deepEqual(problems, ["serviceUnavailable", "serviceUnavailable", "apiKeyRejected", "apiKeyRejected"]);
  });

  it("comes back within half an hour after an outage of any length", async () => {
    startWith(1);
    for (const outageMs of [minuteMs, hourMs, 100 * hourMs]) {
      fails = () => ({ kind: "offline", certificate: false });
      await clock.advance(outageMs);
      fails = () => undefined;
      await clock.advance(30 * minuteMs + interval);
      assert.equal(garage.current.cars[0]?.problem, undefined);
    }
  });
});

import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import type { Vin } from "../../../src/charging/vin";
import { type CarEvent, eventId } from "../../../src/charging/changes";
import { CarStore } from "../../../src/charging/carStore";
import { callsToday } from "../../../src/charging/quota";
import { readingOf, vinNumber } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);
const plugged = readingOf("connectedAc", start - minuteMs, { fetchedAt: start });

/** The events of an unplugging in a window that reads the car `laterMs` after another one. */
function eventsOf(laterMs: number, vin: Vin): readonly CarEvent[] {
  const carStore = new CarStore();
  carStore.configure([{ vin }]);
  carStore.succeeded(vin, plugged);
  const unplugged = readingOf("disconnected", start + minuteMs, { fetchedAt: start + 5 * minuteMs + laterMs });
  carStore.succeeded(vin, unplugged);
  return carStore.current.events.flatMap((notice) => (notice.kind === "reminder" ? [] : [notice]));
}

describe("An event in the carStore", () => {
  const [first] = eventsOf(0, vinNumber(1));

  it("has the same id in two windows that saw it at different times", () => {
    assert.equal(first?.kind, "disconnected");
    const [other] = eventsOf(20_000, vinNumber(1));
    assert.equal(other?.id, first.id);
    assert.notEqual(other.at, first.at);
  });

  it("has another id for another car, kind or time", () => {
    const change = { kind: "disconnected", since: start + minuteMs } as const;
    const ids = [
      eventId(vinNumber(1), change),
      eventId(vinNumber(2), change),
      eventId(vinNumber(1), { ...change, kind: "connected" }),
      eventId(vinNumber(1), { ...change, since: change.since + 1 }),
    ];
    assert.equal(ids[0], first?.id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("has an id of 16 hex digits, without the VIN", () => {
    assert.match(first?.id ?? "", /^[0-9a-f]{16}$/);
  });
});

describe("The watched battery levels", () => {
  it("are events once they are crossed", () => {
    const carStore = new CarStore(() => [[80]]);
    const vin = vinNumber(1);
    carStore.configure([{ vin }]);
    for (const [index, level] of [79, 81].entries()) {
      const at = start + index * 5 * minuteMs;
      const details = { batteryLevel: { value: level, measuredAt: at } };
      carStore.succeeded(vin, readingOf("connectedAc", at, { fetchedAt: at, details }));
    }
    const [event, ...others] = carStore.current.events;
    assert.equal(others.length, 0);
    assert.ok(event?.kind === "batteryLevel");
    assert.deepEqual([event.level, event.direction], [80, "up"]);
  });
});

describe("A working version of the Energy API", () => {
  const gone = { kind: "serviceUnavailable", cause: "gone" } as const;
  const none = { scope: "", version: "v2", until: start, failure: { kind: "routeGone" } } as const;
  const { failure: _, ...works } = none;
  const cars = [vinNumber(1), vinNumber(2), vinNumber(3)] as const;

  function dueAfter(...found: readonly Parameters<CarStore["versionFound"]>[0][]): readonly Vin[] {
    const carStore = new CarStore();
    carStore.configure(cars.map((vin) => ({ vin })));
    carStore.succeeded(cars[0], plugged);
    for (const vin of cars.slice(1)) carStore.failed(vin, gone, start, true);
    for (const version of found) carStore.versionFound(version);
    return carStore.current.cars.flatMap(({ vin, recheck }) => (recheck ? [vin] : []));
  }

  it("makes cars with a problem due if no version worked before", () => {
    assert.deepEqual(dueAfter(none, works), cars.slice(1));
  });

  it("makes no car due if another version worked before, or none works now", () => {
    assert.deepEqual(dueAfter(works, works), []);
    assert.deepEqual(dueAfter(none), []);
    assert.deepEqual(dueAfter(none, none), []);
  });
});

describe("The cars that a killed window was checking", () => {
  const [asked, other] = [1, 2].map(vinNumber) as [Vin, Vin];
  const now = start + minuteMs;

  function recovered(askedUntil?: number, vins: readonly Vin[] = [asked]): CarStore {
    const carStore = new CarStore();
    carStore.configure([{ vin: asked }, { vin: other }]);
    for (const vin of [asked, other]) carStore.attempted(vin, start);
    carStore.started(vins, 0);
    carStore.recovered(now, askedUntil);
    return carStore;
  }
  const due = ({ current }: CarStore) => current.cars.map(({ attemptedAt, recheck }) => [attemptedAt, recheck]);

  it("are due, and no others", () => {
    const carStore = recovered();
    assert.deepEqual(due(carStore), [
      [start, true],
      [start, undefined],
    ]);
    assert.deepEqual(carStore.current.checking, []);
  });

  it("count as asked for until the turn was taken over, because the window may have continued until then", () => {
    assert.deepEqual(due(recovered(now)), [
      [now, true],
      [start, undefined],
    ]);
  });

  it("count as two calls each", () => {
    assert.equal(callsToday(recovered().current.account.calls, now), 2);
    assert.equal(callsToday(recovered(now, [asked, other]).current.account.calls, now), 4);
  });

  it("change nothing if there are none", () => {
    const carStore = new CarStore();
    carStore.configure([{ vin: asked }]);
    const before = carStore.current;
    carStore.recovered(now, now);
    assert.equal(carStore.current, before);
  });
});

describe("The state of another window", () => {
  const vins = [1, 2].map(vinNumber) as [Vin, Vin];
  const reading = (kind: "connectedAc" | "disconnected", fetchedAt: number) =>
    readingOf(kind, undefined, { fetchedAt });

  function window(): CarStore {
    const carStore = new CarStore();
    carStore.configure(vins.map((vin, index) => ({ vin, name: `Car ${index}` })));
    return carStore;
  }
  const shown = (carStore: CarStore) => carStore.current.cars.map((car) => car.reading?.connection.value.kind);

  it("replaces everything but the list of cars and their names", () => {
    const [own, other] = [window(), window()];
    other.configure([{ vin: vins[0] }]);
    other.succeeded(vins[0], reading("connectedAc", start));
    other.requested("other", start);
    other.held({ kind: "rateLimited", until: start + minuteMs }, []);
    own.adopt(other.shared, start);
    assert.deepEqual(
      own.current.cars.map(({ name }) => name),
      ["Car 0", "Car 1"],
    );
    assert.deepEqual(shown(own), ["connectedAc", undefined]);
    assert.deepEqual([own.current.askedBy, own.current.account], ["other", other.current.account]);
  });

  it("does not replace a later reading of this window", () => {
    const [own, other] = [window(), window()];
    own.succeeded(vins[0], reading("disconnected", start + 1));
    for (const vin of vins) other.succeeded(vin, reading("connectedAc", start));
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), ["disconnected", "connectedAc"]);
  });

  it("does not replace what this window has read of a car of which the other knows nothing", () => {
    const own = window();
    own.succeeded(vins[0], reading("disconnected", start));
    own.adopt(window().shared, start + minuteMs);
    assert.deepEqual(shown(own), ["disconnected", undefined]);
  });

  it("is also that nothing is known of a car that was removed here without a reading", () => {
    const own = window();
    own.attempted(vins[0], start);
    own.configure([{ vin: vins[1] }]);
    own.adopt(window().shared, start + minuteMs);
    assert.deepEqual(own.shared.cars, []);
  });

  it("replaces a reading from the future, which would stay forever after the clock was set back", () => {
    const [own, other] = [window(), window()];
    own.succeeded(vins[0], reading("disconnected", start + 10 * minuteMs));
    other.succeeded(vins[0], reading("connectedAc", start));
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), ["connectedAc", undefined]);
  });

  it("replaces readings from before the user deleted everything", () => {
    const [own, other] = [window(), window()];
    own.succeeded(vins[0], reading("connectedAc", start));
    other.forgetAll(start + 1);
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), [undefined, undefined]);
    assert.equal(own.current.account.signedOut, true);
    own.succeeded(vins[0], reading("disconnected", start + minuteMs));
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), ["disconnected", undefined], "a later reading stays");
  });

  it("ends the time in which a window asks on its own", () => {
    const [own, other] = [window(), window()];
    own.sharingChanged("alone");
    own.adopt(other.shared, start);
    assert.equal(own.current.sharing, "shared");
  });

  it("includes cars that are not configured", () => {
    const own = window();
    own.succeeded(vins[0], reading("connectedAc", start));
    own.configure([{ vin: vins[1] }]);
    const known = () => own.shared.cars.map(({ vin }) => vin);
    assert.deepEqual(known(), [vins[0]]);
    own.configure([{ vin: vins[0] }]);
    assert.deepEqual(known(), [vins[0]], "each car is shared once");
  });
});

describe("A request of this window", () => {
  it("counts for the day and the minute, and makes this window the last asker", () => {
    const carStore = new CarStore();
    carStore.requested("a", start);
    carStore.requested("b", start + 1);
    const { account, askedBy } = carStore.current;
    assert.deepEqual([callsToday(account.calls, start), account.sentAt, askedBy], [2, [start, start + 1], "b"]);
  });

  it("still counts after new credentials or a deletion, because Volvo counts for the application", () => {
    const carStore = new CarStore();
    carStore.requested("a", start);
    carStore.credentialsChanged("others");
    const { account } = carStore.current;
    assert.deepEqual([callsToday(account.calls, start), account.sentAt], [1, [start]]);
    carStore.forgetAll(start);
    assert.deepEqual(
      [callsToday(carStore.current.account.calls, start), carStore.current.account.sentAt],
      [1, [start]],
    );
  });
});

describe("The carStore", () => {
  const [first, second] = [vinNumber(1), vinNumber(2)];
  let carStore: CarStore;
  let changes: number;

  beforeEach(() => {
    carStore = new CarStore();
    carStore.configure([{ vin: first, name: "Ebba" }, { vin: second }]);
    changes = 0;
    carStore.onDidChange(() => changes++);
  });

  const carOf = (vin: Vin) => {
    const found = carStore.car(vin);
    assert.ok(found);
    return found;
  };

  it("announces every change and nothing else, until it is disposed", () => {
    carStore.planned(start);
    carStore.sharingChanged("alone");
    assert.equal(changes, 2);
    assert.equal(carStore.current.nextCheckAt, start);
    assert.equal(carStore.current.sharing, "alone");
    carStore.planned(start);
    carStore.sharingChanged("alone");
    assert.equal(changes, 2);
    carStore.planned(undefined);
    assert.equal("nextCheckAt" in carStore.current, false);
    carStore.dispose();
    carStore.planned(start);
    assert.equal(changes, 3, "nothing after disposal");
  });

  it("lists the cars that are being checked, each until it is finished", () => {
    carStore.started([first], 0.5);
    carStore.started([first, second], 0.5);
    assert.deepEqual(carStore.current.checking, [first, second]);
    carStore.finished([first]);
    assert.deepEqual(carStore.current.checking, [second]);
  });

  it("makes a car as due as before if an attempt had no outcome", () => {
    carStore.attempted(first, start);
    carStore.unanswered({ vin: first, attemptedAt: start - hourMs, recheck: true });
    assert.deepEqual([carOf(first).attemptedAt, carOf(first).recheck], [start - hourMs, true]);
    carStore.attempted(first, start);
    assert.equal(carOf(first).recheck, undefined);
    carStore.unanswered({ vin: first });
    assert.equal("attemptedAt" in carOf(first), false);
  });

  it("makes only the wanted cars due", () => {
    carStore.wanted([second]);
    assert.deepEqual([carOf(first).recheck, carOf(second).recheck], [undefined, true]);
  });

  it("keeps the later of two holds, which becomes the problem of the waiting cars", () => {
    const until = (at: number) => ({ kind: "rateLimited", until: at }) as const;
    carStore.held(until(start + hourMs), [first]);
    carStore.held(until(start + minuteMs), []);
    assert.deepEqual(carStore.current.account.hold, until(start + hourMs));
    assert.deepEqual([carOf(first).problem, carOf(second).problem], [until(start + hourMs), undefined]);
    carStore.held(until(start + 2 * hourMs), []);
    assert.deepEqual(carStore.current.account.hold, until(start + 2 * hourMs));
  });

  it("counts only the failures that are marked to count", () => {
    for (const counts of [true, true, false]) {
      carStore.failed(first, { kind: "timeout" }, start, counts);
      assert.deepEqual([carOf(first).problem, carOf(first).attemptedAt], [{ kind: "timeout" }, start]);
    }
    assert.equal(carOf(first).failures, 2);
  });

  it("removes problems and failures of the old credentials, and makes the cars due", () => {
    carStore.failed(first, { kind: "timeout" }, start, true);
    carStore.credentialsChanged("new");
    const { problem, failures, recheck } = carOf(first);
    assert.deepEqual({ problem, failures, recheck }, { problem: undefined, failures: 0, recheck: true });
    assert.equal(carStore.current.account.credentials, "new");
  });

  it("removes problems and failures of the old credentials also from a car that is added again later", () => {
    carStore.failed(first, { kind: "timeout" }, start, true);
    const both = [{ vin: first }, { vin: second }];
    carStore.configure([{ vin: second }]);
    carStore.credentialsChanged("new");
    carStore.configure(both);
    const { problem, failures, recheck } = carOf(first);
    assert.deepEqual({ problem, failures, recheck }, { problem: undefined, failures: 0, recheck: true });
  });

  it("moves only future times when the clock is set back", () => {
    carStore.attempted(first, start + hourMs);
    carStore.modelKnown(first, undefined, start + hourMs);
    carStore.attempted(second, start - minuteMs);
    carStore.modelKnown(second, { model: "EX30" }, start - minuteMs);
    carStore.modeChanged({ kind: "closely", since: start + hourMs, until: start + 2 * hourMs });
    carStore.clockSetBack(start);
    assert.deepEqual([carOf(first).attemptedAt, carOf(first).modelAskedAt], [start, start]);
    assert.deepEqual(carStore.current.mode, { kind: "closely", since: start, until: start + hourMs });
    assert.deepEqual([carOf(second).attemptedAt, carOf(second).modelAskedAt], [start - minuteMs, start - minuteMs]);
    assert.deepEqual(carOf(second).model, { model: "EX30" });
  });

  it("adds no times to a car that was never asked for when the clock is set back", () => {
    carStore.clockSetBack(start);
    assert.equal("attemptedAt" in carOf(first), false);
    assert.equal("modelAskedAt" in carOf(first), false);
  });

  it("takes a time ten seconds ahead as a sign that the clock was set back", () => {
    carStore.attempted(first, start + 10_000 - 1);
    carStore.dropTimesAhead(start);
    assert.equal(carOf(first).attemptedAt, start + 10_000 - 1);
    carStore.attempted(first, start + 10_000);
    carStore.dropTimesAhead(start);
    assert.equal(carOf(first).attemptedAt, start);
  });

  it("keeps the last values in the history until the history is deleted, even of a car that is not configured any more", () => {
    const recorded = { rowAt: start, seenAt: start, connection: "ac" } as const;
    carStore.recorded(new Map([first, second].map((vin) => [vin, recorded])));
    assert.equal(carOf(first).recorded, recorded);
    carStore.recorded(new Map([[second, undefined]]));
    assert.equal("recorded" in carOf(second), false);
    assert.equal(carOf(first).recorded, recorded, "nothing new was said about it");
    carStore.attempted(first, start);
    carStore.configure([{ vin: second }]);
    carStore.forgetRecorded();
    carStore.configure([{ vin: first }]);
    assert.equal(carOf(first).attemptedAt, start);
    assert.equal("recorded" in carOf(first), false);
  });

  it("takes over the state only of configured cars that were not asked for yet", () => {
    carStore.attempted(first, start);
    carStore.recall([first, second, vinNumber(3)].map((vin) => ({ vin, failures: 3, attemptedAt: start - 1 })));
    assert.deepEqual([carOf(first).attemptedAt, carOf(first).failures], [start, 0]);
    assert.deepEqual([carOf(second).attemptedAt, carOf(second).failures], [start - 1, 3]);
    assert.equal(carOf(first).name, "Ebba");
    assert.equal(carStore.car(vinNumber(3)), undefined);
  });

  it("shares the cars with any knowledge, without their names", () => {
    assert.deepEqual(carStore.shared.cars, []);
    carStore.attempted(first, start);
    carStore.modelKnown(second, { model: "EX30" }, start);
    const { cars } = carStore.shared;
    assert.deepEqual(
      cars.map(({ vin }) => vin),
      [first, second],
    );
    assert.ok(cars.every((car) => !("name" in car)));
  });

  it("deletes everything but the configured cars and the count of calls", () => {
    carStore.succeeded(first, plugged);
    carStore.requested("window", start);
    carStore.configure([{ vin: second, name: "Sixten" }]);
    carStore.forgetAll(start);
    assert.deepEqual(carStore.current.cars, [{ vin: second, name: "Sixten", failures: 0 }]);
    assert.equal(callsToday(carStore.current.account.calls, start), 1);
    assert.equal(carStore.current.account.signedOut, true);
    carStore.configure([{ vin: first }]);
    assert.equal(carOf(first).reading, undefined);
  });

  it("drops expired notices when it adds one", () => {
    carStore.tell({ id: "1", kind: "reminder", at: start });
    carStore.tell({ id: "2", kind: "reminder", at: start + 24 * hourMs });
    assert.deepEqual(
      carStore.current.events.map(({ id }) => id),
      ["2"],
    );
    carStore.tell({ id: "3", kind: "reminder", at: start + 25 * hourMs });
    assert.deepEqual(
      carStore.current.events.map(({ id }) => id),
      ["2", "3"],
    );
  });

  it("is paused until the user ends that", () => {
    const mode = { kind: "paused", since: start } as const;
    carStore.modeChanged(mode);
    assert.deepEqual(carStore.current.mode, mode);
    carStore.modeChanged(undefined);
    assert.equal("mode" in carStore.current, false);
    assert.equal(changes, 2);
  });

  it("changes what the account says and nothing else of it", () => {
    carStore.requested("window", start);
    const before = carStore.current.account;
    carStore.updateAccount((account) => ({ ...account, credentials: "others" }));
    assert.deepEqual(carStore.current.account, { ...before, credentials: "others" });
    assert.equal(changes, 2);
  });

  it("takes a change for an event where the car was watched meanwhile, and not after a longer gap", () => {
    const unplugged = readingOf("disconnected", start + 5 * minuteMs, { fetchedAt: start + 10 * minuteMs });
    for (const [longestGapMs, count] of [
      [10 * minuteMs, 1],
      [10 * minuteMs - 1, 0],
    ] as const) {
      const watching = new CarStore();
      watching.configure([{ vin: first }]);
      watching.succeeded(first, plugged, longestGapMs);
      watching.succeeded(first, unplugged, longestGapMs);
      assert.equal(watching.current.events.length, count);
    }
  });

  it("leaves the next check to the window that goes first", () => {
    carStore.goesFirst("window");
    assert.equal(carStore.current.askedBy, "window");
  });
});

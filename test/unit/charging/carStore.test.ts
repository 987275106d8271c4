import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import type { Vin } from "../../../src/charging/vin";
import { type CarEvent, eventId } from "../../../src/charging/changes";
import { CarStore } from "../../../src/charging/carStore";
import { callsToday } from "../../../src/charging/quota";
import { readingOf, vinNumber } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);
const plugged = readingOf("connectedAc", start - minuteMs, { fetchedAt: start });

/** What a window tells that knows the car as plugged in and asks for it so much after another (ms). */
function eventsOf(later: number, vin: Vin): readonly CarEvent[] {
  const carStore = new CarStore();
  carStore.configure([{ vin }]);
  carStore.succeeded(vin, plugged);
  const unplugged = readingOf("disconnected", start + minuteMs, { fetchedAt: start + 5 * minuteMs + later });
  carStore.succeeded(vin, unplugged);
  return carStore.current.events.flatMap((notice) => (notice.kind === "reminder" ? [] : [notice]));
}

describe("An event in the carStore", () => {
  const [first] = eventsOf(0, vinNumber(1));

  it("is the same one although two windows have seen it, one of them later", () => {
    assert.equal(first?.kind, "disconnected");
    const [other] = eventsOf(20_000, vinNumber(1));
    assert.equal(other?.id, first.id);
    assert.notEqual(other.at, first.at);
  });

  it("is another one with another car, kind or time", () => {
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

  it("has a name for files, in which no VIN may be", () => {
    assert.match(first?.id ?? "", /^[0-9a-f]{16}$/);
  });
});

describe("The battery levels that the carStore is asked to watch", () => {
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

describe("The version of the Energy API that was found", () => {
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

  it("makes cars due that wait because none was there", () => {
    assert.deepEqual(dueAfter(none, works), cars.slice(1));
  });

  it("makes none due where another worked before, or none does now", () => {
    assert.deepEqual(dueAfter(works, works), []);
    assert.deepEqual(dueAfter(none), []);
  });
});

describe("The cars that a window was asking for when it ended", () => {
  const [asked, other] = [1, 2].map(vinNumber) as [Vin, Vin];
  const now = start + minuteMs;

  function recovered(askedUntil?: number): CarStore {
    const carStore = new CarStore();
    carStore.configure([{ vin: asked }, { vin: other }]);
    for (const vin of [asked, other]) carStore.attempted(vin, start);
    carStore.started([asked], 0);
    carStore.recovered(now, askedUntil);
    return carStore;
  }
  const due = ({ current }: CarStore) => current.cars.map(({ attemptedAt, recheck }) => [attemptedAt, recheck]);

  it("are due, ten seconds after they were asked for at the earliest, and no others", () => {
    const carStore = recovered();
    assert.deepEqual(due(carStore), [
      [start, true],
      [start, undefined],
    ]);
    assert.deepEqual(carStore.current.checking, []);
  });

  it("count as asked for until the turn was taken over, since the window may still have run", () => {
    assert.deepEqual(due(recovered(now)), [
      [now, true],
      [start, undefined],
    ]);
  });

  it("may have cost two calls each", () => {
    assert.equal(callsToday(recovered().current.account.calls, now), 2);
  });

  it("are none where it asked for none", () => {
    const carStore = new CarStore();
    carStore.configure([{ vin: asked }]);
    const before = carStore.current;
    carStore.recovered(now, now);
    assert.equal(carStore.current, before);
  });
});

describe("What another window has found out", () => {
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

  it("does not replace a reading that this window has made later", () => {
    const [own, other] = [window(), window()];
    own.succeeded(vins[0], reading("disconnected", start + 1));
    for (const vin of vins) other.succeeded(vin, reading("connectedAc", start));
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), ["disconnected", "connectedAc"]);
  });

  it("replaces a reading from the future: the clock was set back, and it would stay for ever", () => {
    const [own, other] = [window(), window()];
    own.succeeded(vins[0], reading("disconnected", start + 10 * minuteMs));
    other.succeeded(vins[0], reading("connectedAc", start));
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), ["connectedAc", undefined]);
  });

  it("is nothing older than the moment at which the user has deleted everything", () => {
    const [own, other] = [window(), window()];
    own.succeeded(vins[0], reading("connectedAc", start));
    other.forgetAll(start + 1);
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), [undefined, undefined]);
    assert.equal(own.current.account.signedOut, true);
    own.succeeded(vins[0], reading("disconnected", start + minuteMs));
    own.adopt(other.shared, start + minuteMs);
    assert.deepEqual(shown(own), ["disconnected", undefined], "what was read since, stays");
  });

  it("is shared by windows again that asked on their own", () => {
    const [own, other] = [window(), window()];
    own.sharingChanged("alone");
    own.adopt(other.shared, start);
    assert.equal(own.current.sharing, "shared");
  });

  it("is also what is known of a car that is not configured", () => {
    const own = window();
    own.succeeded(vins[0], reading("connectedAc", start));
    own.configure([{ vin: vins[1] }]);
    assert.deepEqual(
      own.shared.cars.map(({ vin }) => vin),
      [vins[0]],
    );
  });
});

describe("A request of this window", () => {
  it("counts for the day and the minute, and makes it the one that asked last", () => {
    const carStore = new CarStore();
    carStore.requested("a", start);
    carStore.requested("b", start + 1);
    const { account, askedBy } = carStore.current;
    assert.deepEqual([callsToday(account.calls, start), account.sentAt, askedBy], [2, [start, start + 1], "b"]);
  });

  it("counts with new credentials as well: Volvo counts for the application", () => {
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

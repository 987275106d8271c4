import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import type { Vin } from "../../../src/charging/vin";
import { type CarEvent, eventId } from "../../../src/sync/carEvents";
import { Garage } from "../../../src/sync/garage";
import { readingOf, vinNumber } from "../../support/builders";

const start = Date.UTC(2026, 10, 23, 8);
const plugged = readingOf("connectedAc", start - minuteMs, { fetchedAt: start });

/** What a window tells that knows the car as plugged in and asks for it so much after another (ms). */
function eventsOf(later: number, vin: Vin): readonly CarEvent[] {
  const garage = new Garage();
  garage.configure([{ vin }]);
  garage.succeeded(vin, plugged);
  const unplugged = readingOf("disconnected", start + minuteMs, { fetchedAt: start + 5 * minuteMs + later });
  garage.succeeded(vin, unplugged);
  return garage.current.events.flatMap((news) => (news.kind === "reminder" ? [] : [news]));
}

describe("An event in the garage", () => {
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

describe("The version of the Energy API that was found", () => {
  const gone = { kind: "serviceUnavailable", cause: "gone" } as const;
  const none = { scope: "", version: "v2", until: start, failure: { kind: "routeGone" } } as const;
  const { failure: _, ...works } = none;
  const cars = [vinNumber(1), vinNumber(2), vinNumber(3)] as const;

  function dueAfter(...found: readonly Parameters<Garage["versionFound"]>[0][]): readonly Vin[] {
    const garage = new Garage();
    garage.configure(cars.map((vin) => ({ vin })));
    garage.succeeded(cars[0], plugged);
    for (const vin of cars.slice(1)) garage.failed(vin, gone, start, true);
    for (const version of found) garage.versionFound(version);
    return garage.current.cars.flatMap(({ vin, recheck }) => (recheck ? [vin] : []));
  }

  it("makes cars due that wait because none was there", () => {
    assert.deepEqual(dueAfter(none, works), cars.slice(1));
  });

  it("makes none due where another worked before, or none does now", () => {
    assert.deepEqual(dueAfter(works, works), []);
    assert.deepEqual(dueAfter(none), []);
  });
});

describe("A window that takes over", () => {
  it("has the cars due whose answers were lost, ten seconds after they were asked for at the latest", () => {
    const garage = new Garage();
    const [asked, queued, other] = [1, 2, 3].map(vinNumber) as [Vin, Vin, Vin];
    garage.configure([{ vin: asked }, { vin: queued }, { vin: other }]);
    for (const vin of [asked, other]) garage.attempted(vin, 100_000);
    garage.started([asked, queued]);
    garage.takeOver();
    const due = garage.current.cars.map(({ attemptedAt, recheck }) => [attemptedAt, recheck]);
    assert.deepEqual(due, [
      [105_000, true],
      [undefined, true],
      [100_000, undefined],
    ]);
    assert.deepEqual(garage.current.checking, []);
  });
});

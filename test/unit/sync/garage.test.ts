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

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Candidate, carToShow } from "../../../src/charging/carToShow";
import type { Connection } from "../../../src/charging/connection";
import type { Problem } from "../../../src/charging/problem";
import { aReading, vinNumber } from "../../support/builders/builders";

const connections: readonly Connection[] = [
  { kind: "fault" },
  { kind: "connectedDc" },
  { kind: "connectedAc" },
  { kind: "connected" },
  { kind: "unknown", reason: { kind: "noValue" } },
  { kind: "disconnected" },
];

const noValue = connections[4]!;

function candidate(n: number, value?: Connection, problem?: Problem): Candidate {
  return { vin: vinNumber(n), reading: value && aReading({ connection: { value, measuredAt: undefined } }), problem };
}

describe("the car in the status bar", () => {
  it("is the most important one: fault, DC, AC, plugged in, unknown, unplugged", () => {
    const cars = connections.map((value, index) => candidate(index, value));
    for (let most = 0; most < cars.length; most++) {
      assert.equal(carToShow(cars.slice(most).reverse(), undefined), cars[most]);
    }
  });

  it("is a permanently unknown car only if there is no other", () => {
    const unplugged = candidate(1, { kind: "disconnected" });
    const forGood: readonly Candidate[] = [
      candidate(2, undefined, { kind: "notSupported" }),
      candidate(3, undefined, { kind: "forbidden", what: "car" }),
      candidate(4, undefined, { kind: "notFound" }),
      candidate(5, noValue, { kind: "notFound" }),
      candidate(6, { kind: "unknown", reason: { kind: "notSupported" } }),
    ];
    for (const car of forGood) {
      assert.equal(carToShow([car, unplugged], undefined), unplugged);
      assert.equal(carToShow([car], undefined), car);
    }
  });

  it("is chosen by its last reading, regardless of its current problem", () => {
    const charging = candidate(1, { kind: "connectedDc" }, { kind: "notFound" });
    assert.equal(carToShow([candidate(2, { kind: "connectedAc" }), charging], undefined), charging);
  });

  it("counts as unknown without a reading, which precedes unplugged", () => {
    const fresh = candidate(1, undefined, { kind: "timeout" });
    assert.equal(carToShow([candidate(2, { kind: "disconnected" }), fresh], undefined), fresh);
  });

  it("is the first of equals", () => {
    const cars = [1, 2, 3].map((n) => candidate(n, { kind: "connectedAc" }));
    assert.equal(carToShow(cars, undefined), cars[0]);
  });

  it("is the pinned one if it is on the list", () => {
    const cars = [candidate(1, { kind: "fault" }), candidate(2, { kind: "disconnected" })];
    assert.equal(carToShow(cars, vinNumber(2)), cars[1]);
    assert.equal(carToShow(cars, vinNumber(9)), cars[0]);
  });

  it("is none without cars, and always one of the cars otherwise", () => {
    for (const pinned of [undefined, vinNumber(1)]) assert.ok(carToShow<Candidate>([], pinned) === undefined);
    const problems = fc.constantFrom<Problem | undefined>(undefined, { kind: "notFound" }, { kind: "timeout" });
    const cars = fc.array(fc.tuple(fc.option(fc.constantFrom(...connections)), problems), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(cars, (list) => {
        const candidates = list.map(([value, problem], index) => candidate(index, value ?? undefined, problem));
        const shown = carToShow(candidates, undefined);
        assert.ok(shown && candidates.includes(shown));
        const hasFault = list.some(([value]) => value?.kind === "fault");
        assert.equal(shown.reading?.connection.value.kind === "fault", hasFault);
      }),
    );
  });
});

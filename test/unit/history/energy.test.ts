import assert from "node:assert/strict";
import type { ChargePhase, Row } from "../../../src/history/model";
import { energyOf } from "../../../src/history/energy";
import { at } from "./histories";

/** The energy in kWh by the power. */
const kwhOf = (rows: readonly Row[], phases: readonly ChargePhase[]) => energyOf(rows, phases, undefined, 66)?.kwh;
const charging = (t: number, values: Partial<Row> = {}): Row => ({ t, p: t - 1, c: "ac", s: "charging", ...values });
const phase = (from: number, to: number, isOpen = false): ChargePhase => ({ from, to, isOpen });

describe("The energy by power", () => {
  it("is the sum of the power over the charging time, until the next row", () => {
    const rows = [charging(at(8), { w: 6000 }), charging(at(9), { w: 3000 }), charging(at(10), { w: 3000, s: "done" })];
    assert.equal(kwhOf(rows, [phase(at(8), at(10))]), 9);
  });

  it("is unknown if the car did not charge, and not negative if it discharged", () => {
    assert.equal(kwhOf([{ t: at(8), c: "ac", w: 0 }], []), undefined);
    assert.equal(kwhOf([charging(at(8), { w: -5000 })], [phase(at(8), at(9))]), 0);
  });

  it("is known if the power was known for 80 % of the charging time", () => {
    const rows = (minutes: number) => [charging(at(8)), charging(at(8, minutes), { w: 6000 })];
    assert.equal(kwhOf(rows(20), [phase(at(8), at(9, 40))]), 8);
    assert.equal(kwhOf(rows(21), [phase(at(8), at(9, 40))]), undefined);
  });

  it("does not count the power in a gap", () => {
    const gap = { t: at(12), p: at(9), c: "ac", s: "idle", x: 1 } as const;
    assert.equal(
      kwhOf([charging(at(8), { w: 6000 }), gap], [phase(at(8), at(9), true)]),
      undefined,
      "the car may have charged in the gap",
    );
    const still = { ...gap, p: at(7) };
    assert.equal(kwhOf([charging(at(8), { w: 6000, s: "idle" }), still], [phase(at(8), at(9))]), undefined);
  });

  it("continues after a gap that is short compared with the time of known power", () => {
    const after = { ...charging(at(9, 10), { p: at(9), w: 6000 }), x: 1 } as const;
    const rows = [charging(at(8), { w: 6000 }), after, charging(at(10, 10), { s: "done" })];
    assert.equal(kwhOf(rows, [phase(at(8), at(9), true), phase(at(9, 10), at(10, 10))]), 12);
  });

  it("does not need the power in a gap without charging before and after it", () => {
    const rows = (s: Row["s"]) => [
      charging(at(8), { w: 6000 }),
      charging(at(9), { w: 0, s: "done" }),
      { t: at(14), p: at(9, 30), c: "ac", ...(s && { s }), x: 1 } as const,
    ];
    assert.equal(kwhOf(rows("done"), [phase(at(8), at(9))]), 6);
    assert.equal(kwhOf(rows("charging"), [phase(at(8), at(9))]), undefined, "the car charges after the gap");
  });
});

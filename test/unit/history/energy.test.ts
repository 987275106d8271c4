import assert from "node:assert/strict";
import type { ChargePhase, Row } from "../../../src/history/model";
import { energyOf } from "../../../src/history/energy";
import { at } from "./histories";

/** The energy in kWh that the power tells. */
const kwhOf = (rows: readonly Row[], phases: readonly ChargePhase[]) => energyOf(rows, phases, undefined, 66)?.kwh;
const charging = (t: number, values: Partial<Row> = {}): Row => ({ t, p: t - 1, c: "ac", s: "charging", ...values });
const phase = (from: number, to: number, isOpen = false): ChargePhase => ({ from, to, isOpen });

describe("The energy by the power", () => {
  it("is the power over the time of charging, until the next row", () => {
    const rows = [charging(at(8), { w: 6000 }), charging(at(9), { w: 3000 }), charging(at(10), { w: 3000, s: "done" })];
    assert.equal(kwhOf(rows, [phase(at(8), at(10))]), 9);
  });

  it("is none where the car did not charge, nor less than none where it gave power", () => {
    assert.equal(kwhOf([{ t: at(8), c: "ac", w: 0 }], []), undefined);
    assert.equal(kwhOf([charging(at(8), { w: -5000 })], [phase(at(8), at(9))]), 0);
  });

  it("is known where the power was known for 80 % of the time of charging", () => {
    const rows = (minutes: number) => [charging(at(8)), charging(at(8, minutes), { w: 6000 })];
    assert.equal(kwhOf(rows(20), [phase(at(8), at(9, 40))]), 8);
    assert.equal(kwhOf(rows(21), [phase(at(8), at(9, 40))]), undefined);
  });

  it("ends with the last reading before a gap", () => {
    const gap = { t: at(12), p: at(9), c: "ac", s: "idle", x: 1 } as const;
    assert.equal(
      kwhOf([charging(at(8), { w: 6000 }), gap], [phase(at(8), at(9), true)]),
      undefined,
      "may have gone on",
    );
    const still = { ...gap, p: at(7) };
    assert.equal(kwhOf([charging(at(8), { w: 6000, s: "idle" }), still], [phase(at(8), at(9))]), undefined);
  });

  it("goes on after a gap that is short beside the time in which the power was known", () => {
    const after = { ...charging(at(9, 10), { p: at(9), w: 6000 }), x: 1 } as const;
    const rows = [charging(at(8), { w: 6000 }), after, charging(at(10, 10), { s: "done" })];
    assert.equal(kwhOf(rows, [phase(at(8), at(9), true), phase(at(9, 10), at(10, 10))]), 12);
  });

  it("does not need the power in a gap in which the car cannot have charged", () => {
    const rows = (s: Row["s"]) => [
      charging(at(8), { w: 6000 }),
      charging(at(9), { w: 0, s: "done" }),
      { t: at(14), p: at(9, 30), c: "ac", ...(s && { s }), x: 1 } as const,
    ];
    assert.equal(kwhOf(rows("done"), [phase(at(8), at(9))]), 6);
    assert.equal(kwhOf(rows("charging"), [phase(at(8), at(9))]), undefined, "it charges when it is seen again");
  });
});

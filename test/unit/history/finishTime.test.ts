import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import { isOtherFinish, observedFinish } from "../../../src/history/finishTime";
import { at, recordedBy, rising, type ShortReading } from "./histories";

const seen = (t: number): ShortReading => ({ c: "ac", s: "charging", b: rising(t, at(18), 40, 12), g: 80 });

describe("The observed finish", () => {
  it("continues at the rate of the last half hour", () => {
    const rows = recordedBy([{ from: at(18), to: at(19), seen }]);
    const finish = observedFinish(rows, at(19)) ?? assert.fail();
    assert.ok(Math.abs(finish - at(21, 20)) < 10 * minuteMs, new Date(finish).toISOString());
  });

  it("ignores rows from before the last half hour or before a gap", () => {
    const faster = (t: number) => (t < at(18, 30) ? 40 : rising(t, at(18, 30), 41, 30));
    const rows = recordedBy([{ from: at(17), to: at(19), seen: (t) => ({ ...seen(t), b: faster(t) }) }]);
    const finish = observedFinish(rows, at(19)) ?? assert.fail();
    assert.ok(Math.abs(finish - at(19, 50)) < 5 * minuteMs, new Date(finish).toISOString());
    const row = { c: "ac", s: "charging", g: 80 } as const;
    const last = [
      { ...row, t: at(18, 50), b: 44 },
      { ...row, t: at(19), p: at(18, 55), b: 46 },
    ];
    assert.equal(observedFinish([{ ...row, t: at(18, 40), b: 40 }, ...last], at(19)), observedFinish(last, at(19)));
  });

  it("needs two points, a target, charging, and no gap", () => {
    const none = (rows: Parameters<typeof observedFinish>[0]) => assert.equal(observedFinish(rows, at(19)), undefined);
    none([]);
    none(recordedBy([{ from: at(18), to: at(19), seen: (t) => ({ ...seen(t), b: 40 }) }]));
    none(recordedBy([{ from: at(18), to: at(19), seen: (t) => ({ c: "ac", s: "charging", b: seen(t).b ?? 0 }) }]));
    none(recordedBy([{ from: at(18), to: at(19), seen: (t) => ({ ...seen(t), s: "idle" }) }]));
    none(
      recordedBy([
        { from: at(18), to: at(18, 10), seen },
        { from: at(18, 55), to: at(19), seen },
      ]),
    );
  });

  it("accepts a row of exactly half an hour ago, a gain of exactly two points, and rows without a status", () => {
    const [first, last] = [
      { t: at(18, 30), c: "ac", b: 40, g: 80 },
      { t: at(19), p: at(18, 55), c: "ac", b: 42, g: 80 },
    ] as const;
    assert.equal(observedFinish([first, last], at(19)), at(28, 30));
    assert.equal(observedFinish([first, last], at(19) + 1), undefined);
  });

  it("is undefined for a car at or above its target", () => {
    for (const g of [42, 41]) {
      const rows = [
        { t: at(18, 40), c: "ac", b: 40, g },
        { t: at(19), p: at(18, 55), c: "ac", b: 42, g },
      ] as const;
      assert.equal(observedFinish(rows, at(19)), undefined);
    }
  });

  it("is worth showing if it differs by more than 15 minutes from the car's estimate", () => {
    assert.ok(!isOtherFinish(at(21, 15), at(21)));
    assert.ok(isOtherFinish(at(21, 16), at(21)) && isOtherFinish(at(20, 44), at(21)));
  });
});

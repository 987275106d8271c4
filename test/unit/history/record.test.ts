import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { judge, shouldRecord } from "../../../src/history/record";
import { gapLimitMs } from "../../../src/history/rows";
import { at, readingAt, type ShortReading } from "./histories";

const gapMs = 30 * minuteMs;
const charging: ShortReading = { c: "ac", s: "charging", b: 50, g: 80, w: 7000, m: at(17) };
const { recorded } = judge(undefined, readingAt(at(18), charging), gapMs);
const later = (changes: { [K in keyof ShortReading]?: ShortReading[K] | undefined }, minutes = 5) => {
  const sight = Object.entries({ ...charging, ...changes }).filter(([, value]) => value !== undefined);
  return readingAt(at(18, minutes), Object.fromEntries(sight) as unknown as ShortReading);
};

describe("A reading is worth a row of the history", () => {
  it("as the first of a car, without a reading before it", () => {
    const { row } = judge(undefined, readingAt(at(18), charging), gapMs);
    assert.deepEqual(row, { t: at(18), c: "ac", m: at(17), b: 50, g: 80, s: "charging", w: 7000, k: 2 });
  });

  it("if connection, status or target have changed", () => {
    assert.ok(shouldRecord(recorded, later({ c: "out" }), gapMs));
    assert.ok(shouldRecord(recorded, later({ s: "idle" }), gapMs));
    assert.ok(shouldRecord(recorded, later({ g: 90 }), gapMs));
    assert.ok(!shouldRecord(recorded, later({}), gapMs));
  });

  it("if the level has changed by a point since the last row, rather than since the last reading", () => {
    assert.ok(!shouldRecord(recorded, later({ b: 50.6 }), gapMs));
    const drifted = judge(recorded, later({ b: 50.6 }), gapMs).recorded;
    assert.ok(shouldRecord(drifted, later({ b: 51 }, 10), gapMs));
  });

  it("if the power has changed by 10 % and by 300 W", () => {
    assert.ok(!shouldRecord(recorded, later({ w: 7600 }), gapMs), "600 W, but under 10 %");
    assert.ok(shouldRecord(recorded, later({ w: 7800 }), gapMs));
    const weak = judge(undefined, readingAt(at(18), { ...charging, w: 1000 }), gapMs).recorded;
    assert.ok(!shouldRecord(weak, later({ w: 1250 }), gapMs), "25 %, but under 300 W");
    assert.ok(shouldRecord(weak, later({ w: 1300 }), gapMs));
  });

  it("after a gap, which the row marks", () => {
    const { row } = judge(recorded, later({}, 31), gapMs);
    assert.deepEqual([row?.p, row?.x], [at(18), 1]);
    assert.equal(judge(recorded, later({}, 30), gapMs).row, undefined);
  });

  it("but not for absent values, as when Energy v1 answers between two equal answers of v2", () => {
    const v1 = { ...later({ s: undefined, b: undefined, g: undefined, w: undefined }), servedBy: "v1" as const };
    const after = judge(recorded, v1, gapMs);
    assert.equal(after.row, undefined);
    assert.equal(judge(after.recorded, later({}, 10), gapMs).row, undefined);
    const plugged = { ...v1, connection: later({ c: "in" }).connection };
    const changed = judge(recorded, plugged, gapMs);
    assert.equal(changed.row?.s, undefined, "the row has no values that v1 does not have");
    assert.equal(judge(changed.recorded, later({ c: "in" }, 10), gapMs).row, undefined);
  });

  it("without an impossible level", () => {
    for (const b of [255, 100.5, -1])
      assert.equal(judge(undefined, readingAt(at(18), { ...charging, b }), gapMs).row?.b, undefined);
    for (const b of [0, 100]) assert.equal(judge(undefined, readingAt(at(18), { ...charging, b }), gapMs).row?.b, b);
  });

  it("with its connection, and with `?` for an unrecognized status", () => {
    for (const c of ["ac", "dc", "in", "out", "fault", "?"] as const)
      assert.equal(judge(undefined, readingAt(at(18), { c }), gapMs).row?.c, c);
    assert.equal(judge(undefined, readingAt(at(18), { c: "ac", s: "?" }), gapMs).row?.s, "?");
  });

  it("with the version of the Energy API that answered", () => {
    const v1 = { ...readingAt(at(18), { c: "ac" }), servedBy: "v1" as const };
    assert.deepEqual(judge(undefined, v1, gapMs), {
      row: { t: at(18), c: "ac", k: 1 },
      isMajor: true,
      recorded: { rowAt: at(18), seenAt: at(18), connection: "ac" },
    });
  });

  it("without a reading before it that came at the same moment", () => {
    const { row } = judge(recorded, readingAt(at(18), { ...charging, c: "out" }), gapMs);
    assert.deepEqual([row?.t, row?.p, row?.x], [at(18), undefined, undefined]);
  });

  it("without a reading before it that is later, because the clock was set back", () => {
    const { row } = judge(recorded, readingAt(at(17), charging), gapMs);
    assert.deepEqual([row?.t, row?.p, row?.x], [at(17), undefined, undefined]);
  });

  it("with the time of the reading before it", () => {
    const seen = judge(recorded, later({}, 5), gapMs).recorded;
    assert.equal(judge(seen, later({ c: "out", s: "idle" }, 10), gapMs).row?.p, at(18, 5));
  });
});

describe("A gap", () => {
  it("is longer than three intervals, but at least 30 minutes and at most three hours", () => {
    assert.deepEqual(
      [1, 5, 15, 60, 180].map((minutes) => gapLimitMs(minutes * minuteMs) / minuteMs),
      [30, 30, 45, 180, 180],
    );
    assert.equal(gapLimitMs(24 * hourMs), 3 * hourMs);
  });
});

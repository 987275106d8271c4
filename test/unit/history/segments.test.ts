import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { rowConnections } from "../../../src/charging/recorded";
import type { Row, Segment } from "../../../src/history/model";
import { pointsOf } from "../../../src/history/points";
import { sortedRows } from "../../../src/history/rows";
import { segmentsOf } from "../../../src/history/segments";
import { at, recordedBy } from "./histories";

const shown = (segments: readonly Segment[]) =>
  segments.map(({ from, to, state, certain, bridged }) => {
    const clock = (time: number) => new Date(time).toISOString().slice(11, 16);
    return `${clock(from)}-${clock(to)} ${state}${certain ? "" : "?"}${bridged ? " bridged" : ""}`;
  });

const day = { from: at(0), to: at(24) };
/** The car reports what it has said last, at 7:55. */
const out = { c: "out", m: at(7, 55) } as const;

describe("The segments of a range", () => {
  it("are what was observed, what was not, and the moments in between", () => {
    const rows = recordedBy([
      { from: at(8), to: at(12), seen: (t) => (t < at(10) ? out : { c: "ac", m: at(9, 57) }) },
      { from: at(20), to: at(22), seen: () => ({ c: "dc", m: at(19) }) },
    ]);
    assert.deepEqual(shown(segmentsOf(rows, day, { now: at(23), observedUntil: at(22) })), [
      "00:00-08:00 notObserved",
      "08:00-09:55 out",
      "09:55-09:57 out?",
      "09:57-12:00 ac",
      "12:00-20:00 notObserved",
      "20:00-22:00 dc",
      "22:00-23:00 notObserved",
    ]);
  });

  it("bridge a gap only where the car has reported nothing newer", () => {
    const night = (m: number) =>
      recordedBy([
        { from: at(8), to: at(12), seen: () => out },
        { from: at(20), to: at(22), seen: () => ({ c: "out", m }) },
      ]);
    const context = { now: at(22), observedUntil: at(22) };
    assert.deepEqual(shown(segmentsOf(night(at(7, 55)), { from: at(8), to: at(22) }, context)), [
      "08:00-12:00 out",
      "12:00-20:00 out? bridged",
      "20:00-22:00 out",
    ]);
    assert.ok(shown(segmentsOf(night(at(15)), day, context)).includes("12:00-20:00 notObserved"));
  });

  it("tell what is not known from what was not observed", () => {
    const rows = recordedBy([{ from: at(8), to: at(12), seen: (t) => (t < at(9) ? out : { c: "?" }) }]);
    const states = segmentsOf(rows, day, { now: at(23), observedUntil: at(12) }).map(({ state }) => state);
    assert.deepEqual(states, ["notObserved", "out", "out", "unknown", "notObserved"]);
  });

  const anyRows = fc
    .array(
      fc.record({
        t: fc.integer({ min: at(0), max: at(48) }),
        back: fc.option(fc.integer({ min: 1, max: 5 * hourMs }), { nil: undefined }),
        c: fc.constantFrom(...rowConnections),
        m: fc.option(fc.integer({ min: at(0), max: at(48) }), { nil: undefined }),
        x: fc.constantFrom(1 as const, undefined),
      }),
    )
    .map((rows) =>
      sortedRows(
        rows.map(
          ({ back, ...row }) =>
            JSON.parse(JSON.stringify({ ...row, ...(back !== undefined && { p: row.t - back }) })) as Row,
        ),
      ),
    );

  it("follow each other without holes or overlaps and cover all of it, on days of 23 and 25 hours as well", () => {
    const lengths = fc.constantFrom(23 * hourMs, dayMs, 25 * hourMs);
    fc.assert(
      fc.property(anyRows, fc.integer({ min: at(-5), max: at(50) }), lengths, (rows, from, length) => {
        const range = { from, to: from + length };
        const now = at(60);
        const segments = segmentsOf(rows, range, { now });
        let end = from;
        for (const segment of segments) {
          assert.equal(segment.from, end);
          assert.ok(segment.to > segment.from);
          end = segment.to;
        }
        assert.equal(end, Math.min(range.to, now));
        assert.deepEqual(segmentsOf(rows, range, { now }), segments);
      }),
    );
  });

  it("are the same whether a range is asked for whole or in parts", () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: at(1), max: at(47) }), (rows, cut) => {
        const context = { now: at(60) };
        const stateAt = (segments: readonly Segment[], time: number) =>
          segments.find(({ from, to }) => from <= time && time < to)?.state;
        const whole = segmentsOf(rows, { from: at(0), to: at(48) }, context);
        const parts = [
          ...segmentsOf(rows, { from: at(0), to: cut }, context),
          ...segmentsOf(rows, { from: cut, to: at(48) }, context),
        ];
        for (let time = at(0); time < at(48); time += 37 * minuteMs) {
          assert.equal(stateAt(parts, time), stateAt(whole, time));
        }
      }),
    );
  });
});

describe("The points of the chart", () => {
  const rows = Array.from({ length: 1000 }, (_, index): Row => {
    return {
      t: at(0, index),
      ...(index > 0 && { p: at(0, index - 1) }),
      c: "ac",
      b: index % 100,
      ...(index === 500 && { x: 1 }),
    };
  });

  it("break where the car was not observed", () => {
    const breaks = pointsOf(rows, day, 5000).filter(({ isBreak }) => isBreak);
    assert.deepEqual(
      breaks.map(({ t }) => t),
      [at(0), at(0, 500)],
    );
  });

  it("are never more than asked for, and keep their breaks", () => {
    for (const limit of [1, 7, 100, 999]) {
      const points = pointsOf(rows, day, limit);
      assert.ok(points.length <= limit && points.at(-1)?.t === at(0, 999));
      assert.ok(points.filter(({ isBreak }) => isBreak).length >= Math.min(2, limit));
    }
  });
});

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
/** The last report of the car was at 7:55. */
const out = { c: "out", m: at(7, 55) } as const;

describe("The segments of a range", () => {
  it("are the observed states, the gaps, and the uncertain time before a change", () => {
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

  it("bridge a gap only if the car has reported nothing newer", () => {
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

  it("do not bridge a gap with another state at its end, without a reading before it, or without a report of the car", () => {
    const between = (first: Row, next: Row) =>
      shown(segmentsOf([first, next], { from: at(8), to: at(10) }, { now: at(10) })).at(-1);
    const before: Row = { t: at(8), c: "out" };
    const after: Row = { t: at(10), p: at(9), c: "out", m: at(9), x: 1 };
    assert.equal(between(before, after), "09:00-10:00 out? bridged");
    assert.equal(between(before, { ...after, m: at(9) + 1 }), "09:00-10:00 notObserved");
    assert.equal(between(before, { ...after, c: "ac" }), "09:00-10:00 notObserved");
    const { m: _, ...unreported } = after;
    assert.equal(between(before, unreported), "09:00-10:00 notObserved");
    const { p: __, ...alone } = { ...after, m: at(7) };
    assert.equal(between(before, alone), "08:00-10:00 notObserved");
  });

  it("separate a bridged gap from a change right after it", () => {
    const rows: readonly Row[] = [
      { t: at(8), c: "out" },
      { t: at(10), p: at(9), c: "out", m: at(7), x: 1 },
      { t: at(10, 10), p: at(10), c: "ac" },
    ];
    assert.deepEqual(shown(segmentsOf(rows, { from: at(8), to: at(11) }, { now: at(11) })), [
      "08:00-09:00 out",
      "09:00-10:00 out? bridged",
      "10:00-10:10 out?",
      "10:10-11:00 notObserved",
    ]);
  });

  it("join rows of the same state, regardless of the other values", () => {
    const rows: readonly Row[] = [
      { t: at(8), c: "ac", b: 40 },
      { t: at(8, 30), p: at(8, 25), c: "ac", b: 45 },
      { t: at(9), p: at(8, 55), c: "ac", b: 50 },
    ];
    const segments = segmentsOf(rows, { from: at(8), to: at(10) }, { now: at(10), observedUntil: at(9, 30) });
    assert.deepEqual(shown(segments), ["08:00-09:30 ac", "09:30-10:00 notObserved"]);
    assert.deepEqual(shown(segmentsOf(rows, { from: at(8, 30), to: at(8, 40) }, { now: at(10) })), ["08:30-08:40 ac"]);
  });

  it("ignore a report that is not newer than the last reading before the change", () => {
    const rows: readonly Row[] = [
      { t: at(8), c: "out" },
      { t: at(9), p: at(8, 55), c: "ac", m: at(8, 55) },
    ];
    assert.deepEqual(shown(segmentsOf(rows, { from: at(8), to: at(9) }, { now: at(9) })), [
      "08:00-08:55 out",
      "08:55-09:00 out?",
    ]);
  });

  it("distinguish an unknown state from an unobserved one", () => {
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

  it("cover all of it without holes or overlaps, even on days of 23 and 25 hours", () => {
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

  it("have the same states for a whole range and for its parts", () => {
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

  it("have a break after each gap", () => {
    const breaks = pointsOf(rows, day, 5000).filter(({ isBreak }) => isBreak);
    assert.deepEqual(
      breaks.map(({ t }) => t),
      [at(0), at(0, 500)],
    );
  });

  it("are those in the range and the last one before it, which begins with a break", () => {
    const points = pointsOf(rows, { from: at(5) + 1, to: at(5, 2) }, 5000);
    assert.deepEqual(points, [
      { t: at(5), level: 0, isBreak: true },
      { t: at(5, 1), level: 1, isBreak: false },
      { t: at(5, 2), level: 2, isBreak: false },
    ]);
    assert.equal(
      pointsOf(rows, { from: at(5), to: at(6) }, 5000)[0]?.t,
      at(5),
      "a point at the start of the range is enough",
    );
    assert.equal(pointsOf(rows, { from: at(-1), to: at(6) }, 5000)[0]?.t, at(0));
  });

  it("have the level, the power or both, and skip rows with neither", () => {
    const row = (minute: number, values: Partial<Row>): Row => ({ t: at(8, minute), p: at(8), c: "ac", ...values });
    const mixed = [row(0, { b: 40, w: 7000 }), row(1, { x: 1 }), row(2, { w: 7100 }), row(3, { b: 41 })];
    assert.deepEqual(pointsOf(mixed, day, 5000), [
      { t: at(8), level: 40, power: 7000, isBreak: true },
      { t: at(8, 2), power: 7100, isBreak: true },
      { t: at(8, 3), level: 41, isBreak: false },
    ]);
  });

  it("keep their breaks when they are thinned, and get no additional ones", () => {
    const thinned = pointsOf(rows, day, 100);
    assert.equal(thinned.length, 100);
    assert.deepEqual(
      thinned.filter(({ isBreak }) => isBreak).map(({ t }) => t),
      [at(0, 9), at(0, 509)],
    );
    assert.deepEqual(pointsOf(rows, day, 1000), pointsOf(rows, day, 5000));
  });

  it("never exceed the limit, and keep their breaks", () => {
    for (const limit of [1, 7, 100, 999]) {
      const points = pointsOf(rows, day, limit);
      assert.ok(points.length <= limit && points.at(-1)?.t === at(0, 999));
      assert.ok(points.filter(({ isBreak }) => isBreak).length >= Math.min(2, limit));
    }
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { hourMs } from "../../../src/base/clock";
import type { Row, Segment } from "../../../src/history/model";
import { pointsOf } from "../../../src/history/points";
import { segmentsOf } from "../../../src/history/segments";
import { mostPoints, pointsOf as countOf } from "../../../src/historyPage/content";
import { pointLimit, runsOf, valueAt } from "../../../src/present/historyRuns";

const range = { from: 0, to: 10 * hourMs };
const now = range.to;

function drawn(rows: readonly Row[], until = now) {
  const segments = segmentsOf(rows, range, { now, observedUntil: until });
  const points = pointsOf(rows, range, pointLimit);
  return {
    segments,
    level: runsOf(points, segments, range, ({ level }) => level),
    power: runsOf(points, segments, range, ({ power }) => power),
  };
}

const at = (hours: number) => hours * hourMs;

describe("level and power of the chart", () => {
  it("keep their value until the next one, and the last one as long as the car was observed", () => {
    const { level } = drawn(
      [
        { t: at(1), c: "out", b: 80 },
        { t: at(2), p: at(1.9), c: "out", b: 70 },
      ],
      at(3),
    );
    assert.deepEqual(level, [
      [
        [at(1), 80],
        [at(2), 70],
        [at(3), 70],
      ],
    ]);
  });

  it("end with the last reading before a gap, and begin again with the first reading after it", () => {
    const { level } = drawn(
      [
        { t: at(1), c: "ac", b: 45 },
        { t: at(8), p: at(2), c: "ac", b: 80, x: 1 },
      ],
      at(9),
    );
    assert.deepEqual(level, [
      [
        [at(1), 45],
        [at(2), 45],
      ],
      [
        [at(8), 80],
        [at(9), 80],
      ],
    ]);
  });

  it("break in a bridged gap, in which the state is known but the level is not", () => {
    const { segments, level } = drawn(
      [
        { t: at(1), c: "ac", m: at(0.5), b: 45 },
        { t: at(8), p: at(2), c: "ac", m: at(1), b: 80, x: 1 },
      ],
      at(9),
    );
    assert.ok(segments.some(({ bridged }) => bridged));
    assert.deepEqual(
      level.map((run) => [run[0]![0], run.at(-1)![0]]),
      [
        [at(1), at(2)],
        [at(8), at(9)],
      ],
    );
  });

  it("break if a value is unknown, which is never shown as zero", () => {
    const { level, power } = drawn(
      [
        { t: at(1), c: "ac", b: 40, w: 11_000 },
        { t: at(2), p: at(1.9), c: "ac", b: 50 },
        { t: at(3), p: at(2.9), c: "ac", b: 60, w: 0 },
      ],
      at(4),
    );
    assert.deepEqual(power, [
      [
        [at(1), 11_000],
        [at(2), 11_000],
      ],
      [
        [at(3), 0],
        [at(4), 0],
      ],
    ]);
    assert.equal(level.length, 1);
  });

  it("are one point for a reading without observed time around it", () => {
    const { level } = drawn(
      [
        { t: at(1), c: "ac", b: 40 },
        { t: at(5), p: at(1), c: "ac", b: 50, x: 1 },
      ],
      at(5),
    );
    assert.deepEqual(level, [[[at(1), 40]], [[at(5), 50]]]);
  });

  it("begin at the edge of the range with the earlier value if the car was observed across the edge", () => {
    const before = { t: -at(1), c: "out", b: 80 } as const;
    assert.deepEqual(drawn([before], at(1)).level, [
      [
        [0, 80],
        [at(1), 80],
      ],
    ]);
    assert.deepEqual(drawn([before, { t: at(5), p: -at(0.5), c: "out", b: 70, x: 1 }], at(6)).level, [
      [
        [at(5), 70],
        [at(6), 70],
      ],
    ]);
  });

  it("of any rows are in observed time only, within the limit of points, and in order", () => {
    const row = fc.record({
      step: fc.integer({ min: 1, max: 2_000_000 }),
      gap: fc.boolean(),
      b: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
      c: fc.constantFrom("ac", "out", "?"),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (steps) => {
        let t = -at(1);
        const rows = steps.map(({ step, gap, b, c }, index): Row => {
          const p = t + Math.floor(step / 4);
          t += step;
          return { t, ...(index > 0 && { p }), c: c, ...(b !== undefined && { b }), ...(gap && { x: 1 }) };
        });
        const { segments, level } = drawn(rows, t);
        for (const run of level) {
          for (let index = 1; index < run.length; index++) {
            const [from, to] = [run[index - 1]![0], run[index]![0]];
            assert.ok(from <= to);
            assert.ok(!segments.some((segment) => isUnseen(segment) && segment.from < to && segment.to > from));
          }
        }
      }),
    );
  });

  it("stay within the limit for a month with a value every minute and a gap every other minute", () => {
    const rows = Array.from({ length: 40_000 }, (_, index): Row => {
      const t = (index * range.to) / 40_000;
      return {
        t,
        ...(index > 0 && { p: t - 500 }),
        c: "ac",
        b: index % 101,
        w: index % 11_000,
        ...(index % 2 && { x: 1 }),
      };
    });
    const { level, power } = drawn(rows);
    assert.ok(countOf(level) + countOf(power) <= mostPoints);
    assert.ok(countOf(level) > pointLimit / 2);
  });
});

function isUnseen({ state, bridged }: Segment): boolean {
  return state === "notObserved" || bridged === true;
}

describe("the value at the cursor", () => {
  const runs = [
    [
      [10, 1],
      [20, 2],
      [30, 2],
    ],
    [[50, 3]],
  ] as const;
  it("is the value known at that time, and none in a break", () => {
    assert.deepEqual(
      [5, 10, 19, 20, 30, 31, 50, 51].map((time) => valueAt(runs, time)),
      [undefined, 1, 1, 2, undefined, undefined, 3, undefined],
    );
  });
});

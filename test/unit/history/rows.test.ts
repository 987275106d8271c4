import assert from "node:assert/strict";
import fc from "fast-check";
import { rowConnections, rowStatuses } from "../../../src/charging/recorded";
import type { Row } from "../../../src/history/model";
import {
  carLimit,
  firstKeptMonth,
  folderLimit,
  headLine,
  lineLimit,
  monthLimit,
  monthOf,
  monthOfFile,
  parseMonth,
  rowLine,
  sortedRows,
} from "../../../src/history/rows";
import { anyText } from "../../support/builders/arbitrary";
import { at } from "./histories";
import { dayMs, minuteMs } from "../../../src/base/clock";

const now = at(12);
const some = fc.option(fc.integer({ min: Date.UTC(2015, 0, 1), max: now }), { nil: undefined });
const percent = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
const anyRow = fc
  .record({
    t: fc.integer({ min: Date.UTC(2015, 0, 1), max: now }),
    p: some,
    c: fc.constantFrom(...rowConnections),
    m: some,
    b: percent,
    g: percent,
    s: fc.option(fc.constantFrom(...rowStatuses), { nil: undefined }),
    w: fc.option(fc.integer({ min: -22_000, max: 270_000 }), { nil: undefined }),
    k: fc.constantFrom(1 as const, 2 as const, undefined),
    x: fc.constantFrom(1 as const, undefined),
  })
  .map((row) => JSON.parse(JSON.stringify({ ...row, p: (row.p ?? 0) < row.t ? row.p : undefined })) as Row);

const row: Row = { t: at(8), c: "ac", b: 41 };
const fileOf = (...lines: readonly string[]) => [headLine, ...lines, ""].join("\n");

describe("A month of the history", () => {
  it("returns every written row", () => {
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const text = fileOf(...rows.map((each) => rowLine(each) ?? assert.fail("too long")));
        assert.deepEqual(parseMonth(text, now), { rows, skipped: 0, isNewer: false });
      }),
    );
  });

  it("skips and counts only lines that are torn, spliced, too long or not rows", () => {
    const line = rowLine(row) ?? "";
    const bad = [
      line.slice(0, 12),
      line.slice(0, 9) + line,
      "null",
      "[1]",
      '{"t":1}',
      `{"t":${at(8)},"c":"plugged"}`,
      `{"t":"${at(8)}","c":"ac"}`,
      JSON.stringify({ ...row, note: "x".repeat(lineLimit) }),
    ];
    for (const each of bad) {
      const { rows, skipped } = parseMonth(fileOf(line, each, line), now);
      assert.deepEqual([rows.length, skipped], [2, 1], each);
    }
  });

  it("accepts a line of 4 KiB and none that is longer", () => {
    const padded = (length: number) => {
      const line = JSON.stringify({ ...row, pad: "" });
      return line.replace('""', `"${"x".repeat(length - line.length)}"`);
    };
    assert.equal(parseMonth(fileOf(padded(lineLimit)), now).rows.length, 1);
    assert.deepEqual(parseMonth(fileOf(padded(lineLimit + 1)), now), { rows: [], skipped: 1, isNewer: false });
    const long = (length: number) => JSON.parse(padded(length)) as Row;
    assert.equal(rowLine(long(lineLimit))?.length, lineLimit);
    assert.equal(rowLine(long(lineLimit + 1)), undefined);
  });

  it("omits rows before 2015 and more than ten minutes ahead", () => {
    const times = [Date.UTC(2014, 11, 31), now + 10 * minuteMs + 1, now + 10 * minuteMs];
    const text = fileOf(...times.map((t) => JSON.stringify({ ...row, t })));
    assert.deepEqual(
      parseMonth(text, now).rows.map(({ t }) => t),
      [now + 10 * minuteMs],
    );
  });

  it("reads impossible values as unknown, and an unrecognized status as `?`", () => {
    const text = fileOf(`{"t":${at(8)},"p":${at(9)},"c":"ac","b":140,"g":"80","s":"boosting","w":1e9,"k":3,"x":2}`);
    assert.deepEqual(parseMonth(text, now).rows, [{ t: at(8), c: "ac", s: "?" }]);
    const odd = fileOf(`{"t":${at(8)},"p":${at(8)},"c":"ac","m":9e15,"b":-1,"g":1e999,"w":-1e9}`);
    assert.deepEqual(parseMonth(odd, now).rows, [{ t: at(8), c: "ac" }]);
    const last = `{"t":${at(8)},"c":"ac","m":-864e13,"b":0,"g":100,"w":1000000}`;
    assert.deepEqual(parseMonth(fileOf(last), now).rows, [JSON.parse(last)]);
  });

  it("of a newer version is not read", () => {
    const text = `{"format":"volvo-charging-history","version":2}\n${rowLine(row)}\n`;
    assert.deepEqual(parseMonth(text, now), { rows: [], skipped: 0, isNewer: true });
  });

  it("is read without an exception for any content", () => {
    fc.assert(fc.property(anyText(200), (text) => void parseMonth(text, now)));
  });

  it("cut off anywhere gives the rows before the cut", () => {
    const rows = [1, 2, 3].map((hour): Row => ({ t: at(hour), c: "ac" }));
    const text = fileOf(...rows.map((each) => rowLine(each) ?? ""));
    for (let end = 0; end <= text.length; end++) {
      const read = parseMonth(text.slice(0, end), now).rows;
      assert.deepEqual(read, rows.slice(0, read.length));
    }
  });

  it("gives the same rows with torn, spliced, duplicate and future lines between them, and counts all but the duplicates", () => {
    const line = rowLine(row) ?? "";
    const noise = fc.constantFrom(
      line.slice(0, 12),
      line.slice(0, 9) + line,
      JSON.stringify({ ...row, t: now + dayMs }),
      "doubled",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anyRow, fc.option(noise, { nil: undefined }))), (parts) => {
        const lines = parts.flatMap(([each, odd]) => {
          const own = rowLine(each) ?? "";
          return odd === undefined ? [own] : [own, odd === "doubled" ? own : odd];
        });
        const rows = parts.map(([each]) => each);
        const read = parseMonth(fileOf(...lines), now);
        assert.deepEqual(sortedRows(read.rows), sortedRows(rows));
        assert.equal(read.skipped, parts.filter(([, odd]) => odd !== undefined && odd !== "doubled").length);
      }),
    );
  });

  it("is sorted by time and without duplicates, in any order of its lines", () => {
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const sorted = sortedRows(rows);
        assert.deepEqual(sortedRows([...sorted, ...sorted]), sorted);
        sorted.forEach((each, index) => assert.ok(index === 0 || (sorted[index - 1]?.t ?? 0) < each.t));
        assert.equal(sorted.length, new Set(rows.map(({ t }) => t)).size);
      }),
    );
  });

  it("keeps the first of two rows of the same time", () => {
    const [first, again] = [row, { ...row, b: 99 }] as const;
    assert.deepEqual(sortedRows([first, again]), [first]);
    assert.deepEqual(sortedRows([{ ...row, t: at(9) }, first, again]), [first, { ...row, t: at(9) }]);
  });

  it("has limits for a line, for itself, for all months together and for the number of cars", () => {
    assert.deepEqual([lineLimit, monthLimit, folderLimit, carLimit], [4 * 1024, 1024 ** 2, 32 * 1024 ** 2, 40]);
  });

  it("is a UTC month", () => {
    assert.equal(monthOf(Date.UTC(2026, 10, 30, 23, 59)), "2026-11");
    assert.equal(monthOf(Date.UTC(2026, 11, 1)), "2026-12");
    assert.equal(monthOfFile("2026-11.jsonl"), "2026-11");
    for (const name of ["2026-13.jsonl", "salt", "a2026-11.jsonl", "2026-11.jsonl.tmp"])
      assert.equal(monthOfFile(name), undefined, name);
  });

  it("is kept for as many months as the setting says, the current one included", () => {
    assert.equal(firstKeptMonth(now, 1), "2026-11");
    assert.equal(firstKeptMonth(now, 24), "2024-12");
    assert.equal(firstKeptMonth(Date.UTC(2026, 2, 31) + dayMs / 2, 2), "2026-02");
  });
});

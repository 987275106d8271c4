import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import { chartSvg, legendList, timeAt, xOf } from "../../../src/historyPage/chart";
import { tableMarkup } from "../../../src/historyPage/table";
import { assertGolden } from "../present/golden";
import { chart, content } from "./scene";

/** One element per line, so that a difference is readable. */
const lines = (markup: string) => markup.replaceAll("><", ">\n<");

describe("the chart of the history", () => {
  it("shows each state with its own pattern and letter, and level and power for observed time only", () => {
    assertGolden("history-chart", lines(chartSvg(chart, 900)));
    assertGolden("history-legend", lines(legendList(chart)));
  });

  it("fits a narrow panel: with fewer time labels, and letters only if there is room", () => {
    assertGolden("history-chart-narrow", lines(chartSvg(chart, 320)));
  });

  it("never draws a line from one run to the next", () => {
    const levels = [...chartSvg(chart, 900).matchAll(/class="level" d="([^"]*)"/g)].map(([, d = ""]) => d);
    assert.equal(levels.length, 2, "the third run is a single reading, shown as a dot");
    for (const d of levels) assert.equal(d.match(/M/g)?.length, 1, d);
    const [, second = ""] = levels;
    const begin = Number(/^M([\d.]+)/.exec(second)?.[1]);
    assert.equal(begin, Math.round(xOf(chart.from + 8 * hourMs, chart, 900) * 10) / 10);
  });

  it("distinguishes all states without color: by fill, dashes and letter", () => {
    const looks = [...legendList(chart).matchAll(/class="state (\w+)"[^>]*fill="([^"]*)"/g)];
    const letters = chart.legend.map(({ letter }) => letter);
    assert.equal(looks.length, chart.legend.length);
    assert.equal(new Set(letters).size, letters.length);
    const filled = looks.map(([, , fill]) => fill).filter((fill) => fill !== "none");
    assert.equal(new Set(filled).size, filled.length);
  });

  it("shows the time below the pointer, and stays within its range", () => {
    const noon = chart.from + 12 * hourMs;
    assert.ok(Math.abs(timeAt(xOf(noon, chart, 900), chart, 900) - noon) < 1);
    assert.equal(timeAt(0, chart, 900), chart.from);
    assert.equal(timeAt(10_000, chart, 900), chart.to);
    assert.equal(xOf(chart.from - hourMs, chart, 900), xOf(chart.from, chart, 900));
  });

  it("shows texts unchanged, even if they look like markup", () => {
    const label = `<img src=x onerror="a()">&`;
    const hostile = { ...chart, times: [{ at: chart.from, label }], legend: [{ state: "ac", letter: "<b>", label }] };
    const drawn = chartSvg(hostile as typeof chart, 900) + legendList(hostile as typeof chart);
    assert.doesNotMatch(drawn, /<img|<b>/);
    assert.match(drawn, /&lt;img src=x onerror=&quot;a\(\)&quot;&gt;&amp;/);
    const table = { ...content.table!, caption: label, rows: [[label, label]], columns: [label], totals: [label] };
    assert.doesNotMatch(tableMarkup(table), /<img/);
  });

  it("needs no inline style, which the page's policy forbids", () => {
    assert.doesNotMatch(chartSvg(chart, 900) + legendList(chart) + tableMarkup(content.table!), /style=|<style|on\w+=/);
  });
});

describe("the table of the history", () => {
  it("names its columns and rows for screen readers, and has its totals in a foot", () => {
    assertGolden("history-table-markup", lines(tableMarkup(content.table!)));
  });

  it("is its caption alone where there are no sessions", () => {
    const empty = { ...content.table!, caption: "None <b>", rows: [], totals: [] };
    assert.equal(tableMarkup(empty), "<p>None &lt;b&gt;</p>");
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { mostPoints, rowsPerPage } from "../../../src/historyPage/content";
import { parseContent } from "../../../src/historyPage/parseContent";
import { pageDocument } from "../../../src/historyPage/document";
import { parseRequest } from "../../../src/historyPage/request";
import { firstView, keptView, rangeUnits } from "../../../src/historyPage/view";
import { chart, content } from "./scene";

const view = { car: "0123456789abcdef", unit: "month", at: Date.UTC(2026, 10, 1), page: 2 };

describe("the messages of the page", () => {
  it("ask for the content, for a change of the view and for the setting", () => {
    const requests = [
      ...[{ kind: "ready" }, { kind: "openSetting" }, { kind: "today" }],
      ...[{ kind: "car", car: view.car }, ...rangeUnits.map((unit) => ({ kind: "unit", unit }))],
      ...["step", "page"].flatMap((kind) => [-1, 1].map((by) => ({ kind, by }))),
    ];
    for (const request of requests) assert.deepEqual(parseRequest(request), request);
  });

  it("are ignored in any other form", () => {
    const others = [
      ...[undefined, null, "ready", 1, [], {}, { kind: "run" }, { kind: "show", view }, { kind: ["ready"] }],
      ...["YV1TEST0000000001", "../../x", [view.car], undefined].map((car) => ({ kind: "car", car })),
      ...["year", ["day"], undefined].map((unit) => ({ kind: "unit", unit })),
      ...[0, 2, 0.5, NaN, 1e9, "1", undefined].flatMap((by) => ["step", "page"].map((kind) => ({ kind, by }))),
    ];
    for (const message of others) assert.equal(parseRequest(message), undefined, JSON.stringify(message));
    fc.assert(fc.property(fc.jsonValue(), (message) => parseRequest(message) === undefined));
  });
});

describe("the view that VS Code has stored for a reload", () => {
  it("is shown again, and a damaged one is replaced by the first view", () => {
    assert.deepEqual(keptView({ ...view, extra: true }), view);
    const others = [
      ...[{ car: "YV1TEST0000000001" }, { car: "../../x" }, { unit: "year" }, { at: "now" }, { at: NaN }, { at: 0 }],
      ...[-1, 0.5, 1e9, "1", undefined].map((page) => ({ page })),
    ].map((change) => ({ ...view, ...change }));
    for (const state of [undefined, null, "week", { unit: "week" }, ...others]) {
      assert.deepEqual(keptView(state), firstView);
    }
  });
});

describe("the messages to the page", () => {
  it("contain the whole content", () => {
    assert.deepEqual(parseContent(structuredClone(content)), content);
    assert.ok(parseContent({ ...content, chart: undefined, table: undefined }));
  });

  it("survive the transfer to the page, which drops undefined members", () => {
    assert.ok(parseContent(JSON.parse(JSON.stringify(content))));
  });

  it("are ignored in any other form, and if they exceed the page's limits", () => {
    const run = Array.from({ length: mostPoints + 1 }, (_, index) => [index, 1]);
    const row = ["a"];
    const others = [
      ...[undefined, null, "content", { kind: "content" }, { ...content, kind: "other" }, { ...content, words: {} }],
      ...[{ from: chart.to }, { level: [run] }, { level: [run.slice(1)], power: [[[0, 1]]] }, { segments: "none" }].map(
        (change) => ({ ...content, chart: { ...chart, ...change } }),
      ),
      ...[
        { level: [[[0, "90"]]] },
        { level: [[[0, Infinity]]] },
        { segments: [{ ...chart.segments[0], state: "x" }] },
      ].map((change) => ({ ...content, chart: { ...chart, ...change } })),
      { ...content, table: { ...content.table, rows: Array.from({ length: rowsPerPage + 1 }, () => row) } },
      { ...content, range: "x".repeat(501) },
    ];
    for (const message of others) assert.equal(parseContent(message), undefined);
    fc.assert(fc.property(fc.jsonValue(), (message) => parseContent(message) === undefined));
  });
});

describe("the document of the page", () => {
  const parts = {
    language: "de",
    title: "Ladeverlauf",
    script: "s.js",
    style: "s.css",
    source: "https://x",
    nonce: "n",
  };

  it("allows its own script and style, and nothing else", () => {
    const html = pageDocument(parts);
    assert.match(html, /content="default-src 'none'; script-src 'nonce-n'; style-src https:\/\/x"/);
    assert.match(html, /<html lang="de">/);
    assert.doesNotMatch(html, /unsafe|style=|<style/);
    assert.deepEqual(html.match(/<script[^>]*>/g), ['<script nonce="n" src="s.js">']);
  });

  it("escapes the given texts", () => {
    assert.doesNotMatch(pageDocument({ ...parts, title: "<script>", language: '"><script>' }), /<script>/);
  });
});

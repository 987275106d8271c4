import * as l10n from "@vscode/l10n";
import assert from "node:assert/strict";
import { codeTranslations } from "../../../scripts/l10n/translations";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import type { CarHistory } from "../../../src/history/model";
import { mostPoints, type PageContent, pointsOf } from "../../../src/historyPage/content";
import { parseContent } from "../../../src/historyPage/parseContent";
import { firstView, type HistoryView, rangeUnits } from "../../../src/historyPage/view";
import { historyContent, type HistoryInputs, panelCar } from "../../../src/present/historyContent";
import { changedView, historyRange } from "../../../src/present/historyRange";
import { commuterHistory } from "../../support/history/commuter";
import { assertGolden } from "./golden";

/** Noon of a Saturday. */
const now = Date.UTC(2026, 10, 28, 12);
const commuter = commuterHistory(now + 12 * hourMs, 40);
const zone = { timeZone: "Europe/Berlin", clock: "24h" } as const;
const nothing: CarHistory = { id: "fedcba9876543210", rows: [], sessions: [], skippedLines: 0, newerMonths: [] };

function contentOf(
  view: Partial<HistoryView> = {},
  {
    language = "en-US",
    history = commuter,
    ...inputs
  }: Partial<HistoryInputs> & { language?: string; history?: CarHistory } = {},
): PageContent {
  const locale = { language, ...zone };
  const wanted = { ...firstView, car: history.id, ...view };
  const range = historyRange(wanted, now, locale);
  return historyContent({
    ...{ view: wanted, range, now, locale, isKept: true, isDemo: false },
    cars: [{ key: history.id, name: "EX30" }],
    car: panelCar(history, "EX30", range, now),
    ...inputs,
  });
}

/** The view after a step to the previous or next range. */
function stepped(view: HistoryView, by: -1 | 1): HistoryView {
  const context = { now, locale: { language: "en-US", ...zone }, keptSince: commuter.keptSince };
  return changedView(view, { kind: "step", by }, context);
}

/** The content as text, without the points, which the tests of the runs check, and with every sixth cursor stop. */
function told({ words: _, chart, ...content }: PageContent): string {
  const { stops = [], segments = [], label, times = [], legend = [], powers = [] } = chart ?? {};
  const spoken = {
    ...{ label, legend: legend.map((entry) => `${entry.letter} ${entry.label}`) },
    ...{ times: times.map((tick) => tick.label), powers: powers.map((tick) => tick.label), segments: segments.length },
    stops: stops.filter((_, index) => index % 6 === 0).map((stop) => stop.label),
  };
  return JSON.stringify({ ...content, ...(chart && { chart: spoken }) }, undefined, 1);
}

afterEach(() => l10n.config({ contents: {} }));

describe("the content of the history panel", () => {
  it("of a day shows its states, level, power and sessions, and the night that was not observed", () => {
    assertGolden("history-day", told(contentOf({ unit: "day", at: now - dayMs })));
  });

  for (const [language, name] of [
    ["de", "German"],
    ["fr", "French"],
    ["es", "Spanish"],
    ["it", "Italian"],
  ] as const) {
    it(`of a week is ${name} in all its words, dates and numbers`, () => {
      const texts = codeTranslations(process.cwd())[language] ?? {};
      l10n.config({ contents: { ...texts } });
      const content = contentOf({}, { language, isDemo: true });
      assertGolden(`history-week-${language}`, JSON.stringify(content.words, undefined, 1) + told(content));
      assert.doesNotMatch(told(content), /\{\d\}|undefined|NaN|Invalid Date/);
    });
  }

  it("is accepted by the page for any range, and contains no more points than the page accepts", () => {
    assert.equal(mostPoints, 5_000);
    for (const unit of rangeUnits) {
      const content = contentOf({ unit });
      assert.deepEqual(parseContent(structuredClone(content)), content, unit);
      const { level = [], power = [] } = content.chart ?? {};
      assert.ok(pointsOf(level) > 0 && pointsOf(level) + pointsOf(power) <= mostPoints, unit);
    }
  });

  it("is accepted by the page for a month with a change of state every minute", () => {
    const rows = Array.from({ length: 28 * 1440 }, (_, index) => {
      const t = now - (28 * 1440 - index) * minuteMs;
      return {
        t,
        ...(index > 0 && { p: t - 1 }),
        c: index % 2 ? "ac" : "out",
        b: index % 100,
        w: index % 9_000,
      } as const;
    });
    const content = contentOf({ unit: "month" }, { history: { ...nothing, rows, keptSince: rows[0]!.t } });
    assert.ok(parseContent(content));
  });

  it("offers earlier ranges back to the start of the history, and later ones up to the present", () => {
    const present = contentOf({ unit: "month" });
    assert.equal(present.view.at, undefined, "the present moves on");
    assert.deepEqual([present.hasEarlier, present.hasLater], [true, false]);
    const before = contentOf(stepped(present.view, -1));
    assert.equal(before.range, "October 2026");
    assert.deepEqual([before.hasEarlier, before.hasLater], [false, true], "nothing was recorded before");
    assert.equal(contentOf(stepped(before.view, 1)).range, "November 2026");
  });

  it("has a week that ends with today, and returns to it even if a day has passed in between", () => {
    const present = contentOf();
    assert.equal(present.range, "November 22 – 28, 2026");
    assert.equal(present.hasLater, false);
    const before = contentOf(stepped(present.view, -1));
    assert.equal(before.range, "November 15 – 21, 2026");
    assert.equal(contentOf(stepped(before.view, 1)).range, present.range);
    // Seven days after this week would be later than today.
    const yesterday = contentOf({ at: now - 6 * dayMs });
    assert.equal(yesterday.range, "November 16 – 22, 2026");
    const later = contentOf(stepped(yesterday.view, 1));
    assert.deepEqual([later.range, later.view.at], [present.range, undefined]);
  });

  it("shows no level and no power for unobserved time", () => {
    for (const unit of rangeUnits) {
      const { stops = [] } = contentOf({ unit }).chart ?? {};
      const unseen = stops.filter(({ label }) => label.includes("Not observed"));
      assert.ok(unseen.length > 0);
      for (const { label } of unseen) assert.doesNotMatch(label, /%|kW/);
    }
  });

  it("shows no state for future time", () => {
    const { segments = [], stops = [] } = contentOf({ unit: "month" }).chart ?? {};
    assert.ok(segments.every(({ to }) => to <= now) && stops.every(({ at }) => at <= now));
  });

  it("says that the demo's cars are simulated, that history is off, and when it starts", () => {
    assert.match(contentOf({}, { isDemo: true }).notice, /^Demo: these cars are simulated\. The history starts on Oct/);
    const off = contentOf({}, { isKept: false });
    assert.match(off.notice, /^History is off\. .* The history starts on/);
    assert.equal(off.noticeAction, "Open Settings");
    assert.ok(off.chart, "the recorded part is shown");
  });

  it("says that nothing was recorded yet, that there is no car, or that a newer version has written the history", () => {
    const empty = contentOf({}, { history: nothing });
    assert.match(empty.notice, /^Nothing has been recorded yet/);
    assert.deepEqual([empty.chart, empty.table, empty.hasEarlier], [undefined, undefined, false]);
    assert.ok(parseContent(empty));
    assert.match(contentOf({}, { cars: [], car: undefined }).notice, /There is no car/);
    const newer = contentOf({}, { history: { ...commuter, newerMonths: ["2026-11"] } });
    assert.match(newer.notice, /newer version, and not shown: 2026-11/);
    const onlyNewer = contentOf({}, { history: { ...nothing, newerMonths: ["2026-11"] } });
    assert.match(onlyNewer.notice, /^Recorded by a newer version/);
  });

  it("says of a gap with the same state at both ends that it was seen before and after", () => {
    const at = (hours: number) => now - 10 * hourMs + hours * hourMs;
    const rows = [
      { t: at(0), c: "ac", m: at(0) },
      { t: at(6), p: at(1), c: "ac", m: at(0), x: 1 },
    ] as const;
    const { stops = [] } = contentOf({ unit: "day" }, { history: { ...nothing, rows, keptSince: at(0) } }).chart ?? {};
    assert.ok(stops.some(({ label }) => label.endsWith("AC, seen before and after")));
  });
});

import * as l10n from "@vscode/l10n";
import assert from "node:assert/strict";
import fs from "node:fs";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { countText, percentText } from "../../../src/present/numbers";
import {
  ageHoldsFor,
  ageText,
  dateTimeText,
  isoText,
  languageOf,
  type Locale,
  shortTimeText,
  spokenAge,
  untilText,
  waitChangesAt,
  waitText,
} from "../../../src/present/times";
import { now } from "./viewStates";

const english = { language: "en", timeZone: "UTC" } as const;
const someAge = fc.integer({ min: 0, max: 400 * dayMs });

describe("An age", () => {
  const table: readonly (readonly [ageMs: number, text: string, spoken: string])[] = [
    [0, "just now", "just now"],
    [59 * secondMs, "just now", "just now"],
    [minuteMs, "1 min ago", "1 minute ago"],
    [59 * minuteMs + 59 * secondMs, "59 min ago", "59 minutes ago"],
    [hourMs, "1 h ago", "1 hour ago"],
    [47 * hourMs + 59 * minuteMs, "47 h ago", "47 hours ago"],
    [48 * hourMs, "2 d ago", "2 days ago"],
    [400 * dayMs, "400 d ago", "400 days ago"],
  ];

  for (const [ageMs, text, spoken] of table) {
    it(`is “${text}” and “${spoken}” after ${String(ageMs / minuteMs)} minutes`, () => {
      assert.equal(ageText(now - ageMs, now), text);
      assert.equal(spokenAge(now - ageMs, now, english), spoken);
    });
  }

  it("changes exactly when announced", () => {
    fc.assert(
      fc.property(someAge, (ageMs) => {
        const at = now - ageMs;
        const holds = ageHoldsFor(at, now);
        assert.ok(holds > 0 && holds <= dayMs);
        assert.equal(ageText(at, now + holds - 1), ageText(at, now));
        assert.notEqual(ageText(at, now + holds), ageText(at, now));
      }),
    );
  });

  it("of a future time counts as now, until that time arrives", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * dayMs }), (aheadMs) => {
        assert.equal(ageText(now + aheadMs, now), "just now");
        assert.equal(ageHoldsFor(now + aheadMs, now), aheadMs);
      }),
    );
  });
});

describe("A waiting time", () => {
  it("is rounded up to at least a minute", () => {
    assert.deepEqual(
      [-5, 0, 1, minuteMs, minuteMs + 1, hourMs, hourMs + 1, 17 * hourMs].map((wait) => waitText(now + wait, now)),
      ["1 min", "1 min", "1 min", "1 min", "2 min", "60 min", "2 h", "17 h"],
    );
  });

  it("changes exactly when announced", () => {
    fc.assert(
      fc.property(fc.integer({ min: minuteMs + 1, max: 48 * hourMs }), (wait) => {
        const until = now + wait;
        const change = waitChangesAt(until, now);
        assert.ok(change > now);
        assert.equal(waitText(until, change - 1), waitText(until, now));
        assert.notEqual(waitText(until, change), waitText(until, now));
      }),
    );
  });
});

describe("Dates and times", () => {
  it("have the format of the display language", () => {
    const texts = ["en", "de", "fr", "es", "it"].map((language) => dateTimeText(now, { language, timeZone: "UTC" }));
    assert.deepEqual(texts, [
      "Nov 23, 2026, 8:40 AM",
      "23.11.2026, 08:40",
      "23 nov. 2026, 08:40",
      "23 nov 2026, 8:40",
      "23 nov 2026, 08:40",
    ]);
  });

  it("are in the local time zone, also across daylight-saving changes", () => {
    const berlin = { language: "de", timeZone: "Europe/Berlin" };
    assert.equal(dateTimeText(Date.UTC(2026, 9, 25, 0, 30), berlin), "25.10.2026, 02:30");
    assert.equal(dateTimeText(Date.UTC(2026, 9, 25, 1, 30), berlin), "25.10.2026, 02:30");
    assert.equal(dateTimeText(Date.UTC(2026, 2, 29, 1, 30), berlin), "29.03.2026, 03:30");
  });

  it("include the date if it is not today's", () => {
    const kiritimati = { language: "en", timeZone: "Pacific/Kiritimati" };
    assert.equal(shortTimeText(now - hourMs, now, english), "7:40 AM");
    assert.equal(shortTimeText(now - 10 * hourMs, now, english), "Nov 22, 10:40 PM");
    assert.equal(shortTimeText(now - 10 * hourMs, now, kiritimati), "12:40 PM");
  });

  it("end a sentence in the words of each language, which differ between a time of day and a date", () => {
    const until = (language: string, clock?: Locale["clock"]) => {
      const locale = { language, timeZone: "UTC", ...(clock && { clock }) };
      l10n.config({
        contents:
          language === "en"
            ? {}
            : (JSON.parse(fs.readFileSync(`l10n/bundle.l10n.${language}.json`, "utf8")) as Record<string, string>),
      });
      return [now + hourMs, now + 10 * dayMs].map((at) => untilText(at, now, locale));
    };
    try {
      assert.deepEqual(until("en"), ["until 9:40 AM", "until Dec 3, 8:40 AM"]);
      assert.deepEqual(until("en", "24h"), ["until 09:40", "until Dec 3, 08:40"]);
      assert.deepEqual(until("de"), ["bis 09:40 Uhr", "bis 3. Dez., 08:40 Uhr"]);
      assert.deepEqual(until("de", "12h"), ["bis 09:40 AM", "bis 3. Dez., 08:40 AM"]);
      assert.deepEqual(until("fr"), ["jusqu’à 09:40", "jusqu’au 3 déc., 08:40"]);
      assert.deepEqual(until("es"), ["hasta las 9:40", "hasta el 3 dic, 8:40"]);
      assert.deepEqual(until("it"), ["fino alle 09:40", "fino al 3 dic, 08:40"]);
    } finally {
      l10n.config({ contents: {} });
    }
  });

  it("are English if the editor's language is not a valid tag", () => {
    for (const language of ["", "en_US", "klingon!", "x".repeat(99)]) {
      assert.equal(languageOf({ language }), "en");
      assert.equal(dateTimeText(now, { language, timeZone: "UTC" }), "Nov 23, 2026, 8:40 AM");
    }
  });

  it("have a machine-readable form", () => {
    assert.equal(isoText(now + 123), "2026-11-23T08:40:00Z");
  });
});

describe("times in a region", () => {
  const evening = Date.UTC(2026, 10, 29, 22, 13);
  const at = (language: string, region?: string, clock?: Locale["clock"]) =>
    dateTimeText(evening, { language, timeZone: "UTC", ...(region && { region }), ...(clock && { clock }) });

  it("have the format of that region, with the words of the display language", () => {
    assert.equal(at("en"), "Nov 29, 2026, 10:13 PM");
    assert.equal(at("en", "SE"), "29 Nov 2026, 22:13");
    assert.equal(at("en", "DE"), "29 Nov 2026, 22:13");
    assert.equal(at("en", "US"), "Nov 29, 2026, 10:13 PM");
    assert.equal(at("de", "US"), at("de"));
    assert.equal(shortTimeText(evening, evening, { language: "en", region: "SE", timeZone: "UTC" }), "22:13");
    assert.match(
      shortTimeText(evening, evening + dayMs, { language: "en", region: "SE", timeZone: "UTC" }),
      /^29 Nov,? 22:13$/,
    );
  });

  it("have the format of the language if the language names a region itself or the region does not exist", () => {
    assert.equal(at("pt-br", "US"), at("pt-BR"));
    assert.equal(at("zh-Hans-CN", "US"), at("zh-Hans-CN"));
    assert.equal(at("en", "ZZ"), at("en"));
  });

  it("use the clock that the user has chosen, also at midnight", () => {
    assert.equal(at("en", undefined, "24h"), "Nov 29, 2026, 22:13");
    assert.equal(at("en", "SE", "12h"), "29 Nov 2026, 10:13 pm");
    assert.match(at("de", undefined, "12h"), /10:13 PM$/);
    const midnight = Date.UTC(2026, 10, 29, 0, 5);
    const text = (clock: "12h" | "24h") =>
      shortTimeText(midnight, midnight, { language: "en", timeZone: "UTC", clock });
    assert.deepEqual([text("12h"), text("24h")], ["12:05 AM", "00:05"]);
  });

  it("do not change the format of numbers", () => {
    assert.equal(countText(1234, { language: "en", region: "SE" }), "1,234");
    assert.equal(percentText(58, { language: "en", region: "DE" }), "58%");
  });
});

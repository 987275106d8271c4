import assert from "node:assert/strict";
import type { CarHistory } from "../../../src/history/model";
import { sessionsOf } from "../../../src/history/sessions";
import * as l10n from "@vscode/l10n";
import { codeTranslations } from "../../../scripts/l10n/translations";
import {
  type ExportedCar,
  exportFileName,
  type ExportFormat,
  exportFormats,
  exportText,
  offsetTime,
} from "../../../src/present/historyExport";
import { at, recordedBy, rising, type ShortReading } from "../history/histories";

const stockholm = { language: "en", timeZone: "Europe/Stockholm" };
const seen = (t: number): ShortReading => {
  if (t < at(18) || t >= at(23)) return { c: "out", s: "idle", b: t < at(18) ? 41 : 80 };
  const b = rising(t, at(18), 41, 9);
  return { c: "ac", m: at(17, 58), s: b < 80 ? "charging" : "done", b, g: 80, w: -500 };
};
const rows = recordedBy([{ from: at(17), to: at(24), seen }]);
const history: CarHistory = {
  id: "0123456789abcdef",
  keptSince: at(17),
  rows,
  sessions: sessionsOf(rows, { now: at(24), batteryKwh: 79 }),
  skippedLines: 0,
  newerMonths: [],
};
const car = (name: string, vin?: string): ExportedCar => ({ name, ...(vin !== undefined && { vin }), history });
const exported = (format: ExportFormat, name = "Elsa", locale = stockholm) =>
  exportText(format, [car(name)], at(24), locale);

describe("An export of the history", () => {
  it("as CSV has a line for each session, with times and their UTC offsets", () => {
    const [head, line, end] = exported("sessions").split("\r\n");
    assert.match(head ?? "", /^vehicle,vin,plugged_in_after,plugged_in,/);
    assert.equal(
      line,
      "Elsa,,2026-11-26T18:55:00+01:00,2026-11-26T18:58:00+01:00,2026-11-26T23:55:00+01:00,2026-11-27T00:00:00+01:00," +
        'ac,41,80,262,30.8,level,yes,"energy estimated, not for billing"',
    );
    assert.equal(end, "");
  });

  it("has the UTC offset of the day, including negative ones and zero", () => {
    const july = Date.UTC(2026, 6, 1, 12);
    assert.equal(offsetTime(july, stockholm), "2026-07-01T14:00:00+02:00");
    assert.equal(offsetTime(july, { language: "en", timeZone: "America/St_Johns" }), "2026-07-01T09:30:00-02:30");
    assert.equal(offsetTime(july, { language: "en", timeZone: "UTC" }), "2026-07-01T12:00:00+00:00");
    // The offset distinguishes the two occurrences of the repeated hour.
    const twice = [0, 1].map((hour) => offsetTime(Date.UTC(2026, 9, 25, hour, 30), stockholm));
    assert.deepEqual(twice, ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]);
  });

  // evcc#30058: German Excel shows a CSV with commas in one column.
  it("for Excel has a byte order mark, and the separator and decimal sign of the language", () => {
    assert.ok(exported("excel").startsWith("\ufeffCar,VIN,"));
    const german = exported("excel", "Elsa", { ...stockholm, language: "de" });
    assert.match(german, /Elsa;;2026-11-26 18:55;2026-11-26 18:58;.*;AC;41;80;262;30,8;/);
  });

  it("contains no formula from a car's name, and keeps negative numbers", () => {
    for (const name of ["=1+1", "+1", "-1", "@SUM(A1)"]) {
      for (const format of ["sessions", "excel", "readings"] as const) {
        const line = exported(format, name).split("\r\n")[1] ?? "";
        assert.ok(line.startsWith(`'${name}`), line);
      }
    }
    assert.match(exported("readings"), /,charging,-500,v2\r\n/);
    assert.ok(exported("sessions", 'The "big", one').includes('\r\n"The ""big"", one",'));
  });

  it("as readings has a line for each row", () => {
    assert.equal(exported("readings").trimEnd().split("\r\n").length, rows.length + 1);
  });

  it("as JSON says that the energy is estimated", () => {
    const { vehicles } = JSON.parse(exported("json")) as {
      vehicles: { id: string; sessions: { energy: unknown; levelTo: number }[] }[];
    };
    assert.equal(vehicles[0]?.id, history.id);
    assert.deepEqual(
      vehicles.flatMap(({ sessions }) => sessions).map(({ energy }) => energy),
      [{ kwh: 30.8, method: "level", isEstimated: true }],
    );
  });

  it("as Markdown has a table for each car, with any name", () => {
    const text = exported("markdown", "El|sa <b>");
    assert.match(text, /^## El\\\|sa \\<b\\>\n\n\| Plugged in \| Unplugged \|/);
    assert.match(text, /\| 2026-11-26 18:58 \| 2026-11-27 00:00 \| AC \| 41 → 80 % \| 262 \| 30.8 \|/);
  });

  it("says for an open session that the car is still plugged in, in each language", () => {
    const open = { ...history, rows: rows.slice(0, -1), sessions: sessionsOf(rows.slice(0, -1), { now: at(22) }) };
    const text = (format: ExportFormat, language = "en") =>
      exportText(format, [{ name: "Elsa", history: open }], at(22), { ...stockholm, language });
    const [, line = ""] = text("sessions").split("\r\n");
    assert.match(line, /,2026-11-26T18:58:00\+01:00,,,ac,.*,"still plugged in when last seen; /);
    const { vehicles } = JSON.parse(text("json")) as { vehicles: { sessions: { end?: unknown; notes: string[] }[] }[] };
    assert.deepEqual(
      vehicles[0]?.sessions.map(({ end, notes }) => [end, notes[0]]),
      [[undefined, "still plugged in when last seen"]],
    );
    const words = { en: "Still plugged in", de: "Noch angesteckt", fr: "Encore branchée", es: "Aún enchufado" };
    for (const [language, word] of Object.entries({ ...words, it: "Ancora collegata" })) {
      l10n.config({ contents: { ...codeTranslations(process.cwd())[language] } });
      assert.ok(text("markdown", language).includes(` | ${word} | AC | `), language);
      assert.match(text("excel", language), new RegExp(`2026-11-26 18:58[,;][,;]${word}[,;]AC[,;]`), language);
    }
    l10n.config({ contents: {} });
  });

  it("has a file name with its content, its only car and its day, valid in every file system", () => {
    const name = (format: ExportFormat, only?: string) => exportFileName(format, only, at(23, 30), stockholm);
    assert.deepEqual(
      exportFormats.map((format) => name(format)),
      [
        "volvo-charging-sessions-2026-11-27.csv",
        "volvo-charging-sessions-excel-2026-11-27.csv",
        "volvo-charging-readings-2026-11-27.csv",
        "volvo-charging-sessions-2026-11-27.json",
        "volvo-charging-sessions-2026-11-27.md",
      ],
    );
    assert.equal(name("json", "Räksmörgås"), "volvo-charging-sessions-Räksmörgås-2026-11-27.json");
    assert.equal(name("json", "../a:b\\c|EX30 *"), "volvo-charging-sessions-a-b-c-EX30-2026-11-27.json");
    assert.equal(name("json", "🚗"), "volvo-charging-sessions-2026-11-27.json");
    assert.ok(name("json", "a".repeat(500)).length < 100);
  });

  it("has a VIN only if it is given one", () => {
    const vin = "YV1TEST0000000001";
    for (const format of ["sessions", "excel", "readings", "json", "markdown"] as const) {
      assert.ok(!exported(format).includes(vin));
      assert.ok(exportText(format, [car("Elsa", vin)], at(24), stockholm).includes(vin), format);
    }
  });
});

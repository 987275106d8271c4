import * as l10n from "@vscode/l10n";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { languages } from "../../../scripts/l10n/translations";
import { minuteMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/redactor";
import type { Problem } from "../../../src/charging/problem";
import { commandId, commandNames, internalCommands } from "../../../src/contributions";
import { connectionResult, copiedResult } from "../../../src/connectionTest/resultText";
import type { ConnectionRow } from "../../../src/connectionTest/row";
import { assertGolden } from "../present/golden";
import { carOf, now, viewStateOf, readingOf, vinOf } from "../present/viewStates";
import { everyProblem } from "../present/scenes";

const until = now + 95 * minuteMs;
const car = vinOf(1234);
const works = { kind: "works" } as const;
const untested = { kind: "untested" } as const;
const asProblem = (problem: Problem) => ({ kind: "problem", problem }) as const;
const read = { ...works, reading: readingOf("connectedAc"), attemptedAt: now } as const;

/** Every finding of every part, except problems whose text is only that of `problemText`. */
const findings: Readonly<Record<string, readonly ConnectionRow[]>> = {
  "the key": [
    { part: "apiKey", finding: works },
    { part: "apiKey", finding: untested },
    { part: "apiKey", finding: asProblem({ kind: "apiKeyMissing" }) },
    { part: "apiKey", finding: { kind: "refused", accepted: false } },
    { part: "apiKey", finding: { kind: "refused", accepted: true } },
  ],
  "the token": [
    { part: "token", grant: "testToken", finding: works },
    { part: "token", grant: "testToken", finding: { kind: "refused" } },
    { part: "token", grant: "testToken", finding: { kind: "otherApi" } },
    { part: "token", grant: "testToken", finding: { kind: "perhapsOtherApi" } },
    { part: "token", grant: "none", finding: asProblem({ kind: "credentialsMissing" }) },
  ],
  "the sign-in": [
    { part: "token", grant: "volvoId", finding: works },
    { part: "token", grant: "volvoId", finding: { kind: "refused" } },
    { part: "token", grant: "volvoId", finding: asProblem({ kind: "signInEnded" }) },
    { part: "token", grant: "volvoId", finding: asProblem({ kind: "signedInElsewhere" }) },
    { part: "token", grant: "volvoId", finding: asProblem({ kind: "clientBlocked" }) },
  ],
  "what may be read": [
    { part: "energy", grant: "testToken", finding: { ...works, versions: ["v1", "v2"] } },
    { part: "energy", grant: "testToken", finding: { ...works, versions: [] } },
    { part: "energy", grant: "testToken", finding: { kind: "notPermitted" } },
    { part: "energy", grant: "volvoId", finding: { kind: "notPermitted" } },
    { part: "energy", grant: "volvoId", finding: asProblem({ kind: "serviceUnavailable", cause: "gone" }) },
  ],
  "the list of cars": [
    { part: "carList", finding: { ...works, count: 2 } },
    { part: "carList", finding: { ...works, count: 0 } },
    { part: "carList", finding: { kind: "notPermitted", by: "token" } },
    { part: "carList", finding: { kind: "notPermitted", by: "application" } },
    { part: "carList", finding: asProblem({ kind: "timeout" }) },
  ],
  "the service": [
    { part: "service", finding: works },
    { part: "service", finding: { kind: "held", hold: { kind: "quotaSpent", until } } },
    { part: "service", finding: { kind: "held", hold: { kind: "rateLimited", until } } },
    { part: "service", finding: { kind: "held", hold: { kind: "budgetSpent", until } } },
    { part: "service", finding: { kind: "noWindow" } },
    { part: "service", finding: asProblem({ kind: "offline", certificate: false }) },
    { part: "service", finding: asProblem({ kind: "offline", certificate: true }) },
  ],
  "a car": [
    { part: "car", vin: car, inAccount: true, finding: read },
    { part: "car", vin: car, inAccount: false, finding: { ...read, attemptedAt: now - 4_000 } },
    { part: "car", vin: car, inAccount: undefined, finding: untested },
    { part: "car", vin: car, inAccount: undefined, finding: asProblem({ kind: "notSupported" }) },
    { part: "car", vin: car, inAccount: false, finding: asProblem({ kind: "forbidden", what: "car" }) },
  ],
  "no car": [
    { part: "noCar", canList: false },
    { part: "noCar", canList: true },
  ],
};

/** The number of characters of a detail that VS Code shows before it cuts the text off, in its own font. */
const longestDetail = 105;

function bundleOf(language: string): Record<string, string> {
  const file = path.join("l10n", `bundle.l10n.${language}.json`);
  return JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
}

const view = viewStateOf({ cars: [carOf(1234)], settings: { "privacy.showFullVins": true } });

afterEach(() => {
  l10n.config({ contents: {} });
});

describe("The result of a connection test", () => {
  it("shows a verdict, a sentence and an action for each part, as in the golden file", () => {
    const text = Object.entries(findings).map(([title, rows]) => {
      const lines = rows.flatMap((row) => connectionResult([row], view).lines);
      const shown = lines.map(
        ({ label, detail, action }) =>
          `${label}\n    ${detail}${action ? `\n    [${action.title}](${action.command})` : ""}`,
      );
      return `## ${title}\n\n${shown.join("\n")}\n`;
    });
    assertGolden("connectionTest", text.join("\n"));
  });

  it("shows only the end of a VIN, and none of it in presenter mode", () => {
    const rows: readonly ConnectionRow[] = [{ part: "car", vin: car, inAccount: true, finding: read }];
    assert.equal(connectionResult(rows, view).lines[0]?.part, "Volvo …1234");
    const hidden = viewStateOf({ cars: [carOf(1234)], settings: { "privacy.presenterMode": true } });
    assert.equal(connectionResult(rows, hidden).lines[0]?.part, "Car 1");
  });

  it("reports that a car is not in the account if Volvo lists others", () => {
    const notFound = asProblem({ kind: "notFound", market: true });
    const lineOf = (inAccount: boolean) => {
      const row: ConnectionRow = { part: "car", vin: car, inAccount, finding: notFound };
      const list: ConnectionRow = { part: "carList", finding: { ...works, count: 2 } };
      return connectionResult([list, row], view).lines[1];
    };
    assert.equal(lineOf(false)?.detail, "This car isn't in your account. Check its VIN.");
    assert.equal(lineOf(false)?.action?.command, commandId("findVehicles"));
    assert.match(lineOf(true)?.detail ?? "", /can't find this car in its market/);
  });

  it("is copied without secrets", () => {
    const redactor = new Redactor();
    redactor.learn("s3cret-word");
    const rows: readonly ConnectionRow[] = [
      { part: "apiKey", finding: works },
      { part: "service", finding: asProblem({ kind: "misconfigured", setting: "api.baseUrl", text: "s3cret-word" }) },
    ];
    const text = copiedResult(connectionResult(rows, view).lines, redactor);
    assert.match(text, /^VCC API key: OK\n {2}Accepted by Volvo\.\nVolvo's service: failed\n {2}\S+$/);
    assert.doesNotMatch(text, /s3cret/);
  });

  it("offers only existing commands, for every problem", () => {
    const commands: readonly string[] = [...commandNames.map(commandId), internalCommands.reloadWindow];
    const rows = [
      ...Object.values(findings).flat(),
      ...everyProblem.map((problem): ConnectionRow => ({ part: "service", finding: asProblem(problem) })),
    ];
    for (const { action } of connectionResult(rows, view).lines) {
      assert.ok(!action || commands.includes(action.command), action?.command);
    }
  });

  for (const language of ["en", ...languages]) {
    it(`fits into the lines of a list in ${language}`, () => {
      l10n.config({ contents: language === "en" ? {} : bundleOf(language) });
      const { lines } = connectionResult(Object.values(findings).flat(), view);
      for (const { detail } of lines) assert.ok(detail.length <= longestDetail, `${detail.length}: ${detail}`);
    });
  }

  it("is summarized: failed parts, else untested parts, else that everything works", () => {
    const summary = (...rows: ConnectionRow[]) => connectionResult(rows, view).summary;
    const key: ConnectionRow = { part: "apiKey", finding: works };
    const list: ConnectionRow = { part: "carList", finding: { kind: "notPermitted", by: "token" } };
    const token: ConnectionRow = { part: "token", grant: "testToken", finding: { kind: "refused" } };
    assert.equal(summary(key, list), "Everything works.");
    assert.equal(summary(key, { part: "service", finding: untested }), "Not tested: Volvo's service");
    assert.equal(summary(key, token, { part: "service", finding: untested }), "Failed: Test token");
  });
});

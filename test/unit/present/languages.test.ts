import * as l10n from "@vscode/l10n";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pseudoBundle, pseudoText } from "../../../scripts/l10n/pseudo";
import { hourMs, minuteMs } from "../../../src/base/clock";
import type { Row } from "../../../src/present/row";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { assertGolden } from "./golden";
import { renderMarkdown } from "./rendered";
import * as scenes from "./scenes";
import { screenText } from "./screen";
import { carOf, chargingDetails, measured, now, readingOf, viewStateOf } from "./viewStates";

function inLanguage(view: ViewState, language: string, timeZone = "UTC"): ViewState {
  return createViewState({ ...view, locale: { language, timeZone } });
}

function useBundle(texts: Record<string, string>): void {
  l10n.config({ contents: texts });
}

function bundleOf(language: string): Record<string, string> {
  return JSON.parse(fs.readFileSync(path.join("l10n", `bundle.l10n.${language}.json`), "utf8")) as Record<
    string,
    string
  >;
}

const everyScene = [
  ...[scenes.withoutCars, scenes.connections, scenes.times, scenes.details, scenes.whyNot],
  ...[scenes.problems, scenes.problemsAlone, scenes.several, scenes.modes, scenes.pauses, scenes.outdated],
].flatMap((group) => Object.entries(group));

afterEach(() => {
  useBundle({});
});

describe("the display language", () => {
  /** Three cars whose rows and hover contain words, dates, times of day, ages, numbers and units. */
  const scene = viewStateOf({
    cars: [
      carOf(1234, {
        name: "Karlsson",
        reading: readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" }),
      }),
      carOf(5678, {
        model: { model: "EX90", year: 2025 },
        reading: readingOf("disconnected", { connection: measured({ kind: "disconnected" }, 26 * hourMs) }),
        problem: { kind: "offline", certificate: false },
        attemptedAt: now - 2 * minuteMs,
      }),
      carOf(9012, { reading: readingOf("fault") }),
    ],
  });

  for (const [language, timeZone] of [
    ["de", "Europe/Berlin"],
    ["es", "Europe/Madrid"],
    ["fr", "Europe/Paris"],
    ["it", "Europe/Rome"],
  ] as const) {
    it(`${language} decides the words, dates, numbers and times of day of the item, its hover and the tree`, () => {
      useBundle(bundleOf(language));
      assertGolden(language, screenText("three cars", inLanguage(scene, language, timeZone)));
    });

    it(`${language} leaves no placeholder unfilled on any screen`, () => {
      useBundle(bundleOf(language));
      for (const [title, view] of everyScene) {
        const text = screenText(title, inLanguage(view, language, timeZone));
        assert.doesNotMatch(text, /\{\d\}|undefined|NaN|Invalid Date/, title);
      }
    });
  }
});

describe("the pseudo-locale", () => {
  it("changes every letter but keeps placeholders, icons, code and links", () => {
    assert.equal(pseudoText("Checked {0} s ago"), "⟦Ƈħḗƈķḗḓ {0} ş ȧɠǿ······⟧");
    const fixed = "{0} $(zap) `{icon}` ](command:volvoCharging.connect) https://example.com/a";
    assert.equal(pseudoText(fixed).replace(/[⟦⟧·]/g, ""), fixed);
  });

  /** Every line that a person sees or hears. */
  function wordsOf(view: ViewState): readonly string[] {
    const item = statusBar(view);
    const below = (rows: readonly Row[]): readonly string[] =>
      rows.flatMap((row) => [
        row.label,
        row.description ?? "",
        row.spoken,
        renderMarkdown(row.tooltip).text,
        row.command?.title ?? "",
        ...below(row.children),
      ]);
    return [item?.text ?? "", item?.spoken ?? "", renderMarkdown(item?.tooltip ?? "").text, ...below(tree(view))];
  }

  /** Removes the parts that are the same in every language: names, units, API values, link targets, icons. */
  function withoutNames(line: string, view: ViewState): string {
    const names = view.carStore.cars.flatMap(({ name, model }) => [name ?? "", model?.model ?? ""]);
    const own = [
      ...names.filter((name) => name !== ""),
      "a…@example.com",
      "The setting is wrong. See [here] (command:evil)",
    ];
    const bare = own.reduce((text, name) => text.replaceAll(name, ""), line);
    return bare.replace(
      /\$\([^)]*\)|→[^\]\s]+|(?:Volvo )?(?:…\d{4}|YV1TEST\w+)|volvoCharging\.[\w.]+|\b(?:kW|km|mi|A|v1|v2)\b|CONNECTION_STATUS_\w+|CHARGING_\w+|WARP|WIRELESS|\d{4}-\d\d-\d\dT[\d:]+Z/g,
      "",
    );
  }

  it("leaves no plain word on the screen: every text comes from the bundle, and none is concatenated", () => {
    // The keys of a bundle are the English texts. The package tests check that each bundle has all of them.
    useBundle(pseudoBundle(Object.fromEntries(Object.keys(bundleOf("de")).map((key) => [key, key]))));
    for (const [title, view] of everyScene) {
      // Dates in Japanese have no Latin letters.
      const japanese = inLanguage(view, "ja");
      for (const line of wordsOf(japanese)) {
        assert.doesNotMatch(withoutNames(line, view), /[A-Za-z]/, `${title}: ${line}`);
      }
    }
  });
});

import * as l10n from "@vscode/l10n";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { codeCatalogue } from "../../../scripts/l10n/catalogue";
import { pseudoBundle, pseudoText } from "../../../scripts/l10n/pseudo";
import type { Picture } from "../../../src/present/picture";
import { statusBar } from "../../../src/present/statusBar";
import { type Row, tree } from "../../../src/present/tree";
import { assertGolden } from "./golden";
import { renderMarkdown } from "./rendered";
import * as scenes from "./scenes";
import { itemText, screenText } from "./screen";

function inLanguage(picture: Picture, language: string, timeZone = "UTC"): Picture {
  return { ...picture, locale: { language, timeZone } };
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

afterEach(() => {
  useBundle({});
});

describe("the display language", () => {
  const shown = {
    ...scenes.connections,
    ...scenes.details,
    ...scenes.problemsAlone,
    "set up, but no car": scenes.withoutCars["set up, but no car"]!,
  };

  it("German decides over words, dates, numbers and times of day, in Berlin", () => {
    useBundle(bundleOf("de"));
    const text = Object.entries(shown).map(([title, picture]) =>
      screenText(title, inLanguage(picture, "de", "Europe/Berlin")),
    );
    assertGolden("german", text.join("\n"));
  });

  for (const language of ["fr", "es", "it"]) {
    it(`${language} decides over the item and its hover`, () => {
      useBundle(bundleOf(language));
      const text = Object.entries({ ...scenes.connections, ...scenes.whyNot, ...scenes.problems }).map(
        ([title, picture]) => `## ${title}\n\n${itemText(inLanguage(picture, language, "Europe/Paris"))}\n`,
      );
      assertGolden(language, text.join("\n"));
    });
  }
});

describe("the pseudo-locale", () => {
  it("changes every letter but keeps placeholders, icons, code and links", () => {
    assert.equal(pseudoText("Checked {0} s ago"), "⟦Ƈħḗƈķḗḓ {0} ş ȧɠǿ······⟧");
    const fixed = "{0} $(zap) `{icon}` ](command:volvoCharging.connect) https://example.com/a";
    assert.equal(pseudoText(fixed).replace(/[⟦⟧·]/g, ""), fixed);
  });

  /** What a person sees and hears, in lines. */
  function wordsOf(picture: Picture): readonly string[] {
    const item = statusBar(picture);
    const below = (rows: readonly Row[]): readonly string[] =>
      rows.flatMap((row) => [
        row.label,
        row.description ?? "",
        row.spoken,
        renderMarkdown(row.tooltip).text,
        row.command?.title ?? "",
        ...below(row.children),
      ]);
    return [item?.text ?? "", item?.spoken ?? "", renderMarkdown(item?.tooltip ?? "").text, ...below(tree(picture))];
  }

  /** What is the same in every language: names, units, words of the API, targets of links, icons. */
  function withoutNames(line: string, picture: Picture): string {
    const names = picture.garage.cars.flatMap(({ name, model }) => [name ?? "", model?.model ?? ""]);
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

  it("leaves no plain word on the screen: every text comes from the bundle, none is put together from pieces", () => {
    useBundle(pseudoBundle(codeCatalogue(process.cwd()).english));
    const groups = [
      scenes.withoutCars,
      scenes.connections,
      scenes.times,
      scenes.details,
      scenes.whyNot,
      scenes.problems,
      scenes.problemsAlone,
      scenes.several,
      scenes.modes,
    ];
    for (const [title, picture] of groups.flatMap((group) => Object.entries(group))) {
      // Dates in Japanese have no Latin letters.
      const japanese = inLanguage(picture, "ja");
      for (const line of wordsOf(japanese)) {
        assert.doesNotMatch(withoutNames(line, picture), /[A-Za-z]/, `${title}: ${line}`);
      }
    }
  });
});

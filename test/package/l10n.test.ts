import assert from "node:assert/strict";
import fs from "node:fs";
import {
  type Catalogue,
  catalogueFaults,
  codeCatalogue,
  manifestCatalogue,
  manifestKeyFaults,
} from "../../scripts/l10n/catalogue";
import { codeStringsBelow, codeStringsIn } from "../../scripts/l10n/codeStrings";
import type { Json } from "../../scripts/l10n/manifestStrings";

const root = process.cwd();

function manifest(): Record<string, Json> {
  return JSON.parse(fs.readFileSync("package.json", "utf8")) as Record<string, Json>;
}

describe("the translations", () => {
  it("contain every text of the code in every language, with equal placeholders, and no unused text", () => {
    assert.deepEqual(catalogueFaults(codeCatalogue(root)), []);
  });

  it("contain every text of the manifest in every language, with equal links, and no unused text", () => {
    assert.deepEqual(catalogueFaults(manifestCatalogue(root)), []);
  });

  it("never let French text break before punctuation or inside quotation marks", () => {
    // French puts a space there. An ordinary space would wrap the mark to the next line.
    const loose = /[^\u00a0][:;?!](?=[\s)]|$)|[^\u00a0]»|«[^\u00a0]/;
    for (const { translations } of [codeCatalogue(root), manifestCatalogue(root)]) {
      assert.deepEqual(
        Object.values(translations["fr"] ?? {}).filter((text) => loose.test(text)),
        [],
      );
    }
  });

  it("leave only proper names as plain text in the manifest", () => {
    assert.deepEqual(manifestKeyFaults(manifest(), manifestCatalogue(root).english), []);
  });

  it("can be extracted completely, because each text is a literal", () => {
    assert.deepEqual(codeStringsBelow("src").faults, []);
  });

  it("fail the check for a missing or unused key, and for different placeholders, links or icons", () => {
    const file = (language: string) => `${language}.json`;
    const faults = (english: Catalogue["english"], de: Catalogue["english"]) =>
      catalogueFaults({ file, english, translations: { de } });
    assert.deepEqual(faults({ a: "x" }, {}), ['de.json: missing: "a"']);
    assert.deepEqual(faults({}, { a: "x" }), ['de.json: unused: "a"']);
    for (const [english, german] of [
      ["{0} of {1}", "{0} von {0}"],
      ["[a](command:b)", "[a](command:c)"],
      ["see `vin`", "siehe vin"],
      ["a\nb", "a b"],
    ] as const) {
      assert.deepEqual(faults({ a: english }, { a: german }), ['de.json: other placeholders or links: "a"']);
    }
    assert.deepEqual(faults({ a: "{0} of {1}" }, { a: "{1}: {0}" }), []);
  });

  it("are extracted from every kind of call, and a concatenated text is reported", () => {
    const code =
      'import { t } from "@vscode/l10n";\nt("a {0}", 1); x(t("b")); t({ message: "h", comment: ["i", "j"] }); t({ message: "k" }); t(`c`); t("d" + e); l10n.t("f"); s.t("g");';
    const { strings, faults } = codeStringsIn("a.ts", code);
    assert.deepEqual(
      strings.map(({ key, text }) => [key, text]),
      [
        ["a {0}", "a {0}"],
        ["b", "b"],
        ["h/ij", "h"],
      ],
    );
    assert.equal(faults.length, 3);
    assert.deepEqual(codeStringsIn("a.ts", 'import { t } from "./other";\nt("a");').strings, []);
  });

  it("of the manifest fail the check for plain text, missing keys and unused keys", () => {
    const faults = manifestKeyFaults(
      { description: "plain", contributes: { colors: [{ description: "%a%" }] } },
      { b: "" },
    );
    assert.deepEqual(faults, [
      "package.json: plain text: description",
      "package.nls.json: missing: a",
      "package.nls.json: unused: b",
    ]);
  });
});

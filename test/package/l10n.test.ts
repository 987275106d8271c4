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

describe("translations", () => {
  it("have every text of the code in every language, with the same placeholders, and no other", () => {
    assert.deepEqual(catalogueFaults(codeCatalogue(root)), []);
  });

  it("have every text of the manifest in every language, with the same links, and no other", () => {
    assert.deepEqual(catalogueFaults(manifestCatalogue(root)), []);
  });

  it("never let a line of French break before a mark of punctuation or inside quotation marks", () => {
    // French sets a blank there: an ordinary one would leave the mark alone on the next line.
    const loose = /[^\u00a0][:;?!](?=[\s)]|$)|[^\u00a0]»|«[^\u00a0]/;
    for (const { translations } of [codeCatalogue(root), manifestCatalogue(root)]) {
      assert.deepEqual(
        Object.values(translations["fr"] ?? {}).filter((text) => loose.test(text)),
        [],
      );
    }
  });

  it("leave no plain text in the manifest but proper names", () => {
    assert.deepEqual(manifestKeyFaults(manifest(), manifestCatalogue(root).english), []);
  });

  it("can be made of every text: each is a literal", () => {
    assert.deepEqual(codeStringsBelow("src").faults, []);
  });

  it("are found at fault for a missing key, an unused one, and another placeholder, link or icon", () => {
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

  it("are asked for by every kind of call, and a text put together is found", () => {
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

  it("of the manifest are found at fault for a plain text and for keys without a text or a use", () => {
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

import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { editorLocale } from "../../../src/host/locale";
import { systemRegion } from "../../../src/host/systemRegion";

describe("the locale of the views", () => {
  beforeEach(() => editor.begin());

  it("has the language of VS Code, the region of the system and the clock from the setting", () => {
    const { region, ...locale } = editorLocale({ timeFormat: "auto" });
    assert.deepEqual(locale, { language: "en" });
    assert.equal(region, systemRegion(process.platform, process.env));
    for (const timeFormat of ["12h", "24h"] as const) assert.equal(editorLocale({ timeFormat }).clock, timeFormat);
  });
});

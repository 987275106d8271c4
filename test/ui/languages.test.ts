import assert from "node:assert/strict";
import { codeCatalogue, manifestCatalogue } from "../../scripts/l10n/catalogue";
import { pseudoText } from "../../scripts/l10n/pseudo";
import { projectRoot } from "../../scripts/headless/paths";
import { installPseudoTexts, plainWords, pseudoLanguage } from "./pseudoLanguage";
import { containerTitle, Product, uiVersion } from "./scene";
import { UiSession } from "./session";
import { assertScrolls, assertWithin, hoverWithin, ordinary, smallWindows } from "./windows";

const german = {
  ...codeCatalogue(projectRoot).translations["de"],
  ...manifestCatalogue(projectRoot).translations["de"],
};

/** Texts of VS Code itself, which stay English in these tests. */
const ownOfVSCode = ["Collapse All", "More Actions...", "Views and More Actions...", "Cancel"];
const boxEnding = " (Press 'Enter' to confirm or 'Escape' to cancel)";

const manifest = manifestCatalogue(projectRoot).english;

describe("in German", () => {
  let session: UiSession;
  let product: Product;

  before(async () => {
    session = await UiSession.start({ language: "de", settings: { "volvoCharging.demo": true } });
    product = new Product(await session.open());
  });

  after(() => session.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  it("the item, its spoken label and the hover have German words, dates and numbers", async () => {
    const item = await product.item.waitFor(({ ariaLabel }) => ariaLabel.includes("Gemessen"));
    assert.match(item.text, /Störung/);
    assert.match(
      item.ariaLabel,
      /^Demo: XC60\. Störung .*\. Gemessen am \d\d?\.\d\d?\.\d{4}, \d\d:\d\d, vor \d+ Minuten/,
    );
    const { text } = await product.item.hover();
    await session.screenshot("german-hover");
    assert.match(text, /Gemessen/);
    assert.match(text, /Gemessen: (\d\d\.\d\d\.|\d+\. \S+),? ?\d\d:\d\d|Gemessen: \d\d:\d\d/);
    assert.match(text, /58\s%/);
    assert.match(text, /Nächste Prüfung: \d\d:\d\d/);
    assert.doesNotMatch(text, /\b(AM|PM|Measured|Checked|Refresh)\b/);
  });

  it("the rows of the tree and the view's title are German", async () => {
    await product.openView();
    const rows = await product.tree.waitForRows(
      (all) => all.length === 5 && all.every(({ description }) => /^[^…]+$/.test(description)),
    );
    assert.match(rows[2]?.description ?? "", /^Abgesteckt · vor \d+ h$/);
    await product.tree.row("EX30").expand();
    const level = await product.tree.row(german["Battery"] ?? "", "EX30").waitFor();
    assert.match(level.description, /^\d+\u00a0%|^\d+ %/);
    const time = await product.tree.row(german["Measured"] ?? "", "EX30").waitFor();
    assert.match(time.description, /\d\d:\d\d · vor \d+ (min|h)$/);
    await session.screenshot("german-overview");
  });

  it("the commands in the palette and the descriptions of settings are German", async () => {
    await product.run(german["command.openSettings"] ?? "");
    const { page, screen } = product.workbench;
    await screen.eventually(
      "the description of a setting in German",
      () => page.locator(".settings-editor .setting-item-description").allInnerTexts(),
      (texts) => texts.some((text) => text.includes("Wann der Eintrag in der Statusleiste")),
    );
    await session.screenshot("german-settings");
  });
});

describe("in a pseudo-language, every text of the extension comes from its bundles", () => {
  let session: UiSession;
  let product: Product;

  before(async () => {
    session = await UiSession.start({ language: pseudoLanguage });
    await installPseudoTexts(session.server.folders.extensionsDir);
    product = new Product(await session.open());
  });

  after(() => session.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  const command = (key: string) => pseudoText(manifest[`command.${key}`] ?? "");

  function assertTranslated(where: string, texts: readonly string[]): void {
    for (const text of texts) assert.deepEqual(plainWords(text), [], `${where}: ${text}`);
    assert.ok(texts.join("").includes("⟦"), `${where}: nothing pseudo in ${texts.join(" / ")}`);
  }

  it("the invitation in the status bar and in the view", async () => {
    const item = await product.item.waitFor();
    assertTranslated("item", [item.text, item.ariaLabel]);
    assertTranslated("hover", [(await product.item.hover()).text]);
    await product.openView();
    const welcome = await product.tree.waitForWelcome(({ buttons }) => buttons.length > 0 && !buttons.includes(""));
    assertTranslated("welcome", [welcome.text, ...welcome.buttons, ...welcome.links]);
    await session.screenshot("pseudo-welcome");
    for (const [name, window, scale] of smallWindows) {
      await product.workbench.setViewport(window, scale);
      await session.screenshot(`pseudo-welcome-${name}`);
      for (const button of await product.workbench.page.locator(".welcome-view-content .monaco-button").all())
        await assertWithin(window, button);
    }
    await product.workbench.setViewport(ordinary);
  });

  it("boxes, lists, validation messages, notifications and questions", async () => {
    const { quickInput, notifications, dialog } = product.workbench;
    await product.run(command("connect"));
    const doors = await quickInput.waitFor(({ items }) => items.length > 1);
    const words = doors.items.flatMap(({ label, description, detail }) => [label, description, detail]);
    assertTranslated("list", [doors.title, doors.placeholder, ...words]);
    await session.screenshot("pseudo-list");
    await quickInput.cancel();
    await product.run(command("setApiKey"));
    const box = await quickInput.waitFor(({ message }) => message !== "");
    assertTranslated("box", [box.title, box.message.replace(boxEnding, "")]);
    await quickInput.type("0123456789 abcdef");
    assertTranslated("refusal", [await quickInput.validationMessage()]);
    await quickInput.answer("5e1f00d5ca1ab1e0ca75a2e51ec7a1c0");
    assertTranslated("message", [(await notifications.waitFor("⟦")).message]);
    await notifications.close("⟦");
    await product.run(command("deleteData"));
    const question = await dialog.waitFor();
    assertTranslated("question", [question.message, question.detail]);
    const confirm = question.buttons.find((label) => label.startsWith("⟦"));
    assert.ok(confirm !== undefined, question.buttons.join());
    await dialog.click(confirm);
    assertTranslated("message", [(await notifications.waitFor("⟦")).message]);
    await notifications.close("⟦");
  });

  it("the cars: item, hovers, rows, badge, titles, buttons and menus", async () => {
    // A button's text is part of a bundle text, without the marks at both ends.
    await product.tree.clickWelcome(pseudoText("Try the Demo").replace(/[⟦·⟧]/g, ""));
    const rows = await product.tree.waitForRows(
      (all) => all.length === 5 && all.every(({ description }) => /^[^…]+$/.test(description)),
    );
    assertTranslated(
      "rows",
      rows.flatMap(({ label, description, ariaLabel, actions }) => [label, description, ariaLabel, ...actions]),
    );
    await product.tree.row("EX30").expand();
    const open = await product.tree.waitForRows((all) => all.length > 8);
    assertTranslated(
      "children",
      open.flatMap(({ label, description, ariaLabel }) => [label, description, ariaLabel]),
    );
    assertTranslated("row's hover", [(await product.tree.row("EX30").hover()).text]);
    const item = await product.item.waitFor(({ background }) => background === "error");
    assertTranslated("item", [item.text, item.ariaLabel]);
    await session.screenshot("pseudo-overview");
    assertTranslated("hover", [(await product.item.hover()).text]);
    await session.screenshot("pseudo-hover");
    await product.workbench.endHover();
    const entry = await product.workbench.activityBar.waitFor(containerTitle, ({ badge }) => badge === "1");
    const message = await product.tree.waitForMessage((text) => text !== "");
    assertTranslated("view", [await product.tree.title(), message, entry.ariaLabel]);
    const menu = await product.tree.row("EX30").openMenu();
    assertTranslated("row's menu", await menu.items());
    await menu.close();
    const actions = (await product.tree.titleActions()).map(({ label }) => label);
    assertTranslated(
      "buttons",
      actions.filter((label) => !ownOfVSCode.includes(label)),
    );
  });

  for (const [name, window, scale] of smallWindows) {
    it(`the longest texts stay within the window: ${name}`, async () => {
      await product.workbench.setViewport(window, scale);
      await session.screenshot(`pseudo-overview-${name}`);
      await assertWithin(window, product.item.locator);
      await assertWithin(window, await product.tree.row("EX30").locate());
      const { fit } = await hoverWithin(product, session, window, `pseudo-hover-${name}`);
      // In VS Code 1.104 the wheel does not scroll a hover that is taller than the window.
      if (fit.hiddenBelow > 0 && uiVersion !== "1.104") await assertScrolls(product, fit);
      await product.workbench.endHover();
      await product.workbench.setViewport(ordinary);
    });
  }

  it("the check detects a text that is not from a bundle", () => {
    assert.deepEqual(plainWords("⟦Ḓǿƞḗ ȧŧ··⟧ 23 нояб. 2026 г., 8:40 · EX30 250 km"), []);
    assert.deepEqual(plainWords("⟦Ḓǿƞḗ ȧŧ··⟧ 8:40 AM, just now"), ["AM", "just", "now"]);
  });
});

import assert from "node:assert/strict";
import { contrast, paintedColours } from "../../scripts/headless/ui/contrast";
import { WebPanel } from "../../scripts/headless/ui/webPanel";
import type { Theme } from "../../scripts/headless/workbench";
import { iconIds } from "../../src/contributions";
import { assertPicturesShow, takePicture } from "./readmePictures";
import { itemId, Product } from "./scene";
import { UiSession } from "./session";

const themes = ["dark", "light", "hc-black", "hc-light"] as const satisfies readonly Theme[];

/** WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (graphics). */
const textContrast = 4.5;
const graphicsContrast = 3;

const rowIcon = ".custom-view-tree-node-item-icon.codicon";

describe("the demo's cars, one per state, in every theme", () => {
  let session: UiSession;
  let product: Product;

  before(async () => {
    session = await UiSession.start({ settings: { "volvoCharging.demo": true } });
    product = new Product(await session.open());
    await product.openView();
    await product.tree.waitForRows((rows) => rows.length === 5);
    await product.item.hover();
  });

  after(() => session.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Fails if there are fewer than `count` elements, or if one has too little contrast. */
  async function assertContrast(selector: string, least: number, count: number): Promise<void> {
    const painted = await paintedColours(product.workbench.screen, selector);
    assert.ok(painted.length >= count, `${selector}: ${String(painted.length)}`);
    for (const each of painted) {
      const found = contrast(each);
      assert.ok(found >= least, `${found.toFixed(2)} of ${String(least)}: ${JSON.stringify(each)}`);
    }
  }

  it("show the same texts as the pictures of README.md until a state changes", async () => {
    const { workbench, tree, item } = product;
    await workbench.setTheme("dark");
    await workbench.setViewport({ width: 800, height: 540 }, 2);
    await tree.row("EX30").click();
    const rows = await tree.waitForRows((all) =>
      ["Last charge", "VIN"].every((fact) => all.some(({ label }) => label === fact)),
    );
    await workbench.endHover();
    const { text } = await item.waitFor();
    await takePicture("overview.png", (file) => workbench.screenshot(file));
    const hover = await item.hover();
    const part = workbench.page.locator(".workbench-hover");
    await takePicture("hover.png", (file) => workbench.screenshot(file, part, 32));
    await tree.row("EX30").collapse();
    const history = await historyPicture();
    await workbench.setViewport({ width: 1280, height: 800 });
    await assertPicturesShow({
      "overview.png": [
        await tree.title(),
        await tree.waitForMessage((message) => message !== ""),
        ...rows.map(({ level, label, description }) => `${"  ".repeat(level - 1)}${label} | ${description}`),
        text.trim(),
      ],
      "hover.png": hover.text.split(/\n+/),
      "history.png": history,
    });
  });

  /**
   * Takes the picture of the history, of the week before this one, which is over on every day. Returns the texts that do
   * not depend on dates.
   */
  async function historyPicture(): Promise<readonly string[]> {
    const { workbench } = product;
    const panel = new WebPanel(workbench.screen, "main .chart");
    await workbench.setViewport({ width: 1280, height: 840 }, 2);
    await product.run("Show History");
    const thisWeek = await panel.waitForText("h2", (text) => text !== "");
    // This car has the same states in each week, and nights in which it was not observed.
    await (await panel.locator("select")).selectOption({ label: "XC60" });
    await panel.waitForText(".readout", (text) => text.startsWith("XC60. "));
    await panel.click("button[aria-label=Earlier]");
    await panel.waitForText(".readout", (text) => !text.includes(thisWeek));
    await workbench.endHover();
    await takePicture("history.png", (file) => workbench.screenshot(file, workbench.page.locator(".part.editor")));
    const texts = async (selector: string) => (await (await panel.locator(selector)).allInnerTexts()).join(" | ");
    const shown = await Promise.all(
      ["option", ".toolbar button", ".notice", ".legend li", "caption", "thead th", ".notes p:first-child"].map(texts),
    );
    await workbench.run("View: Close All Editors");
    return shown;
  }

  for (const theme of themes) {
    it(`${theme}: states differ by shape and word, with sufficient contrast, also on a selected row`, async () => {
      await product.workbench.setTheme(theme);
      const rows = await product.tree.waitForRows(
        (all) => all.length === 5 && all.every(({ description }) => /^[^…]+$/.test(description)),
      );
      assert.equal(new Set(rows.map(({ icon }) => icon?.glyph)).size, 5);
      assert.equal(new Set(rows.map(({ description }) => description.split(" · ")[0])).size, 5);
      await assertContrast(`.customview-tree ${rowIcon}`, graphicsContrast, 5);
      for (const { label } of rows) {
        await product.tree.row(label).click();
        await product.tree.row(label).waitFor(({ selected }) => selected);
        await assertContrast(`.customview-tree .selected ${rowIcon}`, graphicsContrast, 1);
        await product.tree.row(label).collapse();
      }
    });

    it(`${theme}: a fault is shown by icon and word and announced to screen readers, and nothing flashes`, async () => {
      const { page } = product.workbench;
      await product.workbench.endHover();
      const item = await product.item.waitFor(({ text }) => /^\s*XC60 Fault/.test(text));
      assert.deepEqual(
        item.icons.map(({ id, spinning }) => [id, spinning]),
        [[iconIds.fault, false]],
      );
      assert.equal(item.background, "error");
      await assertContrast(`[id="${itemId}"] a, [id="${itemId}"] .codicon`, textContrast, 2);
      const spoken = /^Demo: XC60\. Fault with the charging connection\. .*Measured .*Checked .*Other cars: 4$/;
      assert.equal(await page.getByRole("button", { name: spoken }).count(), 1);
      const row = page.getByRole("treeitem", { name: /^Demo: EX30\. Connected to an AC charger\. .*Measured / });
      assert.equal(await row.count(), 1);
      assert.equal(await product.workbench.screen.endlessAnimations(), 0);
    });

    it(`${theme}: the texts of overview and hovers have sufficient contrast`, async () => {
      const { workbench } = product;
      await product.tree.row("EX30").expand();
      await workbench.endHover();
      await session.screenshot(`overview-${theme}`);
      await product.item.hover();
      await assertContrast(".workbench-hover .codicon", graphicsContrast, 5);
      const words = ":is(th, td, td span:not(.codicon, :has(.codicon)), p, a)";
      await assertContrast(`.workbench-hover ${words}`, textContrast, 10);
      await session.screenshot(`hover-${theme}`);
      await product.tree.row("EX30").hover();
      await assertContrast(`.workbench-hover ${words}`, textContrast, 2);
      await session.screenshot(`row-hover-${theme}`);
      await workbench.endHover();
      await product.tree.row("EX30").collapse();
    });
  }

  it("are fully keyboard accessible: rows, their details and menus, and the item", async () => {
    const { keyboard } = product.workbench.page;
    const { screen } = product.workbench;
    await product.run("Focus on Vehicles View");
    await keyboard.press("Home");
    await screen.eventually(
      "the first car in focus",
      () => screen.focused(),
      (label) => label.startsWith("Demo: EX30"),
    );
    await product.tree.row("EX30").expandByKeyboard();
    await keyboard.press("ArrowDown");
    await screen.eventually(
      "the first fact in focus",
      () => screen.focused(),
      (label) => label.startsWith("Battery: "),
    );
    await keyboard.press("ArrowLeft");
    await keyboard.press("ArrowLeft");
    await product.tree.row("EX30").waitFor(({ expanded }) => expanded === false);
    await keyboard.press("Shift+F10");
    const menu = await product.tree.openedMenu();
    assert.ok((await menu.items()).includes("Refresh This Vehicle"));
    await menu.close();
    await product.workbench.run("View: Focus Status Bar");
    for (let step = 0; step < 20 && !(await screen.focused()).startsWith("Demo: XC60"); step++) {
      await keyboard.press("ArrowRight");
    }
    assert.match(await screen.focused(), /^Demo: XC60\. Fault/);
  });

  describe("without a car", () => {
    before(async () => {
      const { workbench } = product;
      await workbench.changeSettings({
        "volvoCharging.demo": undefined,
        "volvoCharging.api.baseUrl": "http://api.example.com",
      });
      await product.openWalkthrough(() => product.run("Open Walkthrough"));
      await workbench.walkthrough.expand("signIn");
    });

    for (const theme of themes) {
      it(`${theme}: warning, empty view, walkthrough step, message and menu have sufficient contrast`, async () => {
        const { workbench, tree } = product;
        await workbench.setTheme(theme);
        await product.item.waitFor(({ background }) => background === "warning");
        await tree.waitForWelcome(({ buttons }) => buttons.join() === "Open Settings");
        await product.run("Refresh");
        await workbench.notifications.waitFor("must use https");
        const menu = await tree.openOverflowMenu();
        assert.ok((await menu.items()).includes("Test Connection"));
        await session.screenshot(`no-car-${theme}`);
        await assertContrast(`[id="${itemId}"] a, [id="${itemId}"] .codicon`, textContrast, 2);
        await assertContrast(".welcome-view-content :is(p, .monaco-button)", textContrast, 2);
        await assertContrast(".getting-started-step.expanded :is(.step-title, p, .monaco-button)", textContrast, 5);
        await assertContrast(".notification-list-item :is(.notification-list-item-message, a)", textContrast, 2);
        await assertContrast(".context-view .action-menu-item .action-label", textContrast, 10);
        await menu.close();
        await workbench.notifications.close("must use https");
      });
    }
  });
});

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { contrast, paintedColors } from "../../scripts/headless/ui/contrast";
import { WebPanel } from "../../scripts/headless/ui/webPanel";
import type { Theme } from "../../scripts/headless/workbench";
import { iconIds } from "../../src/contributions";
import { assertPicturesShow, takeAnimation, takePicture } from "./readmePictures";
import { itemId, Product } from "./scene";
import { UiSession } from "./session";

const themes = ["light", "dark", "hc-black", "hc-light"] as const satisfies readonly Theme[];

/** WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (graphics). */
const textContrast = 4.5;
const graphicsContrast = 3;

/** Hides parts of the window that would distract in a picture of this extension. */
const bareWindow = {
  "breadcrumbs.enabled": false,
  "editor.cursorBlinking": "solid",
  "editor.minimap.enabled": false,
  "editor.scrollBeyondLastLine": false,
  "editor.scrollbar.horizontal": "hidden",
  "editor.scrollbar.vertical": "hidden",
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "workbench.layoutControl.enabled": false,
};

/** Status-bar items that a desktop VS Code does not have. */
const itemsOfTheHost = ["status.host", "status.forwardedPorts", "status.workbench.keyboardLayout"];

/** The content of the editor beside the cars. */
const program = `"""Stops on a long trip."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Leg:
    start: str
    end: str
    kilometers: float


def distance(legs: list[Leg]) -> float:
    return sum(x.kilometers for x in legs)


def stops(legs: list[Leg], limit: float):
    """Where a range runs out."""
    left = limit
    for leg in legs:
        if leg.kilometers > left:
            yield leg.start
            left = limit
        left -= leg.kilometers
`;

const rowIcon = ".custom-view-tree-node-item-icon.codicon";

describe("the demo's cars, one per state, in every theme", () => {
  let session: UiSession;
  let product: Product;

  before(async () => {
    session = await UiSession.start({ settings: bareWindow });
    const file = path.join(session.folder, "trip.py");
    await fs.writeFile(file, program);
    const workbench = await session.open({ payload: [["openFile", session.server.uri(file)]] });
    product = new Product(workbench);
    await product.openView();
    await workbench.setTheme("light");
    await product.tree.waitForWelcome();
  });

  after(() => session.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Fails if there are fewer than `count` elements, or if one has too little contrast. */
  async function assertContrast(selector: string, least: number, count: number): Promise<void> {
    const painted = await paintedColors(product.workbench.screen, selector);
    assert.ok(painted.length >= count, `${selector}: ${String(painted.length)}`);
    for (const each of painted) {
      const found = contrast(each);
      assert.ok(found >= least, `${found.toFixed(2)} of ${String(least)}: ${JSON.stringify(each)}`);
    }
  }

  it("show the same texts as the pictures of README.md until a state changes", async () => {
    const { workbench } = product;
    const hostItems = itemsOfTheHost.map((id) => `[id="${id}"]`).join();
    const style = await workbench.page.addStyleTag({ content: `${hostItems} { display: none !important; }` });
    try {
      await assertPicturesShow(await readmeScenes());
    } finally {
      // Nothing hidden can have the keyboard's focus.
      await style.evaluate((element: unknown) => (element as { remove(): void }).remove());
      await workbench.setViewport({ width: 1280, height: 800 });
    }
  });

  /** Takes the pictures of README.md. Returns the texts of each by its file. */
  async function readmeScenes(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { workbench, tree, item } = product;
    // When this test is tried again, the demo's cars have changed.
    if ((await tree.rows()).length > 0) await product.run("Stop Demo");
    await tree.waitForWelcome();
    await workbench.setTheme("light");
    await tree.clickWelcome("Try the Demo");
    await tree.waitForRows((all) => all.length === 5);
    await workbench.setViewport({ width: 800, height: 540 }, 2);
    await tree.row("EX30").click();
    const rows = await tree.waitForRows((all) =>
      ["This charge", "VIN"].every((fact) => all.some(({ label }) => label === fact)),
    );
    await workbench.endHover();
    const { text } = await item.waitFor();
    await takePicture("overview.png", (file) => workbench.screenshot(file));
    const hover = await item.hover();
    const part = workbench.page.locator(".workbench-hover");
    await takePicture("hover.png", (file) => workbench.screenshot(file, part, 32));
    await tree.row("EX30").collapse();
    const history = await historyPicture();
    const portal = await portalPicture();
    await takeAnimation("demo.png", workbench, tour);
    const overview = [
      await tree.title(),
      await tree.waitForMessage((message) => message !== ""),
      ...rows.map(({ level, label, description }) => `${"  ".repeat(level - 1)}${label} | ${description}`),
      text.trim(),
    ];
    return {
      "overview.png": overview,
      "hover.png": hover.text.split(/\n+/),
      "history.png": history,
      "portal.png": portal,
      "demo.png": [...overview, ...hover.text.split(/\n+/), ...history],
    };
  }

  /** Takes the picture of the history. Returns the texts that do not depend on dates. */
  async function historyPicture(): Promise<readonly string[]> {
    const { workbench } = product;
    const panel = new WebPanel(workbench.screen, "main .chart");
    await workbench.setViewport({ width: 1280, height: 840 }, 2);
    await product.run("Show History");
    const thisWeek = await panel.waitForText("h2", (text) => text !== "");
    // The previous week is complete at any time of day.
    await panel.click("button[aria-label=Earlier]");
    await panel.waitForText(".readout", (text) => text.startsWith("XC60. ") && !text.includes(thisWeek));
    await workbench.endHover();
    await takePicture("history.png", (file) => workbench.screenshot(file, workbench.page.locator(".part.editor")));
    const texts = async (selector: string) => (await (await panel.locator(selector)).allInnerTexts()).join(" | ");
    const shown = await Promise.all(
      ["option", ".toolbar button", ".notice", ".legend li", "caption", "thead th", ".notes p:first-child"].map(texts),
    );
    await workbench.run("View: Close Editor");
    return shown;
  }

  /** Takes the picture of Volvo's portal from a step of the walkthrough. Returns its texts. */
  async function portalPicture(): Promise<readonly string[]> {
    const { workbench } = product;
    await workbench.setTheme("dark");
    // Wide enough for VS Code to show the picture beside the steps.
    await workbench.setViewport({ width: 1600, height: 900 }, 1.5);
    await product.openWalkthrough(() => product.run("Open Walkthrough"));
    await workbench.walkthrough.expand("apiKey");
    const picture = await workbench.walkthrough.picture();
    await takePicture("portal.png", (file) => workbench.screenshot(file, picture.locator("rect").first(), 16));
    // VS Code may show the picture in a new frame after a change of theme or size, and first that of another step.
    const texts = await workbench.screen.eventually(
      "the texts of the portal's picture",
      async () => (await workbench.walkthrough.picture()).locator("text").allTextContents(),
      (all) => all.includes("developer.volvocars.com"),
    );
    await workbench.run("View: Close Editor");
    return texts;
  }

  /** Goes from the empty view to a month of history, and adds the frames of the animated picture. */
  async function tour(addFrame: (ms: number) => Promise<void>): Promise<void> {
    const { workbench, tree, item } = product;
    const { page, screen } = workbench;
    const progress = page.locator(":is(.activitybar .progress-badge, .monaco-progress-container.active):visible");
    const add = async (ms: number) => {
      await screen.eventually(
        "nothing in progress",
        () => progress.count(),
        (count) => count === 0,
      );
      await addFrame(ms);
    };
    const panel = new WebPanel(workbench.screen, "main .chart");
    await workbench.setTheme("dark");
    await workbench.setViewport({ width: 960, height: 600 }, 1.25);
    await product.run("Stop Demo");
    await tree.waitForWelcome();
    await workbench.endHover();
    await add(2_000);
    await tree.clickWelcome("Try the Demo");
    await tree.waitForRows((rows) => rows.length === 5);
    await tree.waitForMessage((message) => message !== "");
    await item.waitFor(({ text }) => text.includes("XC60 Fault"));
    await workbench.endHover();
    await add(2_000);
    await tree.row("EX30").expand();
    await tree.waitForRows((rows) => rows.some(({ label }) => label === "This charge"));
    await workbench.endHover();
    await add(3_000);
    await item.hover();
    await add(4_000);
    await workbench.endHover();
    await product.run("Show History");
    const week = await panel.waitForText("h2", (text) => text !== "");
    await workbench.run("View: Close Primary Side Bar");
    await workbench.endHover();
    await add(3_500);
    await panel.click("button:text-is('Month')");
    await panel.waitForText("h2", (text) => text !== week);
    await workbench.endHover();
    await add(3_500);
    await workbench.run("View: Close Editor");
    await product.openView();
    await tree.row("EX30").collapse();
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

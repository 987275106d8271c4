import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import { projectRoot } from "../../scripts/headless/paths";
import { contrast, type Rgb } from "../../scripts/headless/ui/contrast";
import { WebPanel } from "../../scripts/headless/ui/webPanel";
import type { Theme } from "../../scripts/headless/workbench";
import { hourMs } from "../../src/base/clock";
import { containerTitle, Product, vins } from "./scene";
import { UiSession } from "./session";
import { putHistory } from "./storedHistory";
import { narrow, ordinary } from "./windows";

const themes = ["dark", "light", "hc-black", "hc-light"] as const satisfies readonly Theme[];

/** WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (graphics). */
const textContrast = 4.5;
const graphicsContrast = 3;

/** The first car has a long name, and its history is of a newer version. */
const twelve = Array.from({ length: 12 }, (_, index) => ({
  vin: `${vins[0].slice(0, -2)}${String(index + 1).padStart(2, "0")}`,
  name: index === 0 ? "The old estate car of my neighbours’ son" : `Car number ${String(index + 1)}`,
}));
const off = { "volvoCharging.history.enabled": false };

/** The name of the panel's tab. VS Code 1.104 has no better name for the tab of a web view. */
const tab = /^webview-/;

/** A painted part of the page: its color and the color of its background. */
interface PaintedPart {
  readonly what: string;
  readonly color: string;
  readonly ground: string;
}

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly unknown[];
}

/** The globals of the panel's page that the tests use. */
interface InPanel {
  readonly axe: { run(): Promise<AxeResults> };
  readonly document: {
    readonly body: unknown;
    querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
  };
  readonly getComputedStyle: (
    element: unknown,
  ) => Readonly<Record<"fill" | "stroke" | "color" | "backgroundColor", string>>;
}

describe("the history panel", () => {
  let session: UiSession;
  let product: Product;
  let panel: WebPanel;
  /** The heading of the range that includes today. */
  let currentRange = "";

  before(async () => {
    session = await UiSession.start();
    const newer = '{"format":"volvo-charging-history","version":2}';
    await putHistory(session, { [vins[0]]: [{ t: Date.now() - hourMs, c: "ac" }] }, newer);
    product = new Product(await session.open());
    panel = new WebPanel(product.workbench.screen, "main .chart");
  });

  after(() => session.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
    await product.workbench.setViewport(ordinary);
  });

  const range = (accept: (text: string) => boolean = () => true) => panel.waitForText("h2", accept);

  async function pressUntil(key: string, name: RegExp): Promise<void> {
    const { page, screen } = product.workbench;
    for (let step = 0; step < 20; step++) {
      const before = await panel.focused();
      if (name.test(before)) return;
      await page.keyboard.press(key);
      // The page runs in another process and may process a key late. A second key sent too early would skip a stop.
      const isMoved = screen.eventually(
        "the next stop in focus",
        () => panel.focused(),
        (now) => now !== before,
        3_000,
      );
      await isMoved.catch(() => undefined);
    }
    throw await screen.failure(`${key} does not lead to ${String(name)}`, await panel.focused());
  }

  it("is three clicks away after a fresh install, with a month of the demo's cars", async () => {
    await product.workbench.activityBar.open(containerTitle);
    await product.tree.clickWelcome("Try the Demo");
    await product.item.waitFor(({ text }) => text.includes("XC60 Fault"));
    await product.item.clickHoverLink("Show History");
    await product.workbench.editors.waitForTab(tab);
    await panel.waitForText(".notice", (text) => text.startsWith("Demo: ") && text.includes("The history starts on "));
    assert.ok((await (await panel.locator(".chart .state")).count()) > 0);
    assert.ok((await (await panel.locator("tbody tr")).count()) > 0);
  });

  it("opens with the car of the status-bar item, and with the seven days that end today", async () => {
    assert.match((await product.item.waitFor()).text, /XC60 Fault/);
    assert.equal(await (await panel.locator("select option:checked")).innerText(), "XC60");
    const days = await (await panel.locator(".chart .at-middle")).allTextContents();
    const today = new Intl.DateTimeFormat("en", { weekday: "short", day: "numeric" }).format(Date.now());
    assert.deepEqual([days.length, days.at(-1)], [7, today]);
  });

  it("needs no mouse: range, chart and table can be reached and read with keys", async () => {
    const { keyboard } = product.workbench.page;
    await product.run("Show History");
    await product.workbench.screen.eventually(
      "the panel in focus",
      () => product.workbench.page.evaluate("document.activeElement?.tagName"),
      (name) => name === "IFRAME",
    );
    // VS Code may focus the panel once more after the first key, so the first control may be passed unseen.
    await pressUntil("Tab", /^Month$/);
    await pressUntil("Shift+Tab", /^Car$/);
    await pressUntil("Tab", /^Month$/);
    const week = await range();
    await keyboard.press("Enter");
    await range((text) => text !== week);
    // A month that has just begun has little to read.
    await pressUntil("Shift+Tab", /^Week$/);
    await keyboard.press("Enter");
    await range((text) => text === week);
    await pressUntil("Tab", /\. AC for /);
    await keyboard.press("Home");
    const first = await panel.waitForText(".readout", (text) => text.includes(" · "));
    await keyboard.press("PageDown");
    const later = await panel.waitForText(".readout", (text) => text !== first);
    await keyboard.press("ArrowRight");
    await panel.waitForText(".readout", (text) => text !== later);
    assert.equal(await (await panel.locator(".cursor[visibility=visible]")).count(), 1);
    await pressUntil("Tab", /^Charging sessions$/);
    await pressUntil("Shift+Tab", /^Earlier$/);
    assert.equal(await (await panel.locator("[aria-live]")).count(), 1);
  });

  it("shows the chosen car in the earlier range if ◀ is pressed right after the choice", async () => {
    // When this test is tried again, an earlier range may be shown.
    if (currentRange === "") currentRange = await range();
    await (
      await panel.frame()
    ).evaluate(`{
      const cars = document.querySelector("select");
      cars.selectedIndex = 1;
      cars.dispatchEvent(new Event("change"));
      document.querySelector("button[aria-label=Earlier]").click();
    }`);
    await range((text) => text !== currentRange);
    await panel.waitForText(".readout", (text) => text.startsWith("EX90. "));
    assert.equal(await (await panel.locator("select option:checked")).innerText(), "EX90");
  });

  it("shows the same car and range after the window is reloaded, and no second panel", async () => {
    const earlier = await range();
    assert.notEqual(earlier, currentRange);
    // VS Code's own command saves the window's state before it reloads.
    const loaded = product.workbench.page.waitForEvent("load");
    await product.workbench.run("Developer: Reload Window");
    await loaded;
    await product.workbench.editors.waitForTab(tab);
    assert.equal(await range(), earlier);
    assert.equal(await (await panel.locator("select option:checked")).innerText(), "EX90");
    await product.run("Show History");
    assert.equal((await product.workbench.editors.tabs()).filter((name) => name.startsWith("webview-")).length, 1);
    await panel.click("button:text-is('Today')");
    assert.equal(await range((text) => text !== earlier), currentRange);
  });

  for (const theme of themes) {
    it(`${theme}: axe-core finds nothing, and texts and lines of the chart have sufficient contrast`, async () => {
      const { workbench } = product;
      await workbench.setTheme(theme);
      await assertAccessible(await panel.frame());
      const texts = await painted(".label, .letter", "fill");
      assert.ok(texts.length > 10);
      for (const part of texts) assertContrast(part, textContrast);
      const lines = await painted(".state:not(.unknown), .level, .power", "stroke");
      assert.ok(lines.length > 10);
      for (const part of lines) assertContrast(part, graphicsContrast);
      await workbench.endHover();
      await session.screenshot(`history-${theme}`);
    });
  }

  it("fits a narrow window: the page does not scroll sideways", async () => {
    const { workbench } = product;
    await workbench.setViewport(narrow);
    await workbench.run("View: Close Primary Side Bar");
    await workbench.endHover();
    await session.screenshot("history-narrow");
    const frame = await panel.frame();
    const excess = await frame.evaluate("document.scrollingElement.scrollWidth - innerWidth");
    assert.ok(Number(excess) <= 0, `${String(excess)} pixels too wide`);
  });

  describe("without a chart", () => {
    const page = () => new WebPanel(product.workbench.screen, "main .toolbar");
    const notice = (accept: (text: string) => boolean) => page().waitForText(".notice", accept);

    it("says that nothing has been recorded yet, which axe-core finds nothing wrong with", async () => {
      const { workbench } = product;
      await workbench.changeSettings({ "volvoCharging.demo": undefined, "volvoCharging.vehicles": [vins[1]] });
      await notice((text) => text.startsWith("Nothing has been recorded yet."));
      await workbench.endHover();
      await session.screenshot("history-empty");
      await assertAccessible(await page().frame());
    });

    for (const [index, theme] of themes.entries()) {
      it(`${theme}: says that it is off and was written by a newer version, with twelve cars to choose from`, async () => {
        const { workbench } = product;
        if (index === 0) {
          await workbench.changeSettings({ "volvoCharging.vehicles": twelve, ...off });
          await notice((said) => said.startsWith("History is off."));
          await (await page().locator("select")).selectOption({ index: 0 });
        }
        await workbench.setTheme(theme);
        await notice((said) =>
          /^History is off\. .* Recorded by a newer version, and not shown: \d{4}-\d\d\./.test(said),
        );
        assert.equal(await (await page().locator("option")).count(), 12);
        assert.equal(await (await page().locator(".action:visible")).innerText(), "Open Settings");
        await workbench.endHover();
        await session.screenshot(`history-off-${theme}`);
        await assertAccessible(await page().frame());
      });
    }
  });

  async function assertAccessible(frame: Frame): Promise<void> {
    const axe = path.join(projectRoot, "node_modules", "axe-core", "axe.min.js");
    await frame.evaluate(await fs.readFile(axe, "utf8"));
    const { violations, passes } = await frame.evaluate(() => (globalThis as unknown as InPanel).axe.run());
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
      [],
    );
    assert.ok(passes.length > 10);
  }

  async function painted(selector: string, property: "fill" | "stroke"): Promise<readonly PaintedPart[]> {
    return await (
      await panel.frame()
    ).evaluate(
      ([parts, name]) => {
        const { document, getComputedStyle } = globalThis as unknown as InPanel;
        const ground = getComputedStyle(document.body).backgroundColor;
        return [...document.querySelectorAll(parts)].map((element) => ({
          what: `${parts} ${element.textContent}`,
          color: getComputedStyle(element)[name],
          ground,
        }));
      },
      [selector, property] as const,
    );
  }
});

function assertContrast({ what, color, ground }: PaintedPart, least: number): void {
  const found = contrast({ foreground: rgb(color), background: rgb(ground) });
  assert.ok(found >= least, `${found.toFixed(2)} of ${least}: ${what} ${color} on ${ground}`);
}

/** Parses `rgb(1, 2, 3)`, or `color(srgb 0.1 0.2 0.3)` for a mixed color. Ignores transparency. */
function rgb(color: string): Rgb {
  const [red = NaN, green = NaN, blue = NaN] = [...color.matchAll(/[\d.]+/g)].map(([value]) => Number(value));
  return color.startsWith("color(") ? [red * 255, green * 255, blue * 255] : [red, green, blue];
}

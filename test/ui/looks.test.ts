import assert from "node:assert/strict";
import { minuteMs } from "../../src/base/clock";
import { commandId, commandNames } from "../../src/contributions";
import type { PlugState } from "../../src/simulator/plugState";
import { Product, SimulatorScene } from "./scene";
import { UiSession } from "./session";
import { assertWithin, hoverWithin, ordinary, smallWindows } from "./windows";

/** The name as shown: a space is inserted into text that VS Code could take for a link or an icon. */
const shown = (name: string) => name.replace("](", "] (").replace("$(", "$ (");

const withoutIsolates = (text: string) => text.replace(/[\u2068\u2069]/g, "");

/**
 * Names of 40 characters, right to left, with emoji, and names that would be a link, a tag and an icon if not escaped.
 */
const names = [
  "The old estate car of my neighbours’ son",
  "סוסיתא של השכנים",
  "السيارة رقم 2",
  "😀 Elchmobil ⚡",
  "[a](command:b)<b>$(x)",
  ...["Ævar", "Þór", "Nine | Ten", "*Stella*", "EX30", "EX90", "Twelve"],
];

/** The first name, shortened for narrow places. */
const shortName = "The old estate car of m…";

const states: readonly PlugState[] = ["ac", "dc", "disconnected", "fault", "unspecified"];

/** The size of a hover's text in CSS pixels. */

describe("cars with unusual names and in large numbers", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;
  const cars = names.map((name, index) => ({ vin: `YV1TEST00000001${String(index + 10)}`, name }));

  before(async () => {
    simulator = await SimulatorScene.start({ cars: cars.map(({ vin }) => ({ vin, model: "EX30", modelYear: 2024 })) });
    for (const [index, { vin }] of cars.entries()) {
      const measuredAtMs = Date.now() - (index + 1) ** 3 * minuteMs;
      simulator.volvo.car(vin).set({ state: states[index % states.length] ?? "ac", measuredAtMs });
    }
    session = await UiSession.start({ settings: { ...simulator.settings, "volvoCharging.vehicles": cars } });
    product = new Product(await session.open());
    await product.openView();
    await product.connectByHand(simulator.volvo.issueTestToken().value);
    await product.tree.waitForRows(
      (rows) => rows.length === 12 && rows.every(({ description }) => /^[^…]+$/.test(description)),
    );
    await product.workbench.notifications.close("It works");
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
    await product.workbench.setViewport(ordinary);
  });

  it("fit twelve to a hover no taller than the window, with every name unchanged and only the extension's links", async () => {
    const { hover, fit } = await hoverWithin(product, session, ordinary, "cars-12");
    assert.equal(fit.hiddenBelow, 0);
    for (const name of names.slice(1)) assert.ok(withoutIsolates(hover.text).includes(shown(name)), hover.text);
    assert.ok(hover.text.includes("The old estate car of m…"), hover.text);
    const own = new Set(commandNames.map((name) => `command:${commandId(name)}`));
    for (const { target } of hover.links) assert.ok(own.has(target), target);
    assert.deepEqual(hover.links.map(({ text }) => text).slice(-3), ["Refresh", "Show History", "Settings"]);
    assert.ok(!hover.icons.some(({ id }) => id === "x"), "the icon code in the name must stay text");
    assert.ok(!/<b[ >]/.test(hover.html), hover.html);
  });

  it("leave room in the rows for the state, even beside a long name", async () => {
    const rows = await product.tree.rows();
    assert.equal(names[0]?.length, 40);
    assert.deepEqual(
      rows.map(({ label }) => withoutIsolates(label)),
      [shortName, ...names.slice(1).map(shown)],
    );
    assert.ok(rows.every(({ description }) => /^(?:AC|DC|Unplugged|Fault|Unknown)(?: · |$)/.test(description)));
    assert.ok(rows.every(({ icon }) => icon?.id.startsWith("volvo-charging-")));
  });

  for (const [index, state] of ["AC", "DC", "Unplugged", "Fault", "Unknown"].entries()) {
    it(`show “${names[index] ?? ""}” in the item, before the state`, async () => {
      const { label = "" } = (await product.tree.rows())[index] ?? {};
      await product.tree.row(label).runInline("Show in Status Bar");
      const name = index === 0 ? shortName : shown(names[index] ?? "");
      const item = await product.item.waitFor(({ text }) => withoutIsolates(text).includes(name));
      assert.equal(withoutIsolates(item.text).trim(), `${name} ${state} +11`);
      assert.equal(item.text.includes("\u2068"), /[\u0590-\u06ff]/.test(name), "only right-to-left names are isolated");
      assert.ok(item.icons[0]?.id.startsWith("volvo-charging-"));
      assert.ok(item.icons.slice(1).every(({ id }) => id === "watch"));
      await session.screenshot(`name-${String(index + 1)}`, product.item.locator, 6);
    });
  }

  it("show hostile names as plain text, including the row's hover", async () => {
    const name = names[4] ?? "";
    const { text, links, icons, html } = await product.tree.row(shown(name)).hover();
    assert.ok(text.includes(shown(name)), text);
    assert.deepEqual([links, icons.filter(({ id }) => id === "x")], [[], []]);
    assert.doesNotMatch(html, /<(?:a|b|img)[ >]/);
    await product.tree.row(shown(name)).runInline("Stop Showing in Status Bar");
  });

  for (const [name, window, scale] of smallWindows) {
    it(`${name}: the hover of twelve cars stays visible, and the item and rows stay within the window`, async () => {
      await product.workbench.setViewport(window, scale);
      const { fit } = await hoverWithin(product, session, window, `cars-12-${name}`);
      // At 200 % the last pixel of the padding below the links is hidden.
      assert.ok(fit.hiddenBelow <= 1, JSON.stringify(fit));
      await product.workbench.endHover();
      await session.screenshot(`overview-${name}`);
      await assertWithin(window, product.item.locator);
      await assertWithin(window, await product.tree.row("Ævar").locate());
    });
  }

  it("share one message for a common problem, with a link to the fix", async () => {
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": "http://api.example.com" });
    await product.item.waitFor(({ background }) => background === "error");
    await product.tree.waitForRows(([first]) => first?.label === "Check settings");
    const { hover, fit } = await hoverWithin(product, session, ordinary, "cars-12-with-a-problem");
    assert.equal(fit.hiddenBelow, 0);
    assert.equal(hover.text.split("must use https").length, 2, hover.text);
    await product.workbench.endHover();
    await product.item.clickHoverLink("Open Settings");
    await product.workbench.editors.waitForTab("settingseditor");
    await product.workbench.run("View: Close Editor");
  });

  it("have the common problem as one row above them, and Enter on that row opens the fix", async () => {
    const { screen, page, editors } = product.workbench;
    const untilFocused = (start: string) =>
      screen.eventually(
        `${start} in focus`,
        () => screen.focused(),
        (label) => label.startsWith(start),
      );
    await product.run("Focus on Vehicles View");
    await page.keyboard.press("Home");
    await untilFocused("Problem: The setting volvoCharging.api.baseUrl must use https");
    await session.screenshot("problem-row");
    await page.keyboard.press("Enter");
    await editors.waitForTab("settingseditor");
    await product.workbench.run("View: Close Editor");
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": simulator.origin });
    await product.tree.waitForRows((rows) => rows.length === names.length);
  });

  for (const count of [4, 1, 0]) {
    it(`${String(count)}: full names and sentences, or an invitation`, async () => {
      await product.workbench.changeSettings({ "volvoCharging.vehicles": cars.slice(0, count) });
      if (count > 0) await product.tree.waitForRows((rows) => rows.length === count);
      else await product.tree.waitForWelcome();
      const { hover, fit } = await hoverWithin(product, session, ordinary, `cars-${String(count)}`);
      assert.equal(fit.hiddenBelow, 0);
      const expected =
        count > 0 ? `${names[0] ?? ""} · Connected to an AC charger` : "There are no cars on the list yet.";
      assert.ok(hover.text.includes(expected), hover.text);
      if (count > 0) return;
      await product.workbench.endHover();
      for (const [name, window, scale] of smallWindows) {
        await product.workbench.setViewport(window, scale);
        await session.screenshot(`no-car-${name}`);
        await assertWithin(window, product.item.locator);
        for (const button of await product.workbench.page.locator(".welcome-view-content .monaco-button").all())
          await assertWithin(window, button);
      }
    });
  }
});

import assert from "node:assert/strict";
import { minuteMs } from "../../src/base/clock";
import { commandId, commandNames } from "../../src/contributions";
import type { PlugState } from "../../src/simulator/plugState";
import { hoverFit } from "../../scripts/headless/ui/hover";
import { Product, SimulatorScene } from "./scene";
import { UiSession } from "./session";

/** Of 40 characters, right to left, with emoji, and such as would be a link, a tag and an icon if they were let. */
const names = [
  "The red estate car of the neighbours’ son",
  "סוסיתא של השכנים",
  "السيارة رقم 2",
  "😀 Elchmobil ⚡",
  "[a](command:b)<b>$(x)",
  ...["Ævar", "Þór", "Nine | Ten", "*Stella*", "EX30", "EX90", "Twelve"],
];

const states: readonly PlugState[] = ["ac", "dc", "disconnected", "fault", "unspecified"];

const ordinary = { width: 1280, height: 800 };
/** What is left of it with the browser's zoom at 200 %. */
const zoomed = { width: 640, height: 400 };
const narrow = { width: 480, height: 800 };

describe("cars of all names and numbers", () => {
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
      (rows) => rows.length === 12 && rows.every(({ description }) => description.includes(" · ")),
    );
    await product.workbench.notifications.close("It works");
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** The hover, once it is known to lie within the window with nothing of it out of sight to the right. */
  async function hoverWithin(window: { width: number; height: number }, screenshot: string) {
    const hover = await product.item.hover();
    const fit = await hoverFit(product.workbench.screen);
    await session.screenshot(screenshot);
    const told = JSON.stringify(fit);
    // Its border may lie on the window's edge.
    assert.ok(fit.left >= -1 && fit.right <= window.width + 1, told);
    assert.ok(fit.top >= -1 && fit.bottom <= window.height + 1, told);
    assert.equal(fit.hiddenRight, 0, told);
    return { hover, fit };
  }

  it("twelve fit into a hover no longer than the window, with every name as it is and no link but ours", async () => {
    const { hover, fit } = await hoverWithin(ordinary, "cars-12");
    assert.equal(fit.hiddenBelow, 0);
    for (const name of names.slice(1)) {
      // What VS Code could take for a link or an icon has a blank in it.
      const shown = name.replace("](", "] (").replace("$(", "$ (");
      assert.ok(hover.text.replace(/[\u2068\u2069]/g, "").includes(shown), `${shown} in ${hover.text}`);
    }
    assert.ok(hover.text.includes("The red estate car of t…"), hover.text);
    const own = new Set(commandNames.map((name) => `command:${commandId(name)}`));
    for (const { target } of hover.links) assert.ok(own.has(target), target);
    assert.deepEqual(hover.links.map(({ text }) => text).slice(-2), ["Refresh", "Settings"]);
    assert.ok(!hover.icons.some(({ id }) => id === "x"), "the name's icon");
    assert.ok(!/<b[ >]/.test(hover.html), hover.html);
  });

  it("twelve in a window at 200 % and in a narrow one: nothing stands out of it", async () => {
    await product.workbench.setViewport(zoomed, 2);
    await hoverWithin(zoomed, "cars-12-at-200-percent");
    await product.workbench.setViewport(narrow);
    const { fit } = await hoverWithin(narrow, "cars-12-narrow");
    assert.equal(fit.hiddenBelow, 0);
    await product.workbench.setViewport(ordinary);
  });

  it("a problem of all is told once, with a link that leads to what helps", async () => {
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": "http://api.example.com" });
    await product.item.waitFor(({ background }) => background === "error");
    await product.tree.waitForRows((rows) => rows.every(({ description }) => description.includes("check settings")));
    const { hover, fit } = await hoverWithin(ordinary, "cars-12-with-a-problem");
    assert.equal(fit.hiddenBelow, 0);
    assert.equal(hover.text.split("must use https").length, 2, hover.text);
    await product.workbench.endHover();
    await product.item.clickHoverLink("Open Settings");
    await product.workbench.editors.waitForTab("settingseditor");
    await product.workbench.run("View: Close Editor");
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": simulator.origin });
  });

  for (const count of [4, 1, 0]) {
    it(`${String(count)}: whole names and sentences, or an invitation`, async () => {
      await product.workbench.changeSettings({ "volvoCharging.vehicles": cars.slice(0, count) });
      if (count > 0) await product.tree.waitForRows((rows) => rows.length === count);
      else await product.tree.waitForWelcome();
      const { hover, fit } = await hoverWithin(ordinary, `cars-${String(count)}`);
      assert.equal(fit.hiddenBelow, 0);
      const expected = count > 0 ? `${names[0] ?? ""} · Connected to an AC charger` : "No car is on the list yet.";
      assert.ok(hover.text.includes(expected), hover.text);
    });
  }
});

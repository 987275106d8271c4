import assert from "node:assert/strict";
import { readUserSettings } from "../../scripts/headless/userSettings";
import { hourMs, minuteMs } from "../../src/base/clock";
import { itemId, Product, SimulatorScene, until, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [ebba, saga] = vins;

describe("the status-bar item", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    simulator.volvo.car(ebba).set({ state: "ac", measuredAtMs: Date.now() - 20 * minuteMs, batteryLevel: 50 });
    simulator.volvo.car(saga).set({ state: "disconnected", measuredAtMs: Date.now() - 13 * hourMs });
    session = await UiSession.start({
      settings: {
        ...simulator.settings,
        "volvoCharging.vehicles": [{ vin: ebba, name: "Ebba" }, saga],
        "volvoCharging.statusBar.text": "{icon} {name}: {state} ({soc}, {range}) {age} {count}",
        "volvoCharging.statusBar.clickAction": "menu",
      },
    });
    product = new Product(await session.open());
    await product.openView();
    await product.connectByHand(simulator.volvo.issueTestToken().value);
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  async function savedSetting(key: string): Promise<unknown> {
    return (await readUserSettings(session.server.folders.serverDataDir))[`volvoCharging.${key}`];
  }

  async function pickFromMenu(label: string): Promise<void> {
    const { quickInput } = product.workbench;
    await product.item.click();
    await quickInput.waitFor(({ title }) => title === "Volvo Charging");
    await quickInput.pick(label);
  }

  it("fills the template with all known values", async () => {
    const item = await product.item.waitFor(({ text }) => text.includes("Ebba: AC"));
    assert.match(item.text, /^\s*Ebba: AC \(50%, 210 km\) 2\d min ago \+1$/);
    assert.equal(item.side, "right");
    await session.screenshot("statusbar-template", product.item.locator, 6);
  });

  it("opens a menu of the available actions, each with an icon", async () => {
    const { quickInput } = product.workbench;
    await product.item.click();
    const { items } = await quickInput.waitFor(
      ({ title, items: found }) => title === "Volvo Charging" && found.length > 0,
    );
    const labels = items.map(({ label }) => label);
    for (const label of ["Refresh", "Show Vehicles", "Show Another Vehicle in Status Bar", "Add Vehicle"]) {
      assert.ok(labels.includes(label), labels.join());
    }
    assert.ok(items.every(({ icons }) => icons.length === 1 && icons[0]?.fontLoaded === true));
    await session.screenshot("menu");
    await quickInput.cancel();
  });

  it("shows another car that is chosen from the menu, with a clock if its reading is old", async () => {
    const { quickInput } = product.workbench;
    await pickFromMenu("Show Another Vehicle in Status Bar");
    await quickInput.waitFor(({ placeholder }) => placeholder === "Choose a car");
    const other = (await quickInput.items()).find(({ label }) => label !== "Ebba");
    assert.ok(other);
    await quickInput.pick(other.label);
    const item = await product.item.waitFor(({ text }) => text.includes("Unplugged"));
    assert.ok(item.text.includes(other.label), item.text);
    assert.ok(item.icons.some(({ id }) => id === "watch"));
    assert.match(item.ariaLabel, /Out of date/);
    await pickFromMenu("Stop Showing in Status Bar");
    await product.item.waitFor(({ text, icons }) => text.includes("Ebba") && !icons.some(({ id }) => id === "watch"));
  });

  it("hides names and VINs everywhere at once, from the menu and by command", async () => {
    await pickFromMenu("Hide Names and VINs");
    const item = await product.item.waitFor(({ text }) => text.includes("Car 1"));
    await product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === "Car 1,Car 2");
    assert.equal(await savedSetting("privacy.presenterMode"), true);
    const rows = await product.tree.rows();
    const hover = await product.item.hover();
    const rowHover = await product.tree.row("Car 2").hover();
    await product.workbench.endHover();
    await product.item.click();
    const menu = await product.workbench.quickInput.waitFor(({ title }) => title === "Volvo Charging");
    await product.workbench.quickInput.cancel();
    const seen = [item.ariaLabel, hover.text, rowHover.text, JSON.stringify(menu), JSON.stringify(rows)].join("\n");
    assert.doesNotMatch(seen, /Ebba|EX90|000[12]/);
    assert.deepEqual(await product.workbench.notifications.current(), [], "earlier messages name a car");
    await session.screenshot("presenter-mode");
    await product.run("Rename Vehicle…");
    await product.workbench.quickInput.pick("Car 1");
    assert.ok(await product.workbench.quickInput.isPassword(), "the name is not shown while it is changed");
    await product.workbench.quickInput.cancel();
    await product.run("Toggle Presenter Mode");
    await product.item.waitFor(({ text }) => text.includes("Ebba"));
    assert.equal(await savedSetting("privacy.presenterMode"), undefined);
  });

  it("updates text, side and position when the settings change, without a reload", async () => {
    await product.workbench.changeSettings({
      "volvoCharging.statusBar.text": "{state}",
      "volvoCharging.statusBar.alignment": "left",
      "volvoCharging.statusBar.priority": -100_000,
      "volvoCharging.statusBar.clickAction": "focusView",
    });
    try {
      const low = product.workbench.statusBarItem(`${itemId}.left.-100000`);
      const item = await low.waitFor(({ side, text }) => side === "left" && text.trim() === "AC +1");
      assert.equal(item.icons.length, 0);
      await product.item.waitUntilHidden();
      const before = (await low.locator.boundingBox())?.x ?? 0;
      await product.workbench.changeSettings({ "volvoCharging.statusBar.priority": 100_000 });
      const high = product.workbench.statusBarItem(`${itemId}.left.100000`);
      await high.waitFor(({ side, text }) => side === "left" && text.trim() === "AC +1");
      await low.waitUntilHidden();
      assert.ok(((await high.locator.boundingBox())?.x ?? before) < before - 20);
    } finally {
      await product.workbench.changeSettings({
        "volvoCharging.statusBar.alignment": undefined,
        "volvoCharging.statusBar.priority": undefined,
      });
    }
    await product.item.waitFor(({ side }) => side === "right");
  });

  /** Settings and their visible effects. Each entry reverts the one before. */
  const changes: readonly (readonly [settings: Readonly<Record<string, unknown>>, seen: () => Promise<unknown>])[] = [
    [
      { staleAfter: 0.3 },
      async () => {
        const item = await product.item.waitFor(({ icons }) => icons.some(({ id }) => id === "watch"));
        assert.match(item.ariaLabel, /Out of date/);
        await product.tree.row("Ebba").waitFor(({ description }) => description.includes("out of date"));
      },
    ],
    [
      { dailyCallBudget: 1234 },
      async () => {
        await product.item.waitFor(({ icons }) => !icons.some(({ id }) => id === "watch"));
        assert.match((await product.item.hover()).text, /Calls today: \d+ of 1,234/);
        await product.workbench.endHover();
      },
    ],
    [
      { "privacy.showFullVins": true },
      async () => {
        await product.tree.row("Ebba").expand();
        await product.tree.row("VIN", "Ebba").waitFor(({ description }) => description === ebba);
      },
    ],
    [
      { apiVersion: "v1", "statusBar.clickAction": "refresh" },
      async () => {
        await product.tree.row("VIN", "Ebba").waitFor(({ description }) => description === "…0001");
        await untilAskable(simulator);
        await product.item.click();
        await product.tree.row("Source", "Ebba").waitFor(({ description }) => description.endsWith("Energy API v1"));
        await until("both cars asked for", () => simulator.volvo.requests.of("energy-v1").length === 2);
      },
    ],
    [
      { "statusBar.vehicle": saga },
      async () => {
        await product.item.waitFor(({ text }) => text.includes("Unplugged"));
        await product.workbench.activityBar.open("Explorer");
        assert.deepEqual(await product.tree.rows(), []);
        await product.item.click();
        await product.tree.waitForRows((rows) => rows.length > 0);
      },
    ],
  ];
  let changed: Readonly<Record<string, undefined>> = {};

  for (const [settings, seen] of changes) {
    it(`follows ${Object.keys(settings).join(" and ")}, as does the view, without a reload`, async () => {
      const named = Object.entries(settings).map(([key, value]) => [`volvoCharging.${key}`, value] as const);
      await product.workbench.changeSettings({ ...changed, ...Object.fromEntries(named) });
      changed = Object.fromEntries(named.map(([name]) => [name, undefined]));
      await seen();
    });
  }

  it("shows a common problem of all cars once in the view, with the next check, and names a refused key", async () => {
    await product.workbench.changeSettings(changed);
    for (const { fault, label, description, text } of [
      { fault: "server-error", label: "Service error", description: /^Next check \d/, text: /AC \+1 *$/ },
      {
        fault: "valid-key-refused",
        label: "API key refused",
        description: /^Set VCC/,
        text: /AC \+1 · API key refused$/,
      },
    ] as const) {
      simulator.volvo.faults.clear();
      simulator.volvo.faults.inject({ name: fault });
      await untilAskable(simulator);
      await product.run("Refresh");
      const [problem, ...others] = await product.tree.waitForRows((rows) => rows[0]?.label === label);
      assert.match(problem?.description ?? "", description);
      assert.ok(
        others.every((row) => !/error|refused/.test(row.description)),
        JSON.stringify(others),
      );
      assert.match((await product.item.waitFor()).text, text);
      assert.equal((await product.item.waitFor()).background, "none");
    }
    for (const theme of ["dark", "hc-black", "hc-light", "light"] as const) {
      await product.workbench.setTheme(theme);
      await product.item.hover();
      await session.screenshot(`shared-problem-${theme}`);
      await product.workbench.endHover();
    }
    simulator.volvo.faults.clear();
  });

  it("counts down while Volvo asks to wait", async () => {
    simulator.volvo.faults.clear();
    simulator.volvo.faults.inject({ name: "quota-spent-for-days" });
    await untilAskable(simulator);
    await product.run("Refresh");
    const item = await product.item.waitFor(({ icons }) => icons.some(({ id }) => id === "watch"));
    assert.match(item.text, /AC \+1\s+retry in 28 h$/);
    assert.ok(!item.icons.some(({ id }) => id === "debug-pause"), "no pause icon without a pause");
    assert.match(item.ariaLabel, /The daily call quota is used up until/);
    const [problem, ...cars] = await product.tree.waitForRows((rows) => rows[0]?.label.startsWith("Quota") === true);
    const [, end = "?"] = /^Quota used up until (.+)$/.exec(problem?.label ?? "") ?? [];
    assert.equal(problem?.description, "", "the description does not repeat the label");
    assert.ok(
      cars.every(({ description }) => !description.includes("quota")),
      JSON.stringify(cars),
    );
    assert.ok(
      (await product.item.hover()).text.includes(`Next check ${end} (in 28 h)`),
      "the hover shows the same time",
    );
    await session.screenshot("countdown");
    await product.workbench.endHover();
    await product.run("Refresh");
    await product.workbench.page.getByText(`The daily call quota is used up until ${end}.`).first().waitFor();
  });
});

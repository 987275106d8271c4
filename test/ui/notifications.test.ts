import assert from "node:assert/strict";
import { readUserSettings } from "../../scripts/headless/userSettings";
import { hourMs, minuteMs } from "../../src/base/clock";
import { type CarEventKind, carEventKinds } from "../../src/sync/carEvents";
import { Product, SimulatorScene, until, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [ebba, saga, freja] = vins;
const vehicles = [
  { vin: ebba, name: "Ebba" },
  { vin: saga, name: "Saga" },
  { vin: freja, name: "Freja" },
];
const messages: Readonly<Partial<Record<CarEventKind, RegExp>>> = {
  connected: /^Ebba was plugged in to an AC charger 20 min ago\.$/,
  chargingDone: /^Saga has finished charging at 80%\.$/,
  pluggedButIdle: /^Freja has been plugged in for 2\d min without charging \(Plugged in, no power\)\.$/,
};

describe("notifications", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    const measuredAtMs = Date.now() - 3 * hourMs;
    simulator.volvo.car(ebba).set({ state: "disconnected", measuredAtMs });
    simulator.volvo.car(saga).set({ state: "ac", measuredAtMs });
    simulator.volvo.car(freja).set({ state: "ac", measuredAtMs });
    const switches = Object.fromEntries(carEventKinds.map((kind) => [`volvoCharging.notifications.${kind}`, true]));
    const settings = { ...simulator.settings, ...switches, "volvoCharging.vehicles": vehicles };
    session = await UiSession.start({ settings });
    product = new Product(await session.open());
    await product.openView();
    await product.connectByHand(simulator.volvo.issueTestToken().value);
    await product.tree.waitForRows((rows) => rows.every(({ description }) => description.endsWith(" · 3 h ago")));
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  async function savedSettings(): Promise<Readonly<Record<string, unknown>>> {
    return readUserSettings(session.server.folders.serverDataDir);
  }

  /** All that was told of cars so far; what a command reports is none of it. */
  function told(): readonly string[] {
    const all = product.workbench.notifications.shown().map(({ message }) => message);
    return [...new Set(all.filter((message) => /^(?:Ebba|Saga|Freja|Not plugged in)/.test(message)))];
  }

  it("are none after the first reading, and one for each thing that happens then", async () => {
    const { notifications } = product.workbench;
    assert.deepEqual(told(), []);
    simulator.volvo.car(ebba).set({ state: "ac", measuredAtMs: Date.now() - 20 * minuteMs });
    simulator.volvo.car(saga).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs, batteryLevel: 80 });
    simulator.volvo.car(freja).set({ state: "plugged", measuredAtMs: Date.now() - 20 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    for (const message of Object.values(messages)) await notifications.waitFor(message);
    await session.screenshot("notifications");
    assert.equal(told().length, 3, told().join("\n"));
    assert.deepEqual((await notifications.waitFor(/^Freja/)).buttons, ["Show Car", "Refresh", "Don't Show Again"]);
  });

  it("lead to the car", async () => {
    await product.workbench.notifications.click("Saga has finished", "Show Car");
    await product.tree.row("Saga").waitFor(({ selected, expanded }) => selected && expanded === true);
  });

  it("say when a car was unplugged, and are switched off for good by Don't Show Again", async () => {
    const { notifications } = product.workbench;
    simulator.volvo.car(ebba).set({ state: "disconnected", measuredAtMs: Date.now() - 4 * minuteMs, batteryLevel: 40 });
    await untilAskable(simulator);
    await product.run("Refresh");
    await notifications.click("Ebba was unplugged 4 min ago.", "Don't Show Again");
    const key = "volvoCharging.notifications.disconnected";
    await until("the setting is off", async () => (await savedSettings())[key] === false);
    simulator.volvo.car(saga).set({ state: "disconnected", measuredAtMs: Date.now() - 2 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    await product.tree.row("Saga").waitFor(({ description }) => description.startsWith("Unplugged"));
    assert.ok(!told().some((message) => message.startsWith("Saga was unplugged")), told().join("\n"));
  });

  it("remind at the set time of the cars that are not plugged in and below the level, and not again", async () => {
    const { notifications } = product.workbench;
    const time = new Date(Date.now() - minuteMs).toTimeString().slice(0, 5);
    await product.workbench.changeSettings({
      "volvoCharging.reminder.time": time,
      "volvoCharging.reminder.belowBatteryLevel": 60,
    });
    const { buttons } = await notifications.waitFor(/^Ebba is not plugged in; its battery is at 40%\.$/);
    assert.deepEqual(buttons, ["Show Car", "Refresh", "Don't Show Again"]);
    await session.screenshot("reminder");
    await notifications.click("Ebba is not plugged in", "Don't Show Again");
    await until("no reminder", async () => (await savedSettings())["volvoCharging.reminder.time"] === undefined);
  });
});

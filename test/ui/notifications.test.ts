import assert from "node:assert/strict";
import { readUserSettings } from "../../scripts/headless/userSettings";
import { hourMs, minuteMs } from "../../src/base/clock";
import { type CarEventKind, carEventKinds } from "../../src/charging/changes";
import { Product, SimulatorScene, until, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [ebba, saga, freja] = vins;
const tage = "YV1TEST0000000004";
const vehicles = [
  { vin: ebba, name: "Ebba" },
  { vin: saga, name: "Saga" },
  { vin: freja, name: "Freja" },
  { vin: tage, name: "Tage" },
];
/** The only notification that is on by default, and one that is turned on while the window is open. */
const notEnabledAtStart: readonly CarEventKind[] = ["fault", "disconnected"];
const messages = {
  connected: /^Ebba was plugged in to an AC charger 20 min ago\.$/,
  chargingDone: /^Saga has finished charging at 80%\.$/,
  pluggedButIdle: /^Freja has been plugged in for 2\d min without charging \(Plugged in, no power\)\.$/,
} as const satisfies Partial<Record<CarEventKind, RegExp>>;

describe("notifications", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start({
      cars: vehicles.map(({ vin }) => ({ vin, model: "EX30", modelYear: 2024 })),
    });
    const measuredAtMs = Date.now() - 3 * hourMs;
    simulator.volvo.car(ebba).set({ state: "disconnected", measuredAtMs });
    simulator.volvo.car(saga).set({ state: "ac", measuredAtMs });
    // A car that has already charged since it was plugged in would be interrupted, not idle.
    simulator.volvo.car(freja).set({ state: "disconnected", measuredAtMs });
    simulator.volvo.car(tage).set({ state: "ac", measuredAtMs });
    const enabled = carEventKinds.filter((kind) => !notEnabledAtStart.includes(kind));
    const switches = Object.fromEntries(enabled.map((kind) => [`volvoCharging.notifications.${kind}`, true]));
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

  /** All notifications about cars so far, without the messages of commands. */
  function told(): readonly string[] {
    const all = product.workbench.notifications.shown().map(({ message }) => message);
    return [...new Set(all.filter((message) => /^(?:Ebba|Saga|Freja|Tage|Not plugged in)/.test(message)))];
  }

  it("appear once for each change, and not for the first reading", async () => {
    const { notifications } = product.workbench;
    assert.deepEqual(told(), []);
    simulator.volvo.car(ebba).set({ state: "ac", measuredAtMs: Date.now() - 20 * minuteMs });
    simulator.volvo.car(saga).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs, batteryLevel: 80 });
    simulator.volvo.car(freja).set({ state: "plugged", measuredAtMs: Date.now() - 20 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    const [first = "", ...others] = Object.values(messages);
    await notifications.waitFor(first);
    await session.screenshot("notifications");
    for (const message of others) await notifications.waitFor(message);
    // Ebba has also started charging, and Freja was also plugged in. Those messages may be only in the notification center.
    await notifications.center();
    assert.equal(told().length, 5, told().join("\n"));
    assert.deepEqual((await notifications.waitFor(messages.pluggedButIdle)).buttons, [
      "Show Car",
      "Refresh",
      "Don't Show Again",
    ]);
  });

  it("lead to the car", async () => {
    await product.workbench.notifications.click("Saga has finished", "Show Car");
    await product.tree.row("Saga").waitFor(({ selected, expanded }) => selected && expanded === true);
  });

  it("appear for a fault unless turned off, and for each enabled change, until Don't Show Again", async () => {
    const { notifications } = product.workbench;
    await product.workbench.changeSettings({ "volvoCharging.notifications.disconnected": true });
    simulator.volvo.car(ebba).set({ state: "disconnected", measuredAtMs: Date.now() - 4 * minuteMs, batteryLevel: 40 });
    simulator.volvo.car(freja).set({ state: "fault", measuredAtMs: Date.now() - 2 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    const fault = await notifications.waitFor("Freja reports a fault with the charging connection.");
    assert.equal(fault.severity, "warning");
    assert.deepEqual(fault.buttons, ["Show Car", "Refresh", "Don't Show Again"]);
    await session.screenshot("notification-fault");
    await notifications.click("Freja reports a fault", "Don't Show Again");
    await notifications.click("Ebba was unplugged 4 min ago.", "Don't Show Again");
    await until("the settings are off", async () => {
      const saved = await savedSettings();
      return notEnabledAtStart.every((kind) => saved[`volvoCharging.notifications.${kind}`] === false);
    });
    simulator.volvo.car(saga).set({ state: "disconnected", measuredAtMs: Date.now() - 2 * minuteMs });
    simulator.volvo.car(tage).set({ state: "fault", measuredAtMs: Date.now() - 2 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    await product.tree.row("Saga").waitFor(({ description }) => description.startsWith("Unplugged"));
    await product.tree.row("Tage").waitFor(({ description }) => description.startsWith("Fault"));
    const more = told().filter((message) => /^(?:Saga was unplugged|Tage reports)/.test(message));
    assert.deepEqual(more, []);
  });

  it("remind of unplugged cars below the level, at the set time and only once that day", async () => {
    const { notifications } = product.workbench;
    const reminder = /^Ebba is not plugged in; its battery is at 40%\.$/;
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * minuteMs).toTimeString().slice(0, 5);
    await product.workbench.changeSettings({
      "volvoCharging.reminder.time": minutesAgo(1),
      "volvoCharging.reminder.belowBatteryLevel": 60,
    });
    const { buttons } = await notifications.waitFor(reminder);
    assert.deepEqual(buttons, ["Show Car", "Refresh", "Don't Show Again"]);
    await session.screenshot("reminder");
    const other = minutesAgo(3);
    await product.workbench.changeSettings({ "volvoCharging.reminder.time": other });
    await until("the other time is dealt with", async () =>
      (await session.writtenFiles()).some((file) => file.endsWith(`-${other.replace(":", "")}`)),
    );
    await notifications.click("Ebba is not plugged in", "Don't Show Again");
    await until("no reminder", async () => (await savedSettings())["volvoCharging.reminder.time"] === undefined);
    assert.equal(notifications.shown().filter(({ message }) => reminder.test(message)).length, 1);
  });
});

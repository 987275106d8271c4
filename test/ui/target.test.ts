import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../src/base/clock";
import { notSupported } from "../../src/simulator/energyState";
import { Product, SimulatorScene, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [full, hybrid, limited] = vins;
const vehicles = [
  { vin: full, name: "Full" },
  { vin: hybrid, name: "Hybrid" },
  { vin: limited, name: "Limited" },
];

/** The product never shows "no power" for a car at its target, regardless of its status (evcc-io/evcc#22896). */
describe("a car that cannot charge further", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    report(2 * hourMs, "CHARGING", 89);
    const kinds = ["chargingDone", "chargingInterrupted", "pluggedButIdle"];
    const switches = Object.fromEntries(kinds.map((kind) => [`volvoCharging.notifications.${kind}`, true]));
    const settings = { ...simulator.settings, ...switches, "volvoCharging.vehicles": vehicles };
    session = await UiSession.start({ settings });
    product = new Product(await session.open());
    await product.openView();
    await product.connectByHand(simulator.volvo.issueTestToken().value);
    await product.tree.waitForRows((rows) => rows.every(({ description }) => description.endsWith(" · 2 h ago")));
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Sets all cars to idle without power, except the last one while its `status` is CHARGING. */
  function report(ageMs: number, status: "CHARGING" | "IDLE", level: number): void {
    const measuredAtMs = Date.now() - ageMs;
    const word = (value: string) => ({ status: "OK", value, updatedAtMs: measuredAtMs }) as const;
    const { volvo } = simulator;
    volvo.car(full).set({ state: "ac", measuredAtMs, batteryLevel: 99, targetLevel: 100 });
    volvo.car(hybrid).set({ state: "ac", measuredAtMs, batteryLevel: 100, targetLevel: 100 });
    volvo.car(hybrid).setMember("targetBatteryChargeLevel", notSupported);
    volvo.car(limited).set({ state: "ac", measuredAtMs, batteryLevel: level, targetLevel: 90 });
    for (const vin of status === "IDLE" ? vins : [full, hybrid]) {
      volvo.car(vin).setMember("chargingStatus", word("IDLE"));
      volvo.car(vin).setMember("chargerPowerStatus", word("NO_POWER_AVAILABLE"));
    }
  }

  /** The description of the car's Status row. */
  async function charging(name: string): Promise<string> {
    await product.tree.row(name).expand();
    const rows = await product.tree.waitForRows((all) => all.some(({ label }) => label === "Status"));
    const { description = "" } = rows.find(({ label }) => label === "Status") ?? {};
    await product.tree.row(name).collapse();
    return description;
  }

  it("is shown as full, with a target or without one, while a car below its target is shown as charging", async () => {
    assert.match(await charging("Full"), /^Target reached/);
    assert.match(await charging("Hybrid"), /^Fully charged/);
    assert.match(await charging("Limited"), /^Charging/);
  });

  it("causes one message that it has finished when it goes from charging to idle at its target", async () => {
    report(20 * minuteMs, "IDLE", 90);
    await untilAskable(simulator);
    await product.run("Refresh");
    await product.workbench.notifications.waitFor(/^Limited has finished charging at 90%\.$/);
    assert.match(await charging("Limited"), /^Target reached/);
    assert.match(await charging("Full"), /^Target reached/);
    assert.match(await charging("Hybrid"), /^Fully charged/);
    // Cars lose a point after charging.
    report(minuteMs, "IDLE", 89);
    await untilAskable(simulator);
    await product.run("Refresh");
    await product.tree.row("Limited").waitFor(({ description }) => /just now|1 min ago/.test(description));
    assert.match(await charging("Limited"), /^Target reached/);
    await product.tree.row("Limited").expand();
    await session.screenshot("target-reached");
    const told = product.workbench.notifications.shown().map(({ message }) => message);
    assert.deepEqual(
      [...new Set(told.filter((message) => /^(?:Full|Hybrid|Limited)/.test(message)))],
      ["Limited has finished charging at 90%."],
    );
  });
});

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { headLine, parseMonth } from "../../src/history/rows";
import { Product, SimulatorScene, until, untilAskable, vin } from "./scene";
import { UiSession } from "./session";

describe("the history of a car", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    simulator.volvo.car(vin).set({ state: "disconnected", batteryLevel: 41, targetLevel: 80 });
    session = await UiSession.start({
      settings: {
        ...simulator.settings,
        "volvoCharging.vehicles": [{ vin, name: "Elsa", batteryKwh: 66 }],
        "volvoCharging.apiVersion": "v2",
      },
    });
    product = new Product(await session.open());
    await product.connectByHand(simulator.volvo.issueTestToken().value);
    await product.openView();
    await product.tree.row("Elsa").expand();
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** All months of all cars, as they are on disk. */
  async function months(): Promise<readonly string[]> {
    const names = await fs.readdir(session.profile, { recursive: true });
    const files = names.filter((name) => /history[\\/][0-9a-f]{16}[\\/]\d{4}-\d\d\.jsonl$/.test(name));
    return Promise.all(files.map((name) => fs.readFile(path.join(session.profile, name), "utf8")));
  }

  async function connections(): Promise<string> {
    return (await months()).flatMap((text) => parseMonth(text, Date.now()).rows.map(({ c }) => c)).join();
  }

  async function check(): Promise<void> {
    await untilAskable(simulator);
    await product.run("Refresh");
  }

  it("is one session from plugged in to unplugged, over a failed check", async () => {
    const car = simulator.volvo.car(vin);
    await until("the first row", async () => (await connections()) === "out");
    car.set({ state: "ac", batteryLevel: 42, targetLevel: 80 });
    await check();
    await product.tree.waitForRows((rows) =>
      rows.some(({ label, description }) => label === "Last charge" && description.startsWith("Charging since ")),
    );
    simulator.volvo.faults.inject({ name: "server-error", times: 1 });
    await check();
    await until("the failed check", () => simulator.volvo.requests.of("energy-v2").length >= 3);
    car.set({ state: "ac", batteryLevel: 80, targetLevel: 80 });
    await check();
    await until("the end of charging", async () => (await connections()).startsWith("out,ac,ac"));
    car.set({ state: "disconnected", batteryLevel: 80, targetLevel: 80 });
    await check();
    await until("the unplugging", async () => (await connections()).endsWith("out"));
    assert.equal(await connections(), "out,ac,ac,out");
    const rows = await product.tree.waitForRows((all) =>
      all.some(({ label, description }) => label === "Last charge" && !description.startsWith("Charging")),
    );
    const lastCharge = rows.find(({ label }) => label === "Last charge");
    assert.match(lastCharge?.description ?? "", /^\d+:\d\d.* – \d+:\d\d.* · 42 → 80% · ≈ 25 kWh$/);
    for (const text of await months()) {
      assert.ok(text.startsWith(headLine));
      assert.doesNotMatch(text, /YV1|Elsa/);
    }
  });

  it("is deleted after a question, and the row is gone", async () => {
    await product.run("Delete History…");
    await product.workbench.quickInput.pick("Elsa");
    await product.workbench.dialog.click("Delete History");
    await product.tree.waitForRows((rows) => rows.every(({ label }) => label !== "Last charge"));
    assert.deepEqual(await months(), []);
  });
});

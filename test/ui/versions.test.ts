import assert from "node:assert/strict";
import { iconIds } from "../../src/contributions";
import type { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { Product, SimulatorScene, until, untilAskable, vin } from "./scene";
import { UiSession } from "./session";

describe("Energy API v1 and v2 combined", () => {
  let session: UiSession;
  let product: Product;
  let simulator: SimulatorScene;

  before(async () => {
    simulator = await SimulatorScene.start();
    const settings = { "volvoCharging.vehicles": [{ vin, name: "Familjen" }], "volvoCharging.apiVersion": "auto" };
    session = await UiSession.start({ settings: { ...simulator.settings, ...settings } });
    product = new Product(await session.open());
    await product.openView();
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Switches to another account with the given APIs, enters its own token, and puts the car on AC. */
  async function account(
    availability: Partial<SimulatedVolvo["gateway"]["availability"]> = {},
  ): Promise<SimulatorScene> {
    const { volvo } = simulator;
    await untilAskable(simulator);
    Object.assign(volvo.gateway.availability, { "energy-v1": "on", "energy-v2": "on", ...availability });
    volvo.faults.clear();
    volvo.requests.clear();
    volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() });
    const token = volvo.issueTestToken().value;
    const { text = "" } = (await product.item.read()) ?? {};
    if (text.includes("Set Up")) {
      await product.connectByHand(token);
    } else {
      await product.run("Set Access Token…");
      await product.workbench.quickInput.answer(token);
    }
    await checked(simulator, "AC");
    return simulator;
  }

  /** Resolves when the car has been checked and shows `word` without doubt. */
  async function checked(scene: SimulatorScene, word: string): Promise<void> {
    await until("an answer of the Energy API", () =>
      scene.volvo.requests.all.some(({ path, status }) => path.includes("energy") && status === 200),
    );
    await product.item.waitFor(({ text, icons }) => text.includes(word) && icons.length === 1);
  }

  /** Refreshes manually and resolves when the numbers of Energy API requests equal `requests`, v1 and v2. */
  async function refresh(scene: SimulatorScene, requests: readonly [number, number]): Promise<void> {
    await untilAskable(scene);
    await product.run("Refresh");
    await until(`${requests.join(" and ")} requests`, () => asked(scene).join() === requests.join());
  }

  const asked = ({ volvo }: SimulatorScene) => [
    volvo.requests.of("energy-v1").length,
    volvo.requests.of("energy-v2").length,
  ];

  it("serve a v1-only account with one extra request to find out, and name the version in use", async () => {
    const scene = await account({ "energy-v2": "off" });
    assert.deepEqual(asked(scene), [1, 1]);
    await refresh(scene, [2, 1]);
    await refresh(scene, [3, 1]);
    await product.tree.row("Familjen").expand();
    assert.equal((await product.tree.row("Source").waitFor()).description, "Energy API v1");
    assert.equal(await product.tree.row("Battery").read(), undefined);
    await product.tree.row("Familjen").collapse();
  });

  it("serve a v2-only account with one request per check, and show v2's values beside the connection", async () => {
    const scene = await account({ "energy-v1": "gone" });
    assert.deepEqual(asked(scene), [0, 1]);
    await refresh(scene, [0, 2]);
    await product.tree.row("Familjen").expand();
    await product.tree.row("Battery").waitFor(({ description }) => /^\d+\s?%/.test(description));
    await product.tree.row("Source").waitFor(({ description }) => description === "Energy API v2");
    await session.screenshot("v2-details");
    await product.tree.row("Familjen").collapse();
  });

  it("switch versions without a visible gap when the account loses v1", async () => {
    const scene = await account({ "energy-v2": "off" });
    scene.volvo.gateway.availability["energy-v1"] = "gone";
    scene.volvo.gateway.availability["energy-v2"] = "on";
    scene.volvo.car(vin).set({ state: "dc", measuredAtMs: Date.now() });
    const record = await product.item.record();
    await refresh(scene, [2, 2]);
    await product.item.waitFor(({ text }) => text.includes("DC"));
    const shown = (await record()).map((state) => [state?.text.trim(), state?.icons.map(({ id }) => id).join()]);
    assert.deepEqual(
      shown,
      [
        ["Familjen AC", iconIds.connectedAc],
        ["Familjen DC", iconIds.connectedDc],
      ],
      "nothing but the new reading ever replaced the old one, and neither is in doubt",
    );
  });

  it("do not switch versions for a car that Volvo does not find, and keep its last reading", async () => {
    const scene = await account();
    scene.volvo.faults.inject({ name: "market-refused" });
    await refresh(scene, [0, 2]);
    const item = await product.item.waitFor(({ icons }) => icons.some(({ id }) => id === "watch"));
    assert.match(item.text, /AC/);
    assert.deepEqual(asked(scene), [0, 2]);
  });
});

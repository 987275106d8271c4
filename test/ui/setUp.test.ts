import assert from "node:assert/strict";
import type { InjectedFault } from "../../src/simulator/faults/faultPlan";
import { Product, SimulatorScene, apiKey, vin } from "./scene";
import { UiSession } from "./session";

const stepIds = ["demo", "apiKey", "signIn", "cars", "yours"];

describe("setting up", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() });
    session = await UiSession.start({ settings: simulator.settings });
    // Wide enough for VS Code to show the pictures beside the steps.
    product = new Product(await session.open({ viewport: { width: 1500, height: 800 } }));
    await product.openView();
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Waits until exactly these steps of the walkthrough are checked. */
  async function untilDone(...ids: readonly string[]): Promise<void> {
    const checked = (steps: readonly { id: string; done: boolean }[]) =>
      steps.flatMap(({ id, done }) => (done ? [id] : []));
    await product.workbench.walkthrough.waitFor((steps) => checked(steps).join() === ids.join());
  }

  it("offers two buttons and a walkthrough with no step checked", async () => {
    const { buttons } = await product.tree.waitForWelcome();
    assert.deepEqual(buttons, ["Try the Demo", "Connect My Car"]);
    const steps = await product.openWalkthrough(() => product.tree.clickWelcome("open the walkthrough"));
    assert.deepEqual(
      steps.map(({ id }) => id),
      stepIds,
    );
    await untilDone();
  });

  for (const theme of ["light", "dark"] as const) {
    it(`shows each step with its picture in ${theme}`, async () => {
      const { workbench } = product;
      await workbench.setTheme(theme);
      for (const id of stepIds) {
        await workbench.walkthrough.expand(id);
        const { width, height } = await workbench.walkthrough.pictureSize();
        assert.ok(width > 200 && height > 150, "large enough to read");
        await workbench.endHover();
        await session.screenshot(`walkthrough-${id}-${theme}`);
      }
    });
  }

  it("checks off the demo when it runs, and no step that needs a real car", async () => {
    const { walkthrough } = product.workbench;
    await walkthrough.expand("demo");
    await walkthrough.click("Try the Demo");
    await product.tree.waitForRows((rows) => rows.length === 5);
    await untilDone("demo");
    await walkthrough.click("Stop the demo");
    await product.item.waitFor(({ text }) => text.includes("Set Up"));
    await untilDone("demo");
  });

  it("reaches the first real reading with a test token in four prompts", async () => {
    const { quickInput } = product.workbench;
    const asked: string[] = [];
    /** Waits for a prompt and counts it. */
    const prompt = async (step: string, placeholder: string) => {
      await quickInput.waitFor((state) => state.title === "Connect My Car" && state.placeholder === placeholder);
      assert.ok((await quickInput.waitFor()).step.includes(step), step);
      asked.push(placeholder);
    };
    await product.tree.clickWelcome("Connect My Car");
    await prompt("", "How do you want to connect?");
    await quickInput.pick("With a test token");
    await prompt("1/3", "VCC API key");
    await quickInput.answer(apiKey);
    await prompt("2/3", "Test access token");
    await quickInput.answer(simulator.volvo.issueTestToken().value);
    await prompt("3/3", "VIN, for example YV1…");
    await quickInput.answer(vin);
    await product.item.waitFor(({ text }) => text.includes("AC"));
    assert.equal(await quickInput.read(), undefined, "no further prompt");
    assert.equal(asked.length, 4);
    await product.tree.waitForRows((rows) => rows.length === 1 && (rows[0]?.description ?? "").startsWith("AC"));
    await untilDone("demo", "apiKey", "signIn", "cars");
  });

  it("checks off the last step when a setting is changed", async () => {
    await product.tree.row("EX30 2024").runInline("Show in Status Bar");
    await untilDone(...stepIds);
  });

  it("tests the connection and describes the result of each part", async () => {
    const { quickInput } = product.workbench;
    await product.run("Test Connection");
    const { items, placeholder } = await quickInput.waitFor((state) => state.items.length > 0);
    assert.equal(placeholder, "Everything works.");
    assert.deepEqual(
      items.map(({ label }) => label.trim()),
      [
        "VCC API key: OK",
        "Test token: OK",
        "Permission to read charging data: OK",
        "Permission to list cars: OK",
        "Volvo's service: OK",
        "EX30 2024: OK",
      ],
    );
    assert.match(items[5]?.detail ?? "", /^Connected to an AC charger/);
    await session.screenshot("test-connection");
    await quickInput.cancel();
  });

  it("shows which credential is wrong, and fixes it with Enter", async () => {
    const { quickInput, page, notifications } = product.workbench;
    await product.run("Set Access Token…");
    await quickInput.answer("not-one-of-volvos-tokens");
    await notifications.waitFor(/doesn't accept the access token/);
    await product.run("Test Connection");
    const { items } = await quickInput.waitFor((state) => state.items.length > 0);
    const token = items.find(({ label }) => label.includes("Test token"));
    assert.match(token?.label ?? "", /Test token: failed/);
    assert.equal(token?.description, "Set Access Token");
    await session.screenshot("test-connection-token-refused");
    await page.keyboard.press("Enter");
    await quickInput.waitFor((state) => state.title === "Set Access Token");
    await quickInput.cancel();
  });

  it("shows that the key is wrong, and fixes it with Enter", async () => {
    const { quickInput, page, notifications } = product.workbench;
    await setWorkingToken();
    await product.run("Set VCC API Key…");
    await quickInput.answer("0123456789abcdef0123456789abcdef");
    const { message } = await notifications.waitFor(/refused the VCC API key/);
    assert.doesNotMatch(message, /token/);
    await notifications.close("refused the VCC API key");
    const failing = await failingParts();
    assert.deepEqual(Object.keys(failing), ["VCC API key"]);
    await session.screenshot("test-connection-key-refused");
    await page.keyboard.press("Enter");
    await quickInput.waitFor((state) => state.title === "Set VCC API Key");
    await quickInput.answer(apiKey);
    await notifications.close("It works.");
  });

  const refusals: readonly (readonly [what: string, fault: InjectedFault, part: string, says: RegExp, told: string])[] =
    [
      [
        "a scope is missing",
        { name: "resource-forbidden" },
        "Permission to read charging data",
        /doesn't allow it/,
        "The token doesn't allow",
      ],
      [
        "a car is not found",
        { name: "market-refused", kind: "energy-v2" },
        "EX30 2024",
        /can't find this car in its market/,
        "EX30 2024: Volvo can't find",
      ],
      [
        "the service is down",
        { name: "unavailable-text" },
        "Volvo's service",
        /reported an error \(HTTP 503\)/,
        "Volvo's service reported an error",
      ],
    ];

  for (const [what, fault, part, says, told] of refusals) {
    it(`reports in Test Connection that ${what}`, async () => {
      const { volvo } = simulator;
      // This test may be tried again.
      volvo.faults.clear();
      volvo.faults.inject(fault);
      // A newly stored credential is tried at once, without waiting for the next allowed request.
      await product.run("Set Access Token…");
      await product.workbench.quickInput.answer(volvo.issueTestToken().value);
      await product.workbench.notifications.close(told);
      const failing = await failingParts();
      await session.screenshot(`test-connection-${fault.name}`);
      await product.workbench.quickInput.cancel();
      volvo.faults.clear();
      assert.ok(part in failing, JSON.stringify(failing));
      assert.match(failing[part] ?? "", says);
      for (const credential of ["VCC API key", "Test token"]) assert.ok(!(credential in failing), credential);
    });
  }

  /** Runs "Test Connection" and returns the text of each part that fails. The list stays open. */
  async function failingParts(): Promise<Readonly<Record<string, string>>> {
    await product.run("Test Connection");
    const { items } = await product.workbench.quickInput.waitFor((state) => state.items.length > 0);
    const parts = items.map(({ label, detail }) => [label.trim().split(": ").at(0), label, detail] as const);
    return Object.fromEntries(
      parts.flatMap(([part = "", label, detail]) => (label.endsWith(": failed") ? [[part, detail]] : [])),
    );
  }

  async function setWorkingToken(): Promise<void> {
    await product.run("Set Access Token…");
    await product.workbench.quickInput.answer(simulator.volvo.issueTestToken().value);
    await product.workbench.notifications.close("It works.");
  }

  it("offers the account's cars if the list is empty, and the settings if the address is unusable", async () => {
    const { workbench, tree } = product;
    await workbench.changeSettings({ "volvoCharging.vehicles": undefined });
    const noCar = await tree.waitForWelcome(({ text }) => text.includes("choose your cars"));
    assert.deepEqual(noCar.buttons, ["Find My Vehicles", "Add Vehicle"]);
    await session.screenshot("welcome-no-car");
    await workbench.changeSettings({ "volvoCharging.api.baseUrl": "http://example.com" });
    const misconfigured = await tree.waitForWelcome(({ text }) => text.includes("can't be used"));
    assert.deepEqual(misconfigured.buttons, ["Open Settings"]);
    await session.screenshot("welcome-misconfigured");
    await workbench.changeSettings({ "volvoCharging.api.baseUrl": simulator.origin });
    await tree.waitForWelcome(({ text }) => text.includes("choose your cars"));
  });

  it("explains that VS Code has lost the credentials, as it does without a keyring", async () => {
    // Without a keyring, secrets are kept in memory, as here, and do not survive the window.
    await product.workbench.reload();
    await product.openView();
    const lost = await product.tree.waitForWelcome(({ text }) => text.includes("didn't return"));
    assert.deepEqual(lost.buttons, ["Connect My Car"]);
    assert.ok(lost.links.includes("how to set one up"), lost.links.join());
    await session.screenshot("welcome-secrets-lost");
  });
});

import assert from "node:assert/strict";
import { minuteMs } from "../../src/base/clock";
import { iconIds } from "../../src/contributions";
import { Product, SimulatorScene, apiKey, untilAskable, vin } from "./scene";
import { UiSession } from "./session";

const states = [
  { state: "ac", word: "AC", icon: iconIds.connectedAc, sentence: "Connected to an AC charger" },
  { state: "dc", word: "DC", icon: iconIds.connectedDc, sentence: "Connected to a DC charger" },
  { state: "fault", word: "Fault", icon: iconIds.fault, sentence: "Fault with the charging connection" },
  { state: "disconnected", word: "Unplugged", icon: iconIds.disconnected, sentence: "Not connected to a charger" },
  { state: "unspecified", word: "Unknown", icon: iconIds.unknown, sentence: "Unknown: the car doesn't report it" },
] as const;

describe("the main job: a car's charging connection from Energy API v1", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;
  let token: string;

  before(async () => {
    simulator = await SimulatorScene.start();
    token = simulator.volvo.issueTestToken({ api: "energy-v1" }).value;
    session = await UiSession.start({ settings: { ...simulator.settings, "volvoCharging.apiVersion": "v1" } });
    product = new Product(await session.open());
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Copies `text` to the clipboard and pastes it over the content of the open box, as a user does with a key. */
  async function paste(text: string): Promise<void> {
    const { page } = product.workbench;
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Control+V");
  }

  it("invites the user to set it up, in the status bar and by two buttons in the view, and sends Volvo no request", async () => {
    const item = await product.item.waitFor();
    assert.equal(item.text.trim(), "Set Up Volvo");
    assert.equal(item.background, "none");
    await product.openView();
    const welcome = await product.tree.waitForWelcome(({ buttons }) => buttons.length > 0 && !buttons.includes(""));
    assert.deepEqual(welcome.buttons, ["Try the Demo", "Connect My Car"]);
    assert.deepEqual(simulator.volvo.requests.all, []);
    await session.screenshot("welcome");
  });

  it("accepts key, token and VIN by hand, and refuses impossible values while typing", async () => {
    const { quickInput } = product.workbench;
    simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 16 * minuteMs });
    await product.run("Set VCC API Key…");
    await quickInput.type("0123456789 abcdef");
    await quickInput.waitFor(({ severity, message }) => severity === "error" && message.includes("a space"));
    await quickInput.type('  "   "');
    await quickInput.waitFor(
      ({ severity, message }) => severity === "error" && message.includes("There is no value in this text"),
    );
    await paste(`${apiKey.slice(0, 16)}\n${apiKey.slice(16)}`);
    // The box itself makes a space of a line break.
    await quickInput.waitFor(({ severity, message }) => severity === "error" && /a (?:space|line break)/.test(message));
    await paste(`\r\n${apiKey}\n`);
    await quickInput.waitFor(({ severity, value }) => severity === "none" && value.trim() === apiKey);
    await quickInput.cancel();
    await product.connectByHand(`Bearer ${token}`);
    await quickInput.waitFor((state) => state.placeholder.startsWith("VIN"));
    await quickInput.type("YV1TEST000000000I");
    await quickInput.waitFor(({ severity, message }) => severity === "warning" && message.includes("no I, O or Q"));
    await quickInput.type("YV1TEST");
    await quickInput.waitFor(
      ({ severity, message }) => severity === "error" && message.includes("17 characters; this one has 7"),
    );
    await quickInput.answer(` ${vin.toLowerCase()} `);
    await product.workbench.notifications.waitFor("It works. Volvo …0001: Connected to an AC charger");
  });

  /** The checks so far. A test that is tried again makes another. */
  let checks = 1;

  for (const [index, { state, word, icon, sentence }] of states.entries()) {
    it(`shows ${word} with its own icon and the measured time on hover`, async () => {
      const measuredAtMs = Date.now() - (16 - index) * minuteMs;
      if (index > 0) {
        simulator.volvo.car(vin).set({ state, measuredAtMs });
        await untilAskable(simulator);
        await product.run("Refresh");
        checks++;
      }
      const item = await product.item.waitFor(({ text }) => text.includes(word));
      assert.deepEqual(
        item.icons.map(({ id, fontLoaded }) => [id, fontLoaded]),
        [[icon, true]],
      );
      assert.equal(item.background, state === "fault" ? "error" : "none");
      assert.ok(item.ariaLabel.includes(sentence), item.ariaLabel);
      const hover = await product.item.hover();
      assert.ok(hover.text.includes(sentence), hover.text);
      assert.match(hover.text, /(?:\w{3} \d+, )?\d+:\d\d [AP]M \(1\d min ago\)/);
      await product.workbench.endHover();
      const row = await product.tree.row("Volvo …0001").waitFor(({ description }) => description.startsWith(word));
      assert.match(row.description, /^\S+ · 1\d min ago$/);
      assert.equal(row.icon?.id, icon);
      const rowHover = await product.tree.row("Volvo …0001").hover();
      assert.match(rowHover.text, /Measured: (?:\w{3} \d+, )?\d+:\d\d [AP]M \(1\d min ago\)/);
      await session.screenshot(`state-${word.toLowerCase()}`);
    });
  }

  it("has requested the specified path with the three required headers, once per check", () => {
    const asked = simulator.volvo.requests.of("energy-v1");
    assert.equal(asked.length, checks);
    for (const { method, path, headers } of asked) {
      assert.equal(method, "GET");
      assert.equal(path, `/energy/v1/vehicles/${vin}/recharge-status/charging-connection-status`);
      assert.equal(headers["accept"], "application/vnd.volvocars.api.energy.vehicledata.v1+json");
      assert.equal(headers["authorization"], `Bearer ${token}`);
      assert.equal(headers["vcc-api-key"], apiKey);
    }
    assert.deepEqual(simulator.volvo.requests.of("energy-v2"), []);
  });

  it("answers a refresh within ten seconds of the last check with the age of that check", async () => {
    simulator.volvo.car(vin).set({ state: "dc", measuredAtMs: Date.now() - 10 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    // A refresh during the first one would share its answer instead.
    await product.item.waitFor(({ text }) => text.includes("DC"));
    await product.run("Refresh");
    await product.workbench.page
      .getByText(/^\s*Checked \d+ s ago$/)
      .first()
      .waitFor();
  });

  it("keeps the last reading when a check fails, with its age, a clock and the problem", async () => {
    simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    await product.item.waitFor(({ text }) => text.includes("AC"));
    simulator.volvo.faults.inject({ name: "server-error", times: 1 });
    await untilAskable(simulator);
    await product.run("Refresh");
    const item = await product.item.waitFor(({ icons }) => icons.some(({ id }) => id === "watch"));
    assert.match(item.text, /AC/);
    assert.equal(item.background, "none");
    const message = /Volvo's service reported an error \(HTTP 500\)\. (Next check (?:.+ )?\d+:\d\d [AP]M)/;
    const told = await product.workbench.page.getByText(message).first().textContent();
    const [, nextCheck = "?"] = message.exec(told ?? "") ?? [];
    await product.tree.row("Service error").waitFor(({ description }) => description === nextCheck);
    assert.match((await product.tree.row("Volvo …0001").waitFor()).description, /^AC · \d+ min ago$/);
    await session.screenshot("problem");
    assert.ok((await product.item.hover()).text.includes(nextCheck));
    await product.workbench.endHover();
  });
});

import assert from "node:assert/strict";
import { minuteMs } from "../../src/base/clock";
import { readUserSettings } from "../../scripts/headless/userSettings";
import { apiKey, Product, SimulatorScene, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [first, second] = vins;
const token = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln";

/** The messages after a wrong input, and the next steps that they offer. */
describe("the next step", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    for (const vin of [first, second]) {
      simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs });
    }
    session = await UiSession.start({ settings: simulator.settings });
    product = new Product(await session.open());
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  async function savedCars(): Promise<unknown> {
    return (await readUserSettings(session.server.folders.serverDataDir))["volvoCharging.vehicles"];
  }

  /** Types `text` into the open box, expects the error `message`, and presses Enter without effect. */
  async function refuses(text: string, message: string): Promise<void> {
    const { quickInput, page } = product.workbench;
    const { step, placeholder } = await quickInput.waitFor();
    await quickInput.type(text);
    await quickInput.waitFor((state) => state.severity === "error" && state.message === message);
    await page.keyboard.press("Enter");
    const after = await quickInput.waitFor();
    assert.deepEqual([after.step, after.placeholder], [step, placeholder]);
  }

  const isStep = (step: string) => (state: { readonly step: string }) => state.step.includes(step);

  it("is clear in the boxes for a test token: they are numbered, lead back and to the portal, and name the kind of a wrong text", async () => {
    const { quickInput, page } = product.workbench;
    const { value } = simulator.volvo.issueTestToken();
    await product.run("Connect My Car…");
    await quickInput.pick("With a test token");
    const box = await quickInput.waitFor(isStep("1/3"));
    assert.ok(
      ["Back", "Open Volvo's Developer Portal"].every((name) => box.buttons.some((label) => label.startsWith(name))),
    );
    await page.keyboard.press("Enter");
    await quickInput.waitFor(isStep("1/3"));
    await refuses(token, "This is an access token. The VCC API key goes here.");
    await session.screenshot("paste-token-as-key");
    await refuses(`Authorization: Bearer ${token}`, "This is an access token. The VCC API key goes here.");
    await refuses(
      "https://developer.volvocars.com/account/",
      "This is the address of a page. The VCC API key goes here.",
    );
    await refuses(first, "This is a VIN. The VCC API key goes here.");
    await refuses('{"message": "hello"}', "This is JSON. The VCC API key goes here.");
    await quickInput.type("abc");
    await quickInput.waitFor((state) => state.severity === "warning" && state.message.includes("usually have 32"));
    await quickInput.answer(`curl -H 'vcc-api-key: ${apiKey}' -H 'authorization: Bearer ${value}'`);
    await quickInput.waitFor(isStep("2/3"));
    await refuses(apiKey, "This is the VCC API key. The access token goes here.");
    await session.screenshot("paste-key-as-token");
    const noToken = "This isn't an access token. Volvo's tokens are long, start with “eyJ” and contain two periods.";
    await refuses("{}", noToken);
    await refuses("abc", noToken);
    await session.screenshot("paste-no-token");
    await quickInput.type(token.slice(0, -4));
    await quickInput.waitFor((state) => state.severity === "warning" && state.message.includes("start with “eyJ”"));
    const back = (await quickInput.waitFor()).buttons.find((label) => label.startsWith("Back")) ?? "";
    await quickInput.press(back);
    await quickInput.waitFor(isStep("1/3"));
    await quickInput.accept();
    await quickInput.answer(`Bearer ${value}`);
    await quickInput.waitFor(isStep("3/3"));
    await refuses(apiKey, "This is the VCC API key. The VIN goes here.");
    await refuses("YV1TEST", "A VIN has 17 characters; this one has 7.");
    await quickInput.type(first.replace("0", "O"));
    await quickInput.waitFor((state) => state.severity === "warning" && state.message.includes("no I, O or Q"));
    await session.screenshot("paste-vin-misread");
    await quickInput.type("WVWZZZ1KZAW000001");
    await quickInput.waitFor((state) => state.severity === "warning" && state.message.startsWith("VINs of Volvo cars"));
    await session.screenshot("paste-vin-of-another-maker");
    await quickInput.answer(
      `{"data": [{"vin": "${first.slice(0, 4)} ${first.slice(4)}"}]}`.replace(" YV", "YV").replace(/(YV1T) /, "$1"),
    );
    await product.workbench.notifications.close("It works.");
    assert.deepEqual(await savedCars(), [first]);
  });

  it("from a message leads to the car even if the view was never opened", async () => {
    simulator.volvo.car(first).set({ state: "fault", measuredAtMs: Date.now() - minuteMs });
    await untilAskable(simulator);
    await product.run("Refresh");
    await product.workbench.notifications.click("reports a fault", "Show Car");
    await product.tree.row("EX30 2024").waitFor(({ selected, expanded }) => selected && expanded === true);
    await session.screenshot("show-car");
  });

  it("after a mistyped VIN is Change VIN, which keeps the car's name and place", async () => {
    const { quickInput, notifications } = product.workbench;
    // Escape in the box for the name adds no car, so the same VIN can be entered again.
    await product.run("Add Vehicle…");
    await quickInput.answer("yv1t-est0 0000-09999");
    await quickInput.waitFor(({ message }) => message.includes("A name for the car"));
    await quickInput.cancel();
    await product.run("Add Vehicle…");
    await quickInput.answer("yv1t-est0 0000-09999");
    await quickInput.answer("Saga");
    const message = "Saga: Volvo doesn't know the VIN …9999 for your account. Check it.";
    await notifications.waitFor(message);
    await product.tree.row("Saga").waitFor(({ description }) => description === "Unknown · VIN not found");
    await product.run("Show in Status Bar");
    await quickInput.pick("Saga");
    await product.item.waitFor(({ text }) => text.includes("Saga Unknown +1 · VIN not found"));
    await session.screenshot("mistyped-vin");
    await notifications.click("Volvo doesn't know the VIN", "Change VIN");
    await quickInput.waitFor((state) => state.title === "Change VIN" && state.message.includes("…9999"));
    await quickInput.answer(second);
    await notifications.close("It works. Saga");
    assert.deepEqual(await savedCars(), [first, { vin: second, name: "Saga" }]);
    await product.run("Stop Showing in Status Bar");
  });

  it("after a refused token is a new one, and a message counts the seconds until that is tried", async () => {
    const { quickInput, notifications } = product.workbench;
    await product.run("Set Access Token…");
    await quickInput.answer("not-one-of-volvos-tokens");
    await notifications.waitFor(/Next try in \d+ s|doesn't accept/);
    await notifications.close("Volvo doesn't accept the access token.");
    const [, ...cars] = await product.tree.waitForRows(
      ([problem]) => problem?.label === "Token refused" && problem.description === "Set Access Token",
    );
    assert.ok(cars.every(({ description }) => !description.includes("refused")));
    await session.screenshot("token-refused");
    await product.run("Set Access Token…");
    await quickInput.answer(simulator.volvo.issueTestToken().value);
    await notifications.waitFor(/Next try in \d+ s/);
    await notifications.close("It works.");
  });

  it("if VS Code cannot write settings.json is to open the file and copy the entry into it", async () => {
    const { editors, notifications, page, screen } = product.workbench;
    await product.workbench.typeIntoSettings("{");
    await product.run("Start Demo");
    await notifications.waitFor("VS Code couldn't write settings.json");
    await session.screenshot("settings-not-written");
    await notifications.click("VS Code couldn't write settings.json", "Copy Entry");
    await editors.waitForTab("settings.json");
    await screen.eventually(
      "the entry on the clipboard",
      () => page.evaluate<string>("navigator.clipboard.readText()"),
      (text) => text === '"volvoCharging.demo": true,',
    );
    const { text } = await product.item.waitFor(() => true);
    assert.ok(!text.includes("Demo"), text);
  });

  it("is the same if cars cannot be added, by hand or from the account", async () => {
    const { quickInput, notifications } = product.workbench;
    await product.run("Add Vehicle…");
    await quickInput.answer(vins[2]);
    await quickInput.answer("");
    await notifications.close("VS Code couldn't write settings.json");
    await product.run("Find My Vehicles");
    const { items } = await quickInput.waitFor((state) => state.items.length === 3);
    await quickInput.pickSeveral(items.map(({ label }) => label));
    await notifications.close("VS Code couldn't write settings.json");
  });
});

import assert from "node:assert/strict";
import { minimumGapMs } from "../../src/polling/schedule";
import { Product, SimulatorScene, until, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [ebba, saga] = vins;

/** One of the windows asks for a due car within this time. */
const soonMs = minimumGapMs + 5_000;

describe("pausing the checks and watching closely", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;
  let other: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    simulator.volvo.car(ebba).set({ state: "ac" });
    simulator.volvo.car(saga).set({ state: "disconnected" });
    const vehicles = [{ vin: ebba, name: "Ebba" }];
    session = await UiSession.start({
      frontDoor: true,
      settings: { ...simulator.settings, "volvoCharging.vehicles": vehicles },
    });
    product = new Product(await session.open());
    await product.connectByHand(simulator.volvo.issueTestToken().value);
    await product.item.waitFor(({ text }) => text.includes("AC"));
    other = new Product(await session.open());
    await other.item.waitFor(({ text }) => text.includes("AC"));
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  const asked = () => simulator.volvo.requests.of("energy-v2").length;

  /** Waits until both windows show exactly one `icon` for a mode, or none. */
  async function bothShow(icon: "debug-pause" | "eye" | undefined): Promise<void> {
    for (const { item } of [product, other]) {
      await item.waitFor(({ icons }) => {
        const marks = icons.flatMap(({ id }) => (id === "debug-pause" || id === "eye" ? [id] : []));
        return marks.join() === (icon ?? "");
      });
    }
  }

  it("starts a pause from the palette, and both windows show its end", async () => {
    await product.run("Pause Checking…");
    const { items } = await product.workbench.quickInput.waitFor(({ title }) => title === "Pause Checking");
    assert.deepEqual(
      items.map(({ label }) => label),
      ["For 1 hour", "Until tomorrow morning", "Until resumed"],
    );
    await session.screenshot("pause-choices");
    await product.workbench.quickInput.pick("For 1 hour");
    await bothShow("debug-pause");
    const item = await other.item.waitFor();
    assert.match(item.text, /Ebba AC\s+(?:60|59) min/);
    assert.match(item.ariaLabel, /\. Paused until (?:.+ )?\d+:\d\d [AP]M/);
    const hover = await product.item.hover();
    assert.match(hover.text, /Paused until (?:.+ )?\d+:\d\d [AP]M/);
    assert.doesNotMatch(hover.text, /Next check/);
    await session.screenshot("paused");
    await product.workbench.endHover();
    // The view shows the pause as well, because the item may be hidden.
    await product.openView();
    const [row] = await product.tree.waitForRows((rows) => rows[0]?.icon?.id === "debug-pause");
    assert.match(row?.label ?? "", /^Paused until (?:.+ )?\d+:\d\d [AP]M$/);
    assert.equal(row?.description, "Resume");
    for (const theme of ["dark", "hc-black", "hc-light", "light"] as const) {
      await product.workbench.setTheme(theme);
      await session.screenshot(`paused-${theme}`);
    }
  });

  it("lets Refresh send a request during the pause", async () => {
    const before = asked();
    await untilAskable(simulator);
    await product.run("Refresh");
    await until("a request", () => asked() === before + 1);
    await bothShow("debug-pause");
  });

  it("sends no request for a due car during the pause", async () => {
    const before = asked();
    await product.workbench.changeSettings({ "volvoCharging.vehicles": [{ vin: ebba, name: "Ebba" }, saga] });
    await product.item.waitFor(({ text }) => text.includes("+1"));
    await new Promise((resolve) => setTimeout(resolve, soonMs));
    assert.equal(asked(), before);
  });

  it("ends the pause in all windows by the link in the hover, and asks for the due car", async () => {
    await product.item.clickHoverLink("Resume Checking");
    await bothShow(undefined);
    await until("a request for the new car", () =>
      simulator.volvo.requests.of("energy-v2").some(({ vin }) => vin === saga),
    );
  });

  it("shows the watch mode in all windows, until Resume Checking in any of them", async () => {
    await product.run("Watch Closely…");
    await product.workbench.quickInput.waitFor(({ title }) => title === "Watch Closely");
    await product.workbench.quickInput.pick("For 4 hours");
    await bothShow("eye");
    assert.match((await other.item.waitFor()).ariaLabel, /\. Watching closely until .*\. Next check/);
    await session.screenshot("watching-closely", product.item.locator, 6);
    await other.run("Resume Checking");
    await bothShow(undefined);
    const { page, quickInput } = other.workbench;
    await page.keyboard.press("F1");
    await quickInput.type(">Volvo Charging: Re");
    const { items } = await quickInput.waitFor(({ items: found }) =>
      found.some(({ label }) => label === "Volvo Charging: Refresh"),
    );
    const labels = items.map(({ label }) => label);
    assert.ok(!labels.includes("Volvo Charging: Resume Checking"), "no mode to end");
    await quickInput.cancel();
  });
});

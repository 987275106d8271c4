import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { colorIds, iconIds } from "../../src/contributions";
import { Product, containerTitle } from "./scene";
import { UiSession } from "./session";

const expected = [
  ["EX30", /^AC · \d+ min ago$/, iconIds.connectedAc],
  ["EX90", /^DC · \d+ min ago$/, iconIds.connectedDc],
  ["EC40", /^Unplugged · \d h ago$/, iconIds.disconnected],
  ["XC60", /^Fault · \d+ min ago$/, iconIds.fault],
  ["EX40", /^Unknown$/, iconIds.unknown],
] as const;

/** Conditions of the user's own keyboard shortcuts, by the digit of Ctrl+Alt+digit. */
const conditions = {
  1: "volvoCharging.connection == fault",
  2: "volvoCharging.pluggedIn",
  3: "volvoCharging.charging",
  4: "volvoCharging.fault",
  5: "volvoCharging.stale",
} as const;

/** Shortcuts that open a box with "yes" or "no". For each key VS Code runs the last shortcut whose condition holds. */
const keybindings = Object.entries(conditions).flatMap(([digit, when]) => {
  const binding = { key: `ctrl+alt+${digit}`, command: "workbench.action.quickOpen" };
  return [
    { ...binding, args: `no ${digit}` },
    { ...binding, args: `yes ${digit}`, when },
  ];
});

describe("the demo", () => {
  let session: UiSession;
  let product: Product;

  before(async () => {
    session = await UiSession.start();
    const user = path.join(session.profile, "data", "data", "User");
    await fs.writeFile(path.join(user, "keybindings.json"), JSON.stringify(keybindings));
    product = new Product(await session.open());
  });

  after(() => session.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** Presses all shortcuts and returns the digits of those whose condition holds. */
  async function holding(): Promise<string> {
    const { page, quickInput } = product.workbench;
    const held: string[] = [];
    for (const digit of Object.keys(conditions)) {
      await page.keyboard.press(`Control+Alt+${digit}`);
      const { value } = await quickInput.waitFor((state) => state.value.endsWith(` ${digit}`));
      if (value.startsWith("yes")) held.push(digit);
      await quickInput.cancel();
    }
    return held.join(" ");
  }

  it("is two clicks away after a fresh install and shows five cars, one per state, each with its own icon", async () => {
    await product.workbench.activityBar.open(containerTitle);
    await product.tree.clickWelcome("Try the Demo");
    const rows = await product.tree.waitForRows(
      (all) => all.length === 5 && all.every((row) => /^[^…]+$/.test(row.description)),
    );
    for (const [index, [name, description, icon]] of expected.entries()) {
      assert.equal(rows[index]?.label, name);
      assert.match(rows[index].description, description);
      assert.equal(rows[index].icon?.id, icon);
      assert.ok(rows[index].icon.fontLoaded);
      assert.ok(rows[index].ariaLabel.startsWith(`Demo: ${name}. `), rows[index].ariaLabel);
    }
    assert.equal(new Set(rows.map(({ icon }) => icon?.glyph)).size, 5, "five different shapes");
    assert.ok(Object.keys(colorIds).length >= 5);
  });

  it("is labeled as a demo in the status bar, in the view and in the hover", async () => {
    const item = await product.item.waitFor(({ text }) => text.includes("Fault"));
    assert.match(item.text, /^\s*XC60 Fault.*\+4.*Demo$/);
    assert.equal(item.background, "error");
    assert.match(item.ariaLabel, /^Demo: XC60\. Fault with the charging connection\./);
    await product.tree.waitForMessage((message) => message.includes("simulated"));
    assert.match((await product.item.hover()).text, /demo/i);
    const entry = await product.workbench.activityBar.waitFor(containerTitle, ({ badge }) => badge === "1");
    assert.match(entry.ariaLabel, /fault/i);
  });

  it("sets the context keys for the conditions of the user's shortcuts", async () => {
    assert.equal(await holding(), "1 2 3 4");
    await product.workbench.changeSettings({ "volvoCharging.staleAfter": 0.1 });
    try {
      await product.item.waitFor(({ icons }) => icons.some(({ id }) => id === "watch"));
      assert.equal(await holding(), "1 2 3 4 5");
    } finally {
      await product.workbench.changeSettings({ "volvoCharging.staleAfter": undefined });
    }
  });

  it("shows a new reading of the charging car within 15 s of its start, and a changed state later", async () => {
    await product.run("Stop Demo");
    await product.tree.waitForWelcome();
    await product.run("Start Demo");
    await product.tree.waitForRows((rows) => rows.some(({ description }) => description === "DC · 3 min ago"));
    await product.tree.waitForRows((rows) => rows.some(({ description }) => description === "DC · just now"), 15_000);
    const before = await product.tree.rows();
    await product.tree.waitForRows(
      (rows) => rows.some((row, index) => row.description.split(" ")[0] !== before[index]?.description.split(" ")[0]),
      150_000,
    );
  });

  it("keeps running if a sign-in is started and canceled", async () => {
    await product.run("Sign In with Volvo ID…");
    await product.workbench.quickInput.waitFor((state) => state.title !== "");
    await product.workbench.quickInput.cancel();
    assert.equal((await product.tree.waitForRows((rows) => rows.length === 5)).length, 5);
    await product.item.waitFor(({ text }) => text.includes("Demo"));
  });

  it("stops from its hover and disappears", async () => {
    await product.item.clickHoverLink("Stop Demo");
    await product.item.waitFor(({ text }) => text.includes("Set Up"));
    await product.tree.waitForWelcome();
    assert.equal(await holding(), "");
  });

  it("opens the view with its cars when it starts", async () => {
    await product.workbench.activityBar.open("Explorer");
    await product.run("Start Demo");
    await product.tree.waitForRows((rows) => rows.length === 5);
    await session.screenshot("demo-started");
  });
});

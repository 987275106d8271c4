import assert from "node:assert/strict";
import { minuteMs } from "../../src/base/clock";
import type { TreeRowState } from "../../scripts/headless/ui/treeRow";
import { readUserSettings } from "../../scripts/headless/userSettings";
import { Product, SimulatorScene, until, untilAskable, vins } from "./scene";
import { UiSession } from "./session";

const [first, second, third] = vins;

describe("the car list", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;

  before(async () => {
    simulator = await SimulatorScene.start();
    const states = ["disconnected", "ac", "dc"] as const;
    for (const [index, vin] of vins.entries()) {
      simulator.volvo.car(vin).set({ state: states[index] ?? "ac", measuredAtMs: Date.now() - 20 * minuteMs });
    }
    session = await UiSession.start({ settings: simulator.settings });
    product = new Product(await session.open());
    await product.openView();
    await product.connectByHand(simulator.volvo.issueTestToken().value, first);
    await product.item.waitFor(({ text }) => text.includes("Unplugged"));
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  const labels = async () => (await product.tree.rows()).filter(({ level }) => level === 1).map(({ label }) => label);

  async function savedCars(): Promise<unknown> {
    return (await readUserSettings(session.server.folders.serverDataDir))["volvoCharging.vehicles"];
  }

  it("adds several cars of the account with Find My Vehicles, named by their models", async () => {
    await product.run("Find My Vehicles");
    const { items } = await product.workbench.quickInput.waitFor((state) => state.items.length === 3);
    assert.deepEqual(
      items.map(({ label, description, checked }) => [label, description, checked]),
      [
        ["EX30 2024", "…0001 · electric", true],
        ["EX90 2024", "…0002 · electric", false],
        ["EC40 2024", "…0003 · electric", false],
      ],
    );
    await product.workbench.quickInput.pickSeveral(["EX30 2024", "EX90 2024", "EC40 2024"]);
    await product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === "EX30 2024,EX90 2024,EC40 2024");
    assert.deepEqual(await savedCars(), [first, second, third]);
  });

  it("shows the most important car in the status bar and counts the others", async () => {
    const item = await product.item.waitFor(({ text }) => text.includes("DC"));
    assert.match(item.text, /^\s*EC40 2024 DC \+2$/);
  });

  it("shows a pinned car instead until it is unpinned", async () => {
    await product.tree.row("EX30 2024").runInline("Show in Status Bar");
    await product.item.waitFor(({ text }) => /^\s*EX30 2024 Unplugged \+2$/.test(text));
    await product.tree.row("EX30 2024").runInline("Stop Showing in Status Bar");
    await product.item.waitFor(({ text }) => text.includes("EC40"));
  });

  it("saves a new name in the setting and shows it everywhere", async () => {
    const menu = await product.tree.row("EC40 2024").openMenu();
    await menu.pick("Rename Vehicle…");
    await product.workbench.quickInput.answer("Räksmörgås");
    await product.item.waitFor(({ text }) => text.includes("Räksmörgås"));
    assert.deepEqual(await savedCars(), [first, second, { vin: third, name: "Räksmörgås" }]);
  });

  it("moves cars up and down from the menu and by command", async () => {
    const menu = await product.tree.row("Räksmörgås").openMenu();
    assert.ok(!(await menu.items()).includes("Move Down"), "the last car cannot move down");
    await menu.pick("Move Up");
    await product.tree.waitForRows(
      (rows) => rows.map(({ label }) => label).join() === "EX30 2024,Räksmörgås,EX90 2024",
    );
    await product.run("Move Down");
    await product.workbench.quickInput.pick("EX30 2024");
    await product.tree.waitForRows(
      (rows) => rows.map(({ label }) => label).join() === "Räksmörgås,EX30 2024,EX90 2024",
    );
    assert.deepEqual(await savedCars(), [{ vin: third, name: "Räksmörgås" }, first, second]);
  });

  it("copies a VIN that is never shown in full", async () => {
    const menu = await product.tree.row("EX90 2024").openMenu();
    await menu.pick("Copy VIN");
    await product.workbench.screen.eventually(
      "the VIN on the clipboard",
      () => product.workbench.page.evaluate<string>("navigator.clipboard.readText()"),
      (copied) => copied === second,
    );
  });

  it("is fully keyboard accessible: menu key, arrows and Enter move, copy, pin and rename a car", async () => {
    const { keyboard } = product.workbench.page;
    const { quickInput, screen } = product.workbench;
    /** Opens the context menu of the focused row and runs one of its items. */
    const runFocused = async (item: string, key = "Shift+F10") => {
      await keyboard.press(key);
      await (await product.tree.openedMenu()).pickByKeyboard(item);
    };
    const untilNames = (names: string) =>
      product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === names);
    await product.run("Focus on Vehicles View");
    await keyboard.press("Home");
    await screen.eventually(
      "the first car in focus",
      () => screen.focused(),
      (label) => label.startsWith("Räksmörgås"),
    );
    await runFocused("Move Down");
    await untilNames("EX30 2024,Räksmörgås,EX90 2024");
    await runFocused("Copy VIN", "ContextMenu");
    await screen.eventually(
      "the VIN on the clipboard",
      () => product.workbench.page.evaluate<string>("navigator.clipboard.readText()"),
      (copied) => copied === third,
    );
    await runFocused("Show in Status Bar");
    const row = product.tree.row("Räksmörgås");
    await row.waitFor(({ actions }) => actions.includes("Stop Showing in Status Bar"));
    await runFocused("Stop Showing in Status Bar");
    await row.waitFor(({ actions }) => actions.includes("Show in Status Bar"));
    await runFocused("Rename Vehicle…");
    await quickInput.waitFor((state) => state.title === "Rename Vehicle" && state.value === "Räksmörgås");
    await keyboard.type("Smörgåstårta");
    await keyboard.press("Enter");
    await untilNames("EX30 2024,Smörgåstårta,EX90 2024");
    await product.run("Focus on Vehicles View");
    await runFocused("Move Up");
    await untilNames("Smörgåstårta,EX30 2024,EX90 2024");
  });

  it("refreshes a single car and shows progress in the view", async () => {
    await untilAskable(simulator);
    simulator.volvo.requests.clear();
    simulator.volvo.faults.inject({ name: "slow-20-s", times: 1 });
    await product.tree.row("EX90 2024").runInline("Refresh This Vehicle");
    await until("a request", () => simulator.volvo.requests.of("energy-v2").length === 1);
    assert.equal(simulator.volvo.requests.of("energy-v2")[0]?.vin, second);
    await product.workbench.screen.eventually(
      "the view's progress",
      () => product.tree.isBusy(),
      (isBusy) => isBusy,
    );
  });

  it("removes a car at once, restores it with Undo, and keeps an invalid entry of the setting", async () => {
    const cars = [{ vin: third, name: "Räksmörgås" }, "MISTYPED", first, second];
    await product.workbench.changeSettings({ "volvoCharging.vehicles": cars });
    await product.tree.waitForRows((rows) => rows[0]?.label === "Invalid setting" && rows.length === 4);
    const menu = await product.tree.row("EX30 2024").openMenu();
    await menu.pick("Remove Vehicle");
    await product.tree.waitForRows((rows) => rows.length === 3);
    await product.workbench.notifications.click("Removed EX30 2024.", "Undo");
    await product.tree.waitForRows(
      (rows) => rows.map(({ label }) => label).join() === "Invalid setting,Räksmörgås,EX30 2024,EX90 2024",
    );
    assert.deepEqual(await savedCars(), cars);
    await (await product.tree.row("EX30 2024").openMenu()).pick("Remove Vehicle");
    await product.tree.waitForRows((rows) => rows.length === 3);
    await product.workbench.notifications.close("Removed EX30 2024.");
    assert.deepEqual(await labels(), ["Invalid setting", "Räksmörgås", "EX90 2024"]);
    assert.deepEqual(await savedCars(), [{ vin: third, name: "Räksmörgås" }, "MISTYPED", second]);
    await product.workbench.changeSettings({ "volvoCharging.vehicles": [{ vin: third, name: "Räksmörgås" }, second] });
  });

  it("hides names and VINs in presenter mode, including lists and questions", async () => {
    await product.workbench.changeSettings({ "volvoCharging.privacy.presenterMode": true });
    await product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === "Car 1,Car 2");
    const item = await product.item.waitFor(({ text }) => text.includes("Car 1"));
    const { quickInput, notifications } = product.workbench;
    await product.run("Find My Vehicles");
    const found = await quickInput.waitFor(({ items }) => items.length === 3);
    await quickInput.cancel();
    await product.run("Copy VIN");
    const choice = await quickInput.waitFor(({ items }) => items.length === 2);
    await quickInput.cancel();
    const menu = await product.tree.row("Car 1").openMenu();
    await menu.pick("Remove Vehicle");
    const { message } = await notifications.waitFor(/^Removed /);
    // The problem of the only remaining car has a row of its own.
    const cars = (rows: readonly TreeRowState[]) => rows.filter(({ label }) => label.startsWith("Car "));
    await product.tree.waitForRows((rows) => cars(rows).length === 1);
    await notifications.click("Removed", "Undo");
    assert.deepEqual(
      [found, choice].map(({ items }) => items.map(({ label, description }) => label + description)),
      [
        ["Car 3electric", "Car 2electric", "Car 1electric"],
        ["Car 1", "Car 2"],
      ],
    );
    assert.equal(message, "Removed Car 1. Its history is kept.");
    const seen = [item.text, item.ariaLabel, JSON.stringify([found, choice, message])].join("\n");
    assert.doesNotMatch(seen, /Räk|EX\d0|EC40|000[1-3]/);
    await product.tree.waitForRows((rows) => cars(rows).length === 2);
    await product.workbench.changeSettings({ "volvoCharging.privacy.presenterMode": undefined });
  });

  it("renames with F2 and removes with Delete only while a car's row has focus", async () => {
    const { page, quickInput, notifications, screen } = product.workbench;
    await product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === "Räksmörgås,EX90 2024");
    const untilFocused = (what: string, isIt: (label: string) => boolean) =>
      screen.eventually(
        what,
        () => screen.focused(),
        (label) => label !== "" && isIt(label),
      );
    const focusFirst = async () => {
      await product.run("Focus on Vehicles View");
      await page.keyboard.press("Home");
      await untilFocused("the first car in focus", (label) => label.startsWith("Räksmörgås"));
    };
    // The key acts on the focused row, even if another row is selected.
    await product.tree.row("Räksmörgås").click();
    await product.tree.row("Räksmörgås").waitFor(({ selected }) => selected);
    await focusFirst();
    await page.keyboard.press("End");
    await untilFocused("the second car in focus", (label) => label.startsWith("EX90"));
    await page.keyboard.press("F2");
    await quickInput.waitFor((state) => state.title === "Rename Vehicle" && state.value === "");
    await quickInput.answer("Saga");
    await product.tree.row("Saga").waitFor();
    // The first key expands the car and the second moves the focus. If the click has expanded the car, the first key moves
    // the focus and the second does nothing.
    await focusFirst();
    await page.keyboard.press("ArrowRight");
    await product.tree.row("Räksmörgås").waitFor(({ expanded }) => expanded === true);
    await page.keyboard.press("ArrowRight");
    await untilFocused("a row below the car", (label) => !label.startsWith("Räksmörgås"));
    await page.keyboard.press("Delete");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await product.tree.row("Räksmörgås").waitFor(({ expanded }) => expanded === false);
    await page.keyboard.press("End");
    await untilFocused("the last car in focus", (label) => label.startsWith("Saga"));
    await page.keyboard.press("Delete");
    await notifications.waitFor("Removed Saga.");
    await product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === "Räksmörgås");
    await notifications.click("Removed Saga.", "Undo");
    await product.tree.waitForRows((rows) => rows.map(({ label }) => label).join() === "Räksmörgås,Saga");
    await product.workbench.changeSettings({
      "volvoCharging.vehicles": [{ vin: third, name: "Räksmörgås" }, second],
    });
  });

  it("keeps cars and readings after sign-out, and keeps the settings after deleting all stored data", async () => {
    await product.run("Sign Out");
    await product.item.waitFor(({ text }) => text.includes("Set Up"));
    // The row above the cars offers the necessary command.
    const rows = await product.tree.waitForRows(
      (all) => all.length === 3 && (all[1]?.description ?? "").startsWith("DC · "),
    );
    assert.deepEqual([rows[0]?.label, rows[0]?.description], ["No access token", "Connect My Car"]);
    await product.run("Delete All Stored Data…");
    await session.screenshot("delete-all");
    await product.workbench.dialog.click("Delete");
    const [shared] = await product.tree.waitForRows((all) =>
      (all[0]?.ariaLabel ?? "").includes("No API key and no token"),
    );
    assert.equal(shared?.description, "Connect My Car");
    await session.screenshot("shared-problem");
    await product.tree.waitForRows((rows) => rows.every(({ description }) => !/DC|AC/.test(description)));
    assert.deepEqual(await savedCars(), [{ vin: third, name: "Räksmörgås" }, second]);
    const files = await session.writtenFiles();
    assert.ok(!files.some((file) => file.endsWith("credentials-stored")), "the mark of credentials is deleted");
  });

  it("also removes the list of cars if the user chooses that", async () => {
    await product.run("Delete All Stored Data…");
    await product.workbench.dialog.click("Delete, and Remove Cars");
    await product.tree.waitForWelcome();
    assert.equal(await savedCars(), undefined);
  });
});

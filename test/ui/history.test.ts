import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { WebPanel } from "../../scripts/headless/ui/webPanel";
import { hourMs, minuteMs } from "../../src/base/clock";
import { headLine, parseMonth } from "../../src/history/rows";
import { offsetTime } from "../../src/present/historyExport";
import { weekdayTimeText } from "../../src/present/historyTimes";
import { Product, SimulatorScene, until, untilAskable, vin, vins } from "./scene";
import { UiSession } from "./session";
import { putHistory } from "./storedHistory";
import { ordinary } from "./windows";

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

  /** The content of all month files of all cars on disk. */
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

  it("is one session from plugging in to unplugging, despite a failed check", async () => {
    const car = simulator.volvo.car(vin);
    await until("the first row", async () => (await connections()) === "out");
    car.set({ state: "ac", batteryLevel: 42, targetLevel: 80 });
    await check();
    await product.tree.waitForRows((rows) =>
      rows.some(({ label, description }) => label === "This charge" && description.startsWith("since ")),
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
    const rows = await product.tree.waitForRows((all) => all.some(({ label }) => label === "Last charge"));
    const lastCharge = rows.find(({ label }) => label === "Last charge");
    assert.match(lastCharge?.description ?? "", /^\d+:\d\d.* – \d+:\d\d.* · 42 → 80% · ≈ 25 kWh$/);
    for (const text of await months()) {
      assert.ok(text.startsWith(headLine));
      assert.doesNotMatch(text, /YV1|Elsa/);
    }
  });

  it("is exported without a question which car, to a file named after its content, the car and the day", async () => {
    const { quickInput, notifications } = product.workbench;
    await product.run("Export History…");
    await quickInput.waitFor(({ placeholder }) => placeholder === "Choose a format");
    await session.screenshot("export-formats");
    await quickInput.pick("Sessions as CSV");
    const today = offsetTime(Date.now(), { language: "en" }).slice(0, 10);
    const file = path.join(session.folder, `volvo-charging-sessions-Elsa-${today}.csv`);
    await quickInput.waitFor(({ value }) => value === file);
    await quickInput.accept();
    await notifications.close("The history has been exported.");
    assert.match(await fs.readFile(file, "utf8"), /^vehicle,vin,.*\r\nElsa,,.*,ac,42,80,/);
  });

  it("is deleted after a confirmation, together with the row", async () => {
    await product.run("Delete History…");
    await product.workbench.quickInput.pick("Elsa");
    await product.workbench.dialog.click("Delete History");
    await product.tree.waitForRows((rows) => rows.every(({ label }) => label !== "Last charge"));
    assert.deepEqual(await months(), []);
  });
});

describe("the history of cars that were not observed at night", () => {
  const [elsa, frida] = vins;
  const begin = Math.floor(Date.now() / minuteMs) * minuteMs;
  const ago = (hours: number) => begin - hours * hourMs;
  const timeText = (at: number) => weekdayTimeText(at, { language: "en" });
  const between = (from: number, to: number) => `Between ${timeText(from)} and ${timeText(to)}`;
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;
  let panel: WebPanel;

  before(async () => {
    simulator = await SimulatorScene.start();
    simulator.volvo.car(elsa).set({ state: "disconnected", batteryLevel: 78, targetLevel: 80, measuredAtMs: ago(2) });
    simulator.volvo.car(frida).set({ state: "ac", batteryLevel: 52, targetLevel: 80, measuredAtMs: ago(1) });
    session = await UiSession.start({
      settings: {
        ...simulator.settings,
        "volvoCharging.vehicles": [
          { vin: elsa, name: "Elsa", batteryKwh: 66 },
          { vin: frida, name: "Frida", batteryKwh: 66 },
        ],
        "volvoCharging.apiVersion": "v2",
      },
    });
    // Elsa is plugged in during one gap and unplugged during another. Frida is plugged in before and after a gap, in which
    // she has lost 28 points.
    await putHistory(session, {
      [elsa]: [
        { t: ago(48), c: "out", b: 41, g: 80, s: "idle", k: 2 },
        { t: ago(34), p: ago(44), c: "ac", b: 45, g: 80, s: "charging", k: 2, x: 1 },
        { t: ago(31), p: ago(31) - 5 * minuteMs, c: "ac", b: 80, g: 80, s: "done", k: 2 },
        { t: ago(30), p: ago(30) - 5 * minuteMs, c: "ac", b: 79, g: 80, s: "done", k: 2 },
      ],
      [frida]: [
        { t: ago(40), c: "out", b: 50, g: 80, s: "idle", k: 2 },
        { t: ago(39), p: ago(39) - 5 * minuteMs, c: "ac", b: 50, g: 80, s: "charging", k: 2 },
        { t: ago(36), p: ago(36) - 5 * minuteMs, c: "ac", b: 80, g: 80, s: "done", k: 2 },
      ],
    });
    product = new Product(await session.open());
    await product.connectByHand(simulator.volvo.issueTestToken().value);
    await product.openView();
    panel = new WebPanel(product.workbench.screen, "main .chart");
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  /** The cells of the panel's table of a car, newest session first, as soon as `accept` holds. */
  async function table(
    car: string,
    accept: (rows: readonly (readonly string[])[]) => boolean,
  ): Promise<readonly (readonly string[])[]> {
    await (await panel.locator("select")).selectOption({ label: car });
    return await product.workbench.screen.eventually(
      `the sessions of ${car}`,
      async () => {
        const label = await (await panel.locator(".chart-box")).getAttribute("aria-label");
        if (!label?.startsWith(car)) return [];
        const rows = await (await panel.locator("tbody tr")).all();
        return await Promise.all(
          rows.map(async (row) => (await row.locator("th, td").allInnerTexts()).map((text) => text.trim())),
        );
      },
      accept,
    );
  }

  async function waitForLastCharge(car: string, text: RegExp): Promise<void> {
    await product.tree.row(car).expand();
    await product.tree.waitForRows((all) =>
      all.some(({ label, description }) => /^(?:Last|This) charge$/.test(label) && text.test(description)),
    );
    await product.tree.row(car).collapse();
  }

  it("shows time ranges for plugging in and unplugging during a gap", async () => {
    await waitForLastCharge("Elsa", / · 45 → 80% · ≈ 23 kWh$/);
    await product.run("Show History");
    const [only, ...others] = await table("Elsa", ([row]) => row !== undefined && row[1] !== "Still plugged in");
    assert.deepEqual(others, []);
    assert.deepEqual(only, [
      ...[between(ago(44), ago(34)), between(ago(30), ago(2))],
      ...["AC", "45 → 80%", "3 h", "≈ 23 kWh, by level", "Target reached"],
    ]);
    assert.match(
      (await (await panel.locator(".chart-box")).getAttribute("aria-label")) ?? "",
      /Not observed for \d+ h/,
    );
  });

  it("is two sessions if the car was driven during a gap", async () => {
    await waitForLastCharge("Frida", /^since .+ · 52 → 52%$/);
    const [second, first] = await table("Frida", (rows) => rows.length === 2);
    assert.deepEqual(second?.slice(0, 4), [between(ago(36), ago(1)), "Still plugged in", "AC", "52%"]);
    assert.equal(second[6], "Probably unplugged before this session (not observed)");
    assert.equal(first?.[0], timeText(ago(39)));
    assert.ok(first[1]?.startsWith(`Between ${timeText(ago(36))} and `), first[1]);
    assert.equal(first[3], "50 → 80%");
    assert.match(first[6] ?? "", /Probably unplugged after this session \(not observed\)$/);
  });

  it("fits a panel of 900 pixels, with every column of its table visible", async () => {
    const { workbench } = product;
    await workbench.run("View: Close Primary Side Bar");
    const width = async () => Number(await (await panel.frame()).evaluate("innerWidth"));
    const edges = ordinary.width - (await width());
    await workbench.setViewport({ width: 900 + edges, height: ordinary.height });
    await workbench.screen.eventually("a panel of 900 pixels", width, (now) => now === 900);
    await workbench.endHover();
    await session.screenshot("history-ranges");
    const hidden = (await panel.frame()).evaluate(
      "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.table-box'))",
    );
    assert.equal(await hidden, 0);
  });
});

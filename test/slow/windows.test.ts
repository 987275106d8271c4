import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { extensionHostPids } from "../../scripts/headless/extensionHosts";
import { minuteMs, secondMs } from "../../src/base/clock";
import { extensionId } from "../../src/contributions";
import { Product, SimulatorScene, until, untilAskable, vins } from "../ui/scene";
import { UiSession } from "../ui/session";

const [first, second] = vins;

/** Ends a page as a crash does: nothing is unloaded, and its extension host waits for it to come back. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

describe("three windows of one user, behind the front door", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let products: Product[];

  before(async () => {
    simulator = await SimulatorScene.start();
    for (const vin of vins) simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs });
    const settings = {
      ...simulator.settings,
      "volvoCharging.apiVersion": "v2",
      "volvoCharging.refreshInterval": 60,
      "volvoCharging.adaptivePolling": false,
      "volvoCharging.vehicles": [
        { vin: first, name: "Ebba" },
        { vin: second, name: "Sixten" },
      ],
    };
    session = await UiSession.start({ frontDoor: true, settings });
    products = [new Product(await session.open())];
  });

  after(async () => {
    await session.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  const requests = () => simulator.volvo.requests.all;

  /** What one window causes with two cars at the shortest interval: each of them every 60 to 66 s, and nothing else. */
  function assertCostOfOne(list: ReturnType<typeof requests>): void {
    for (const vin of [first, second]) {
      const times = list.filter((request) => request.kind === "energy-v2" && request.vin === vin).map(({ at }) => at);
      times.slice(1).forEach((at, index) => {
        const gapMs = at - times[index]!;
        // The answer of the one before and the timer may each take a moment.
        assert.ok(gapMs >= 60 * secondMs && gapMs < 68 * secondMs, `${gapMs} ms between two requests for ${vin}`);
      });
    }
    assert.ok(list.every(({ kind }) => kind === "energy-v2"));
  }

  async function untilAllShow(word: string, limitMs: number): Promise<void> {
    await Promise.all(products.map(({ item }) => item.waitFor(({ text }) => text.includes(word), limitMs)));
  }

  /** The window that polls, as its diagnostics say. */
  async function leadingProduct(): Promise<Product> {
    for (const product of products) {
      const { editors } = product.workbench;
      await product.run("Show Diagnostics");
      await editors.waitForTab(/Untitled|Volvo Charging: diagnostics/);
      await until("the document", async () => /This window\W+\w+/.test(await editors.text()));
      // A command palette that is opened before the document has focus is closed by it.
      await product.workbench.page.locator(".editor-instance .monaco-editor.focused").waitFor();
      const leads = /This window\W+leader/.test(await editors.text());
      await product.workbench.run("View: Revert and Close Editor");
      if (leads) return product;
    }
    throw new Error("None of the windows polls");
  }

  /** The lease in force: its number, and whether somebody holds it. */
  async function lease(): Promise<{ readonly number: number; readonly isHeld: boolean } | undefined> {
    const suffix = path.join("globalStorage", extensionId, "lease", path.sep);
    const files = (await session.writtenFiles()).filter((file) => path.dirname(file).concat(path.sep).endsWith(suffix));
    const numbers = files.map((file) => Number(path.basename(file)));
    const number = Math.max(...numbers);
    const file = files[numbers.indexOf(number)];
    return file === undefined ? undefined : { number, isHeld: fs.readFileSync(file, "utf8") !== "released" };
  }

  it("hold nothing before they are set up", async () => {
    await products[0]!.item.waitFor(({ text }) => text.includes("set up"));
    await delay(6 * secondMs);
    assert.equal(await lease(), undefined);
    assert.deepEqual(requests(), []);
  });

  it("all show what the one with the pasted token has found out", async () => {
    await products[0]!.connectByHand(simulator.volvo.issueTestToken().value);
    await until("two answers", () => requests().length >= 2);
    products.push(new Product(await session.open()), new Product(await session.open()));
    await untilAllShow("AC", 10 * secondMs);
    assert.equal(requests().length, 2, "windows that open ask for nothing that is known");
  });

  it("cost in three minutes what one costs", async () => {
    const before = requests().length;
    await delay(3 * minuteMs);
    const calls = requests().length - before;
    assert.ok(calls >= 4 && calls <= 6, `${calls} calls for two cars, every 60 to 66 s`);
    assertCostOfOne(requests());
  });

  it("all show what a refresh in one that does not poll has brought, within two seconds", async () => {
    assert.notEqual(await leadingProduct(), products[2]);
    await untilAskable(simulator);
    for (const vin of [first, second]) simulator.volvo.car(vin).set({ state: "dc", measuredAtMs: Date.now() });
    const before = requests().length;
    await products[2]!.run("Refresh");
    await untilAllShow("DC", 2 * secondMs);
    assert.equal(requests().length, before + 2);
  });

  it("have another leader within 30 s when the leader's extension host is killed", async () => {
    const held = await lease();
    assert.ok(held?.isHeld);
    const [oldest] = await extensionHostPids(session.server.pid);
    process.kill(oldest!, "SIGKILL");
    const killedAt = Date.now();
    let next = await lease();
    while (!next?.isHeld || next.number === held.number) {
      assert.ok(Date.now() - killedAt < 30 * secondMs, "nobody has taken over");
      await delay(200);
      next = await lease();
    }
  });

  it("tell once of a fault that the new leader finds by itself", async () => {
    // The host that was killed starts anew and may be the one that leads: its first reading is told to nobody.
    const before = requests().length;
    await until("the new leader's first check of both cars", () => requests().length >= before + 2, 90 * secondMs);
    simulator.volvo.car(second).set({ state: "fault", measuredAtMs: Date.now() });
    await untilAllShow("Fault", 80 * secondMs);
    await delay(3 * secondMs);
    const told = products.flatMap(({ workbench }, index) =>
      workbench.notifications
        .shown()
        .filter(({ message }) => message.includes("fault"))
        .map(({ message }) => ({ index, message })),
    );
    assert.deepEqual(
      told.map(({ message }) => message),
      ["Sixten reports a fault with the charging connection."],
    );
    const { notifications } = products[told[0]!.index]!.workbench;
    await notifications.click("Sixten reports a fault", "Show Car");
    await products[told[0]!.index]!.tree.row("Sixten").waitFor(({ description }) => description.startsWith("Fault"));
  });

  it("go on with the one that is left when the pages of the others are gone and their extension hosts are not", async () => {
    const leader = await leadingProduct();
    const left = products.find((product) => product !== leader)!;
    const hosts = (await extensionHostPids(session.server.pid)).length;
    const held = await lease();
    for (const { workbench } of products.filter((product) => product !== left)) await crash(workbench.page);
    products = [left];
    const nextLease = async () => {
      const now = await lease();
      return now?.isHeld === true && now.number > held!.number;
    };
    await until("the next leader", nextLease, 30 * secondMs);
    const takenOverAt = Date.now();
    assert.equal((await extensionHostPids(session.server.pid)).length, hosts);
    assert.equal(await leadingProduct(), left);
    const asked = () => requests().filter(({ at }) => at > takenOverAt);
    await until("two requests for each car", () => asked().length >= 4, 160 * secondMs);
    assertCostOfOne(asked());
    assert.equal((await lease())?.number, held!.number + 1, "the lease changes hands once");
    await untilAllShow("Fault", secondMs);
  });
});

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { extensionHostPids } from "../../scripts/headless/extensionHosts";
import { minuteMs, secondMs, systemClock } from "../../src/base/clock";
import { extensionId } from "../../src/contributions";
import { simulatorListener } from "../../src/simulator/server";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { ownerOfPort } from "../support/portOwner";
import { Product, until, untilAskable, vins } from "../ui/scene";
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
  let volvo: SimulatedVolvo;
  let server: Server;
  let session: UiSession;
  let products: Product[];
  /** The extension hosts by their process ids, with the windows that they belong to. */
  const hosts = new Map<number, Product>();
  /** The extension host that sent each request, in their order. */
  const senders: Promise<number | undefined>[] = [];
  let killed: { readonly product: Product; readonly at: number };

  before(async () => {
    const cars = vins.map((vin) => ({ vin, model: "EX30", modelYear: 2024 }));
    volvo = new SimulatedVolvo(systemClock, { cars });
    const answer = simulatorListener(volvo);
    server = createServer((incoming, response) => {
      const port = incoming.socket.remotePort!;
      senders.push(extensionHostPids(session.server.pid).then((pids) => ownerOfPort(port, pids)));
      answer(incoming, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    for (const vin of vins) volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs });
    const settings = {
      "volvoCharging.api.baseUrl": `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      "volvoCharging.apiVersion": "v2",
      "volvoCharging.refreshInterval": 60,
      "volvoCharging.adaptivePolling": false,
      "volvoCharging.vehicles": [
        { vin: first, name: "Ebba" },
        { vin: second, name: "Sixten" },
      ],
    };
    session = await UiSession.start({ frontDoor: true, settings });
    products = [];
    await open();
  });

  after(async () => {
    await session.close();
    server.close();
    server.closeAllConnections();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  const requests = () => volvo.requests.all;

  async function open(): Promise<void> {
    const product = new Product(await session.open());
    products.push(product);
    await noteHosts(product);
  }

  /** The extension hosts that have started since the last time belong to `product`. */
  async function noteHosts(product: Product): Promise<void> {
    for (const pid of await extensionHostPids(session.server.pid)) if (!hosts.has(pid)) hosts.set(pid, product);
  }

  /** The window that sent the `index`-th request. */
  async function asker(index: number): Promise<Product> {
    const pid = await senders[index];
    assert.ok(pid !== undefined, `request ${index} came from no extension host`);
    const product = hosts.get(pid) ?? killed.product;
    hosts.set(pid, product);
    return product;
  }

  const lastAsker = () => asker(requests().length - 1);

  async function askersFrom(index: number): Promise<ReadonlySet<Product>> {
    const products = new Set<Product>();
    for (let each = index; each < requests().length; each++) products.add(await asker(each));
    return products;
  }

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

  /** What the extension has on disk. */
  async function ownFiles(): Promise<readonly string[]> {
    const folder = path.join("globalStorage", extensionId) + path.sep;
    return (await session.writtenFiles()).filter((file) => file.includes(folder));
  }

  /** When both cars are asked for again at the latest, as long as the window that asked last is there. */
  const dueAt = () => requests().at(-1)!.at + 66 * secondMs;

  it("hold nothing before they are set up", async () => {
    await products[0]!.item.waitFor(({ text }) => text.includes("Set Up"));
    await delay(6 * secondMs);
    assert.deepEqual(await ownFiles(), []);
    assert.deepEqual(requests(), []);
  });

  it("all show what the one with the pasted token has found out", async () => {
    await products[0]!.connectByHand(volvo.issueTestToken().value);
    await until("two answers", () => requests().length >= 2);
    await open();
    await open();
    await untilAllShow("AC", 10 * secondMs);
    assert.equal(requests().length, 2, "windows that open ask for nothing that is known");
  });

  it("cost in two minutes what one costs", async () => {
    const before = requests().length;
    await delay(2 * minuteMs);
    const calls = requests().length - before;
    assert.ok(calls >= 2 && calls <= 4, `${calls} calls for two cars, every 60 to 66 s`);
    assertCostOfOne(requests());
  });

  it("all show what a refresh in one that has not asked so far has brought, within two seconds", async () => {
    assert.ok(!(await askersFrom(0)).has(products[2]!));
    await untilAskable({ volvo });
    for (const vin of [first, second]) volvo.car(vin).set({ state: "dc", measuredAtMs: Date.now() });
    const before = requests().length;
    await products[2]!.run("Refresh");
    await untilAllShow("DC", 2 * secondMs);
    assert.equal(requests().length, before + 2);
  });

  it("ask again at most 30 s after it is due when the extension host that asked last is killed", async () => {
    const before = requests().length;
    const limitMs = dueAt() + 30 * secondMs - Date.now();
    const pid = await senders[before - 1];
    killed = { product: await lastAsker(), at: Date.now() };
    process.kill(pid!, "SIGKILL");
    await until("the next request", () => requests().length > before, limitMs);
    assert.notEqual(await senders[before], pid);
  });

  it("tell once of a fault that is found after that", async () => {
    // The killed host restarts and may be the one that asks: its first reading is no event.
    const isAsked = (vin: string) => requests().some((request) => request.vin === vin && request.at > killed.at);
    await until("a check of both cars", () => isAsked(first) && isAsked(second), 90 * secondMs);
    volvo.car(second).set({ state: "fault", measuredAtMs: Date.now() });
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
    const gone = await lastAsker();
    const left = products.find((product) => product !== gone)!;
    const { length } = await extensionHostPids(session.server.pid);
    const before = requests().length;
    // A window of which the page is gone may ask once more before VS Code was found to give no answer.
    const limitMs = dueAt() + 66 * secondMs + 30 * secondMs - Date.now();
    for (const { workbench } of products.filter((product) => product !== left)) await crash(workbench.page);
    products = [left];
    const isTakenOver = async () => (await askersFrom(before)).has(left);
    await until("a request of the window that is left", isTakenOver, limitMs);
    assert.equal((await extensionHostPids(session.server.pid)).length, length);
    const takenOver = requests().length - 1;
    const asked = () => requests().slice(takenOver);
    await until("two requests for each car", () => asked().length >= 4, 160 * secondMs);
    assertCostOfOne(asked());
    assert.deepEqual([...(await askersFrom(takenOver))], [left]);
    await untilAllShow("Fault", secondMs);
  });
});

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extensionHostPids } from "../../scripts/headless/extensionHosts";
import { minuteMs, secondMs, systemClock } from "../../src/base/clock";
import { simulatorListener } from "../../src/simulator/server";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { ownerOfPort } from "../support/portOwner";
import { Product, until, vins } from "../ui/scene";
import { UiSession } from "../ui/session";

const [first, second] = vins;

/** Several windows of one user with two cars, behind the front door, and the extension host that sends each request. */
export class FrontDoorWindows {
  products: Product[] = [];
  /** The extension hosts by their process ids, with the windows that they belong to. */
  private readonly hosts = new Map<number, Product>();
  /** The window whose extension host was killed; VS Code starts another one. */
  private killed: Product | undefined;

  private constructor(
    readonly volvo: SimulatedVolvo,
    readonly session: UiSession,
    private readonly server: Server,
    /** The extension host that sent each request, in the order of the requests. */
    readonly senders: readonly Promise<number | undefined>[],
  ) {}

  /** Nothing is set up yet. */
  static async start(): Promise<FrontDoorWindows> {
    const cars = vins.map((vin) => ({ vin, model: "EX30", modelYear: 2024 }));
    const volvo = new SimulatedVolvo(systemClock, { cars });
    const answer = simulatorListener(volvo);
    const senders: Promise<number | undefined>[] = [];
    const server = createServer((incoming, response) => {
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
    const session = await UiSession.start({ frontDoor: true, settings });
    return new FrontDoorWindows(volvo, session, server, senders);
  }

  async close(): Promise<void> {
    await this.session.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  get requests(): readonly SimulatedVolvo["requests"]["all"][number][] {
    return this.volvo.requests.all;
  }

  async open(): Promise<Product> {
    const product = new Product(await this.session.open());
    this.products.push(product);
    // The extension hosts started since the last call belong to it.
    for (const pid of await extensionHostPids(this.session.server.pid)) {
      if (!this.hosts.has(pid)) this.hosts.set(pid, product);
    }
    return product;
  }

  /** Connects in the first window, then opens two more and waits until all show its reading. */
  async connect(): Promise<void> {
    await this.products[0]!.connectByHand(this.volvo.issueTestToken().value);
    await until("two answers", () => this.requests.length >= 2);
    await this.open();
    await this.open();
    await this.untilAllShow("AC", 10 * secondMs);
  }

  /** Kills the extension host that asked last. Returns its process id. */
  async killLastAsker(): Promise<number> {
    this.killed = await this.lastAsker();
    const pid = (await this.senders.at(-1))!;
    process.kill(pid, "SIGKILL");
    return pid;
  }

  /** The window that sent the `index`-th request. */
  async asker(index: number): Promise<Product> {
    const pid = await this.senders[index];
    assert.ok(pid !== undefined, `request ${index} came from no extension host`);
    const product = this.hosts.get(pid) ?? this.killed!;
    this.hosts.set(pid, product);
    return product;
  }

  async lastAsker(): Promise<Product> {
    return this.asker(this.requests.length - 1);
  }

  async askersFrom(index: number): Promise<ReadonlySet<Product>> {
    const askers = new Set<Product>();
    for (let each = index; each < this.requests.length; each++) askers.add(await this.asker(each));
    return askers;
  }

  /** The time (ms) by which both cars are asked for again if the last asker is still open. */
  dueAt(): number {
    return this.requests.at(-1)!.at + 66 * secondMs;
  }

  async untilAllShow(word: string, limitMs: number): Promise<void> {
    await Promise.all(this.products.map(({ item }) => item.waitFor(({ text }) => text.includes(word), limitMs)));
  }
}

/** Asserts the requests of a single window with two cars at the shortest interval: each car every 60 to 66 s, and no others. */
export function assertCostOfOne(list: FrontDoorWindows["requests"]): void {
  for (const vin of [first, second]) {
    const times = list.filter((request) => request.kind === "energy-v2" && request.vin === vin).map(({ at }) => at);
    times.slice(1).forEach((at, index) => {
      const gapMs = at - times[index]!;
      // The previous answer and the timer may each add a moment.
      assert.ok(gapMs >= 60 * secondMs && gapMs < 68 * secondMs, `${gapMs} ms between two requests for ${vin}`);
    });
  }
  assert.ok(list.every(({ kind }) => kind === "energy-v2"));
}

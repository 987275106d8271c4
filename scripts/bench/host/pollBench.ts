import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { Agent, request } from "undici";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { dayMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { Redactor } from "../../../src/base/log";
import { createCore } from "../../../src/core";
import { createStateFolder } from "../../../src/host/stateFolder";
import { parseSettings } from "../../../src/settings";
import { corePicture } from "../../../src/views/corePicture";
import { Painter } from "../../../src/views/painter";
import { CountedViews } from "./countedViews";
import { SteppedClock } from "./steppedClock";

export interface PollConfig {
  /** The product's, `fetch`'s and undici's. */
  readonly origins: readonly string[];
  readonly apiKey: string;
  readonly accessToken: string;
  readonly vins: readonly string[];
  readonly rounds: number;
}

/** Durations in ms, one per round. */
export interface PollMeasurements {
  readonly cars: number;
  readonly product: readonly number[];
  readonly fetch: readonly number[];
  readonly undici: readonly number[];
  /** CPU of the host per poll, in ms, writing included. */
  readonly productCpuMs: number;
  readonly fetchCpuMs: number;
  /** What stays on the heap after all rounds, in bytes. */
  readonly heapGrowth: number;
  /** Assigned to VS Code per poll that brought nothing new, by name. */
  readonly assigned: Readonly<Record<string, number>>;
  readonly assignedEqual: number;
}

const inFlight = 4;
/** By then what a poll leaves behind is written. */
const settleMs = 250;
const warmUps = 5;

/** The product's whole path from schedule to painted view beside plain requests for the same, in this host. */
export class Bench {
  private readonly agent = new Agent({ connections: inFlight });

  private constructor(
    private readonly config: PollConfig,
    private readonly clock: SteppedClock,
    private readonly core: ReturnType<typeof createCore>,
    private readonly views: CountedViews,
    private readonly painter: Painter,
    private readonly folder: string,
  ) {}

  static async start(config: PollConfig): Promise<Bench> {
    const { apiKey, accessToken, vins } = config;
    const [origin = ""] = config.origins;
    const clock = new SteppedClock();
    const redactor = new Redactor();
    const secrets = new Map<string, string>([
      [secretKeys.apiKey, JSON.stringify({ origin, value: apiKey })],
      [secretKeys.grant, JSON.stringify({ kind: "testToken", origin, accessToken })],
    ]);
    // Names are given, so that no request is for anything but a reading.
    const vehicles = vins.map((vin, index) => ({ vin, name: `Car ${index + 1}` }));
    const raw: Readonly<Record<string, unknown>> = {
      vehicles,
      "api.baseUrl": origin,
      apiVersion: "v2",
      dailyCallBudget: 10_000,
      refreshInterval: 3600,
    };
    const settings = { current: parseSettings((key) => raw[key]), onDidChange: new Emitter<never>().event };
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-poll-"));
    const silent = () => undefined;
    const focus = { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event };
    const core = createCore({
      clock,
      redactor,
      log: { trace: silent, debug: silent, info: silent, warn: console.warn, error: console.error },
      fetch: (url, init) => globalThis.fetch(url, init),
      credentials: new CredentialStore({
        secrets: {
          get: (key) => Promise.resolve(secrets.get(key)),
          store: () => Promise.resolve(),
          delete: () => Promise.resolve(),
          onDidChange: new Emitter<string>().event,
        },
        mark: { isSet: () => Promise.resolve(false), set: () => Promise.resolve() },
        clock,
        redactor,
      }),
      settings,
      focus,
      random: () => 0.5,
      windows: {
        folder: createStateFolder(folder),
        alive: () => Promise.resolve(),
        isWanted: () => false,
        // The lease's own work belongs to what an idle window costs.
        times: { heartbeatMs: dayMs, staleMs: 3 * dayMs },
      },
    });
    const views = new CountedViews();
    const painter = new Painter(
      {
        clock,
        picture: () => corePicture(core, clock.now()),
        // Without focus no age ticks: what is painted is painted for the poll.
        focus: { isFocused: false },
        own: core,
        statusBar: views.statusBar,
        tree: views.tree,
        keys: views.keys,
      },
      [core.garage.onDidChange, core.session.onDidChange],
    );
    const bench = new Bench(config, clock, core, views, painter, folder);
    const first = bench.finished();
    core.start();
    await first;
    return bench;
  }

  async measure(): Promise<PollMeasurements> {
    const { vins, rounds } = this.config;
    const took = { product: [] as number[], fetch: [] as number[], undici: [] as number[] };
    const cpu = { product: 0, fetch: 0, undici: 0 };
    const ways = [
      ["product", () => this.poll()],
      ["fetch", () => this.concurrently(1, (url) => this.fetched(url))],
      ["undici", () => this.concurrently(2, (url) => this.requested(url))],
    ] as const;
    let heapBefore = 0;
    for (let round = -warmUps; round < rounds; round++) {
      if (round === 0) {
        heapBefore = await heap();
        this.views.assigned.clear();
        this.views.equal = 0;
      }
      for (const [name, way] of ways) {
        const before = process.cpuUsage();
        const ms = await way();
        await new Promise((resolve) => setTimeout(resolve, settleMs));
        const { user, system } = process.cpuUsage(before);
        if (round < 0) continue;
        took[name].push(ms);
        cpu[name] += (user + system) / 1000;
      }
    }
    const assigned = [...this.views.assigned].map(([name, count]) => [name, count / rounds] as const);
    return {
      cars: vins.length,
      ...took,
      productCpuMs: cpu.product / rounds,
      fetchCpuMs: cpu.fetch / rounds,
      heapGrowth: (await heap()) - heapBefore,
      assigned: Object.fromEntries(assigned),
      assignedEqual: this.views.equal,
    };
  }

  async close(): Promise<void> {
    await this.core.finish();
    this.painter.dispose();
    this.core.dispose();
    this.views.dispose();
    await this.agent.close();
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** From the moment at which the schedule says so to the view that shows what came of it. */
  private async poll(): Promise<number> {
    const { nextCheckAt } = this.core.garage.current;
    if (nextCheckAt === undefined) throw new Error("No check is planned");
    const done = this.finished();
    const from = performance.now();
    this.clock.leapTo(nextCheckAt);
    return (await done) - from;
  }

  /** When the batch that is to come has ended and was painted. */
  private finished(): Promise<number> {
    const { garage } = this.core;
    return new Promise((resolve) => {
      let wasChecking = false;
      const subscription = garage.onDidChange(({ checking }) => {
        if (wasChecking && checking.length === 0) {
          subscription.dispose();
          // The painter has asked for its turn before.
          queueMicrotask(() => resolve(performance.now()));
        }
        wasChecking = checking.length > 0;
      });
    });
  }

  private async concurrently(server: 1 | 2, ask: (url: string) => Promise<unknown>): Promise<number> {
    const { origins, vins } = this.config;
    const urls = vins.map((vin) => `${origins[server] ?? ""}/energy/v2/vehicles/${vin}/state`);
    const from = performance.now();
    const work = async () => {
      for (let url = urls.shift(); url !== undefined; url = urls.shift()) await ask(url);
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return performance.now() - from;
  }

  private get headers(): Record<string, string> {
    const { accessToken, apiKey } = this.config;
    return { accept: "application/json", authorization: `Bearer ${accessToken}`, "vcc-api-key": apiKey };
  }

  private async fetched(url: string): Promise<unknown> {
    return (await fetch(url, { headers: this.headers })).json();
  }

  private async requested(url: string): Promise<unknown> {
    const { body } = await request(url, { headers: this.headers, dispatcher: this.agent });
    return body.json();
  }
}

/** Bytes in use after a full collection. */
async function heap(): Promise<number> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

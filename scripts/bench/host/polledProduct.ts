import { limitedFolder } from "../../../src/windows/limitedFolder";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { dayMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { Redactor } from "../../../src/base/redactor";
import { createCore } from "../../../src/core/core";
import { createStateFolder } from "../../../src/host/stateFolder";
import { parseSettings } from "../../../src/settings/settings";
import { coreViewState } from "../../../src/host/coreViewState";
import { Painter } from "../../../src/views/painter";
import { FolderCalls } from "./folderCalls";
import { CountedViews } from "./countedViews";
import { SteppedClock } from "./steppedClock";

const limitMs = 60_000;
/** After this time the writes of a poll are finished. */
export const settleMs = 250;

export interface ProductConfig {
  readonly origin: string;
  readonly apiKey: string;
  readonly accessToken: string;
  readonly vins: readonly string[];
}

/** The product from schedule to view. The bench triggers its checks. */
export class PolledProduct {
  readonly views = new CountedViews();
  readonly folderCalls = new FolderCalls();
  private readonly clock = new SteppedClock();
  private readonly repaint = new Emitter<void>();
  private readonly core: ReturnType<typeof createCore>;
  private readonly painter: Painter;

  private constructor(
    config: ProductConfig,
    private readonly folder: string,
  ) {
    const { clock } = this;
    this.core = createPolledCore(config, clock, this.folderCalls.of(createStateFolder(folder)));
    this.painter = new Painter(
      {
        clock,
        viewState: () => coreViewState(this.core, clock.now()),
        isChecking: () => this.core.carStore.current.checking.length > 0,
        // Without focus no age ticks, so every paint belongs to a poll.
        focus: { isFocused: false },
        own: this.core,
        statusBar: this.views.statusBar,
        tree: this.views.tree,
        keys: this.views.keys,
      },
      [this.core.carStore.onDidChange, this.core.session.onDidChange, this.repaint.event],
    );
  }

  /** Resolves after the first reading of all cars. */
  static async start(config: ProductConfig): Promise<PolledProduct> {
    const product = new PolledProduct(config, await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-poll-")));
    const first = product.finished();
    product.core.start();
    await first;
    // The turn ends with a write, which would time out if the clock leaped now.
    await delay(settleMs);
    return product;
  }

  /** Runs one check. Resolves with the time (ms) from its due time to the painted view. */
  async poll(): Promise<number> {
    const { nextCheckAt } = this.core.carStore.current;
    if (nextCheckAt === undefined) throw new Error("No check is planned");
    await this.clock.walkTo(nextCheckAt, () => this.folderCalls.idle());
    const done = this.finished();
    const from = performance.now();
    this.clock.leapTo(nextCheckAt);
    return (await done) - from;
  }

  /** Repaints the unchanged state. */
  async paintAgain(): Promise<void> {
    this.repaint.fire();
    await Promise.resolve();
  }

  async close(): Promise<void> {
    await this.core.finish();
    this.painter.dispose();
    this.core.dispose();
    this.views.dispose();
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Resolves with the moment at which the next batch was painted, once the check after it is planned. */
  private finished(): Promise<number> {
    const { carStore } = this.core;
    return new Promise((resolve, reject) => {
      let wasChecking = false;
      let paintedAt: number | undefined;
      const limit = setTimeout(() => reject(new Error(`A poll took more than ${limitMs / 1000} s`)), limitMs);
      const subscription = carStore.onDidChange(({ checking, nextCheckAt = 0 }) => {
        if (wasChecking && checking.length === 0) {
          // The painter has queued its microtask before this one.
          queueMicrotask(() => (paintedAt ??= performance.now()));
        }
        wasChecking = checking.length > 0;
        if (paintedAt === undefined || nextCheckAt <= this.clock.now()) return;
        subscription.dispose();
        clearTimeout(limit);
        resolve(paintedAt);
      });
    });
  }
}

function createPolledCore(
  { origin, apiKey, accessToken, vins }: ProductConfig,
  clock: SteppedClock,
  folder: ReturnType<typeof createStateFolder>,
): ReturnType<typeof createCore> {
  const redactor = new Redactor();
  const secrets = new Map<string, string>([
    [secretKeys.apiKey, JSON.stringify({ origin, value: apiKey })],
    [secretKeys.grant, JSON.stringify({ kind: "testToken", origin, accessToken })],
  ]);
  const raw: Readonly<Record<string, unknown>> = {
    // Given names avoid requests other than readings.
    vehicles: vins.map((vin, index) => ({ vin, name: `Car ${index + 1}` })),
    "api.baseUrl": origin,
    apiVersion: "v2",
    dailyCallBudget: 10_000,
    // Short, because each step of the clock takes time, but within the budget of the day: at its edge the interval
    // changes when the clock passes midnight.
    refreshInterval: Math.max(120, 9 * vins.length),
  };
  const silent = () => undefined;
  return createCore({
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
    settings: { current: parseSettings((key) => raw[key]), onDidChange: new Emitter<never>().event },
    focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
    random: () => 0.5,
    windows: {
      folder: limitedFolder(folder, clock),
      alive: () => Promise.resolve(),
      isWanted: () => false,
      // The lock has no heartbeats here. They are not part of the cost of a poll, and after a leap of the clock a late
      // heartbeat would look like a wake-up from sleep, after which the product waits.
      times: { heartbeatMs: 1_000 * dayMs, staleMs: 3_000 * dayMs },
    },
  });
}

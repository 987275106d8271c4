import { appendFileSync } from "node:fs";
import { heapInUse } from "../../../scripts/bench/host/heap";
import { CredentialStore, type SecretStore } from "../../../src/auth/credentialStore";
import { createGenerationFence } from "../../../src/auth/generationFence";
import { createVolvoIdServer } from "../../../src/auth/volvoIdServer";
import { type Clock, systemClock } from "../../../src/base/clock";
import type { Disposable } from "../../../src/base/disposable";
import { Emitter } from "../../../src/base/event";
import { Redactor } from "../../../src/base/redactor";
import { createCore } from "../../../src/core/core";
import { createStateFolder } from "../../../src/host/stateFolder";
import { parseSettings } from "../../../src/settings/settings";
import { limitedFolder } from "../../../src/windows/limitedFolder";
import { origin, vinAt } from "./computer";

/** The start options of a process, from its parent, which plays VS Code. */
export interface ProcessStart {
  readonly folder: string;
  readonly requestLog: string;
  readonly heartbeatMs: number;
  readonly issuer: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** It refreshes only on the parent's order; otherwise it constantly refreshes one of the cars. */
  readonly refreshesOnOrder?: boolean;
  readonly isFocused?: boolean;
  /** The setting, in seconds. */
  readonly refreshInterval?: number;
  /** The user's clock minus the computer's (ms). */
  readonly clockByMs?: number;
}

/** A regular report of the process to its parent. */
export interface ProcessReport {
  readonly readings: number;
  readonly session: string;
  /** The time of the reading that it shows of each car (ms); 0 without one. */
  readonly shown: readonly number[];
}

/** A stored secret. The process sends it to its parent, which writes it and sends it to the other processes. */
export interface StoredSecret {
  readonly key: string;
  readonly value: string;
}

/** The heap in use of the process (bytes), sent on request. */
export interface HeapReport {
  readonly heap: number;
}

/** An order from the parent: refresh, report the heap, set the clock, or take over a secret of another process. */
export type Order = "refresh" | "heap" | { readonly clockByMs: number } | StoredSecret;

/** A line of the request log. */
export interface LoggedRequest {
  readonly at: number;
  readonly pid: number;
  readonly vin: string;
}

const cars = 12;

/** Secrets as in desktop VS Code: each window has a copy, and the main process writes them. */
function copyOfSecrets(start: Readonly<Record<string, string>>): SecretStore {
  const copy = new Map(Object.entries(start));
  const changed = new Emitter<string>();
  const put = ({ key, value }: StoredSecret) => {
    copy.set(key, value);
    changed.fire(key);
  };
  process.on("message", (order: Order) => {
    if (typeof order === "object" && "key" in order) put(order);
  });
  return {
    get: (key) => Promise.resolve(copy.get(key)),
    store: async (key, value) => {
      process.send?.({ key, value } satisfies StoredSecret);
      put({ key, value });
      await Promise.resolve();
    },
    delete: () => Promise.reject(new Error("Deletion is not supported here")),
    onDidChange: changed.event,
  };
}

/** The user's clock, which can be set. Timers follow the computer's clock. */
class UsersClock implements Clock {
  constructor(private byMs: number) {}

  now(): number {
    return systemClock.now() + this.byMs;
  }

  after(delayMs: number, action: () => void): Disposable {
    return systemClock.after(delayMs, action);
  }

  set(byMs: number): void {
    this.byMs += byMs;
  }
}

/** An extension host without VS Code: the product on a real folder, with made-up answers of Volvo. */
function main(given: ProcessStart): void {
  const { folder, requestLog, heartbeatMs, issuer, secrets, refreshesOnOrder = false, isFocused = true } = given;
  const { refreshInterval, clockByMs = 0 } = given;
  const clock = new UsersClock(clockByMs);
  const redactor = new Redactor();
  const state = createStateFolder(folder);
  const vehicles = Array.from({ length: cars }, (_, index) => vinAt(index));
  const raw: Readonly<Record<string, unknown>> = {
    vehicles,
    "api.baseUrl": origin,
    "auth.issuer": issuer,
    refreshInterval,
  };
  const settings = parseSettings((key) => raw[key]);
  const server = createVolvoIdServer({
    fetch: (url, init) => fetch(url, init),
    clock,
    redactor,
  });
  const silent = () => undefined;
  const core = createCore({
    clock,
    log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    redactor,
    fetch: async (url) => {
      const vin = /vehicles\/(\w+)/.exec(url)?.[1] ?? "";
      const request: LoggedRequest = { at: Date.now(), pid: process.pid, vin };
      if (url.includes("/energy/")) appendFileSync(requestLog, `${JSON.stringify(request)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
      const updatedAt = new Date().toISOString();
      const member = (value: string) => ({ status: "OK", value, updatedAt });
      return new Response(JSON.stringify({ chargerConnectionStatus: member("CONNECTED"), chargingType: member("AC") }));
    },
    credentials: new CredentialStore({
      secrets: copyOfSecrets(secrets),
      mark: { isSet: () => Promise.resolve(false), set: () => Promise.resolve() },
      clock,
      redactor,
    }),
    volvoId: {
      fence: createGenerationFence(state.folder("refresh"), clock),
      endpoint: server,
    },
    settings: { current: settings, onDidChange: new Emitter<typeof settings>().event },
    focus: { isFocused, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
    random: Math.random,
    windows: {
      folder: limitedFolder(state, clock),
      alive: () => Promise.resolve(),
      isWanted: () => false,
      times: { heartbeatMs, staleMs: 3 * heartbeatMs },
    },
  });
  core.start();
  const report = () => {
    const { carStore, session } = core;
    const current: ProcessReport = {
      readings: carStore.current.cars.filter((car) => car.reading).length,
      session: session.current.kind,
      shown: carStore.current.cars.map((car) => car.reading?.fetchedAt ?? 0),
    };
    process.send?.(current);
  };
  setInterval(report, 50);
  const refreshOne = () => {
    const car = core.carStore.current.cars[Math.floor(Math.random() * cars)];
    if (car) void core.polling.refresh([car.vin]);
  };
  if (!refreshesOnOrder) setInterval(refreshOne, 150);
  process.on("message", (order: Order) => {
    if (order === "refresh") refreshOne();
    else if (order === "heap") void heapInUse().then((heap) => process.send?.({ heap } satisfies HeapReport));
    else if ("clockByMs" in order) clock.set(order.clockByMs);
  });
  process.on("disconnect", () => process.exit());
}

const [start] = process.argv.slice(2);
if (start !== undefined) main(JSON.parse(start) as ProcessStart);

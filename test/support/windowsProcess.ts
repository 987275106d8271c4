import { appendFileSync } from "node:fs";
import { CredentialStore, secretKeys } from "../../src/auth/credentialStore";
import { systemClock } from "../../src/base/clock";
import { Emitter } from "../../src/base/event";
import { Redactor } from "../../src/base/log";
import { createCore } from "../../src/core";
import { createStateFolder } from "../../src/host/stateFolder";
import { parseSettings } from "../../src/settings";
import { vinAt } from "./windowsComputer";

/** What the process tells its parent, as lines of JSON. */
export interface ProcessReport {
  readonly role: string | undefined;
  readonly readings: number;
}

/** A line of the log of requests. */
export interface LoggedRequest {
  readonly at: number;
  readonly pid: number;
  readonly vin: string;
}

const origin = "https://volvo.test";
const cars = 12;

/** An extension host without VS Code: the product on a real folder, with Volvo's answers made up on the spot. */
function main(folder: string, requestLog: string, heartbeatMs: number): void {
  const redactor = new Redactor();
  const secrets = new Map<string, string>([
    [secretKeys.apiKey, JSON.stringify({ origin, value: "key" })],
    [secretKeys.grant, JSON.stringify({ kind: "testToken", origin, accessToken: "token" })],
  ]);
  const vehicles = Array.from({ length: cars }, (_, index) => vinAt(index));
  const settings = parseSettings((key) => (({ vehicles, "api.baseUrl": origin }) as Record<string, unknown>)[key]);
  const silent = () => undefined;
  const core = createCore({
    clock: systemClock,
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
      secrets: {
        get: (key) => Promise.resolve(secrets.get(key)),
        store: () => Promise.resolve(),
        delete: () => Promise.resolve(),
        onDidChange: new Emitter<string>().event,
      },
      mark: { isSet: () => Promise.resolve(false), set: () => Promise.resolve() },
      clock: systemClock,
      redactor,
    }),
    settings: { current: settings, onDidChange: new Emitter<typeof settings>().event },
    focus: { isFocused: true, lastFocusedAt: () => Date.now(), onDidChange: new Emitter<boolean>().event },
    random: Math.random,
    windows: {
      folder: createStateFolder(folder),
      alive: () => Promise.resolve(),
      isWanted: () => false,
      times: { heartbeatMs, staleMs: 3 * heartbeatMs },
    },
  });
  core.start();
  const report = () => {
    const { poller, garage } = core;
    const told: ProcessReport = {
      role: poller.role,
      readings: garage.current.cars.filter((car) => car.reading).length,
    };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  };
  setInterval(report, 50);
  setInterval(() => {
    const car = core.garage.current.cars[Math.floor(Math.random() * cars)];
    if (car) void core.poller.refresh([car.vin]);
  }, 150);
  process.stdin.resume();
  process.stdin.on("end", () => process.exit());
}

const [folder, requestLog, heartbeatMs] = process.argv.slice(2);
if (folder !== undefined && requestLog !== undefined) main(folder, requestLog, Number(heartbeatMs));

import { CredentialStore, secretKeys } from "../auth/credentialStore";
import { secondMs } from "../base/clock";
import { Emitter } from "../base/event";
import { checkVin } from "../charging/vin";
import { type CorePorts, createCore, type Observable } from "../core/core";
import { carIdOf, idSaltFile } from "../history/carIds";
import { type HistoryFolder, memoryFolder } from "../history/historyFolder";
import { headLine, monthFile, monthOf } from "../history/rows";
import type { Settings } from "../settings/settings";
import type { DemoWorld } from "../simulator/demo";
import type { StartableCore } from "./demoSwitch";
import type { ConfiguredCar } from "../charging/car";
import type { Fetch } from "../volvo/transport";

/** A user who watches the demo sees each change within 15 s. */
const demoIntervalMs = 12 * secondMs;

/** The same core with simulated cars. Its credentials and settings never leave this process. */
export function createDemoCore(
  world: DemoWorld,
  ports: Omit<CorePorts, "fetch" | "credentials" | "historyFolder">,
): StartableCore {
  const { origin } = new URL(world.baseUrl);
  const secrets = new Map<string, string>([
    [secretKeys.apiKey, JSON.stringify({ origin, value: world.apiKey })],
    [secretKeys.grant, JSON.stringify({ kind: "testToken", origin, accessToken: world.accessToken })],
  ]);
  const credentials = new CredentialStore({
    secrets: {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
      onDidChange: new Emitter<string>().event,
    },
    mark: { isSet: () => Promise.resolve(false), set: () => Promise.resolve() },
    clock: ports.clock,
    redactor: ports.redactor,
  });
  const fetch: Fetch = (url, init) => world.fetch(url, init);
  const settings = demoSettings(world, ports.settings);
  return createCore({
    ...ports,
    fetch,
    credentials,
    settings,
    historyFolder: demoHistory(world, ports.clock.now()),
    isDemo: true,
  });
}

/** The history of the simulated cars for the month before `now` (ms since the epoch), in memory. */
function demoHistory(world: DemoWorld, now: number): HistoryFolder {
  const salt = "0".repeat(64);
  const files = new Map([[idSaltFile, salt]]);
  for (const { vin } of world.vehicles) {
    const check = checkVin(vin);
    if (check.kind !== "valid") continue;
    for (const row of world.rowsUntil(vin, now)) {
      const path = `${carIdOf(salt, check.vin)}/${monthFile(monthOf(row.t))}`;
      files.set(path, `${files.get(path) ?? `${headLine}\n`}${JSON.stringify(row)}\n`);
    }
  }
  return memoryFolder(files);
}

function demoSettings(world: DemoWorld, settings: Observable<Settings>): Observable<Settings> {
  const vehicles = world.vehicles.flatMap(({ vin, ...car }): ConfiguredCar[] => {
    const check = checkVin(vin);
    return check.kind === "valid" ? [{ vin: check.vin, ...car }] : [];
  });
  const adapt = (real: Settings): Settings => ({
    ...real,
    vehicles,
    baseUrl: world.baseUrl,
    refreshIntervalMs: demoIntervalMs,
    // Simulated calls are free, so no budget lengthens the interval.
    dailyCallBudget: Infinity,
    faults: [],
  });
  return {
    get current() {
      return adapt(settings.current);
    },
    onDidChange: (listener) => settings.onDidChange((real) => listener(adapt(real))),
  };
}

import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { type Clock, secondMs, systemClock } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { Redactor } from "../../../src/base/redactor";
import { createCore } from "../../../src/core/core";
import { shownCar } from "../product/shownCar";
import { viewStateOf } from "../../../src/present/viewState";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import type { FaultName } from "../../../src/simulator/faults/faults";
import { startSimulatorServer } from "../../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import type { Fetch } from "../../../src/volvo/transport";
import { SecretWorld } from "../auth/secrets";

export const vin = "YV1S1MEX30A000001";
const factor = 20;

/** A clock twenty times faster than real time: 30 s of waiting take 1.5 s, without effect on the sockets. */
export function fastClock(): Clock {
  const startedAt = Date.now();
  return {
    now: () => startedAt + (Date.now() - startedAt) * factor,
    after: (delayMs, action) => systemClock.after(delayMs / factor, action),
  };
}

export function aVolvo(clock: Clock): SimulatedVolvo {
  const volvo = new SimulatedVolvo(clock, { cars: [{ vin, model: "EX30", modelYear: 2025 }] });
  volvo.car(vin).set("ac");
  return volvo;
}

export interface Seen {
  readonly connection: string | undefined;
  readonly problem: string | undefined;
  /** The displayed text; empty without a problem. */
  readonly sentence: string;
}

/** The product without an editor, polling one car at `baseUrl` with `fetch`. */
export class NetworkProduct {
  private readonly core: ReturnType<typeof createCore>;
  private readonly settings: Settings;

  constructor(
    baseUrl: string,
    fetch: Fetch,
    readonly clock: Clock,
    accessToken: string,
  ) {
    const values: Readonly<Record<string, unknown>> = {
      vehicles: [{ vin, name: "EX30" }],
      apiVersion: "v2",
      "api.baseUrl": baseUrl,
    };
    this.settings = parseSettings((key) => values[key]);
    const { origin } = new URL(baseUrl);
    const secrets = new SecretWorld(clock);
    secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin, value: defaultApiKey }));
    secrets.disk.set(secretKeys.grant, JSON.stringify({ kind: "testToken", origin, accessToken }));
    const redactor = new Redactor();
    const silent = () => undefined;
    this.core = createCore({
      clock,
      redactor,
      log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
      fetch,
      credentials: new CredentialStore({
        secrets: secrets.open(),
        mark: { isSet: () => Promise.resolve(true), set: () => Promise.resolve() },
        clock,
        redactor,
      }),
      settings: { current: this.settings, onDidChange: new Emitter<Settings>().event },
      focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
      random: () => 0,
    });
  }

  /** The visible state after the first check. */
  async firstCheck(): Promise<Seen> {
    const done = this.nextCheck();
    this.core.start();
    await done;
    return this.seen();
  }

  /** The visible state after a manual refresh, as soon as one is allowed. */
  async secondCheck(): Promise<Seen> {
    await new Promise<void>((resolve) => void this.clock.after(11 * secondMs, resolve));
    await this.core.polling.refresh();
    return this.seen();
  }

  dispose(): void {
    this.core.dispose();
  }

  private nextCheck(): Promise<void> {
    let wasChecking = false;
    return new Promise((resolve) => {
      this.core.carStore.onDidChange(({ checking }) => {
        if (wasChecking && checking.length === 0) resolve();
        wasChecking = checking.length > 0;
      });
    });
  }

  private seen(): Seen {
    const [car] = this.core.carStore.current.cars;
    const { sentence } = shownCar(viewStateOf(this.core, this.clock.now(), { language: "en", timeZone: "UTC" }));
    return {
      connection: car?.reading?.connection.value.kind,
      problem: car?.problem?.kind,
      sentence,
    };
  }
}

/** The visible state of a car read once without a fault and then affected by `fault`, over a real socket. */
export async function seenWith(fault: FaultName, fetch: Fetch): Promise<Seen> {
  const clock = fastClock();
  const volvo = aVolvo(clock);
  const server = await startSimulatorServer(volvo);
  const product = new NetworkProduct(server.origin, fetch, clock, volvo.issueTestToken({ lifetimeMs: Infinity }).value);
  try {
    const first = await product.firstCheck();
    if (first.problem !== undefined) throw new Error(`The first check gave ${JSON.stringify(first)}`);
    volvo.faults.inject(fault);
    return await product.secondCheck();
  } finally {
    product.dispose();
    await server.close();
  }
}

import http from "node:http";
import { dayMs, minuteMs, systemClock } from "../../src/base/clock";
import { startSimulatorServer } from "../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import type { Served } from "./simulator";

// `simulatorProcess.js CARS DELAY`: a simulated Volvo without limits in a separate process for the benchmark, served at
// three origins, with DELAY ms before each answer. Prints one line of JSON at the start, and the load of each origin
// for each line of input. Exits when its input ends.

const origins = 3;

/** Counts the load of each server that starts from now on, in this order, and delays all their answers. */
function countServed(delayMs: number): readonly Served[] {
  const all: { connections: number; requests: number }[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the original server as `this`
  const listen = http.Server.prototype.listen;
  http.Server.prototype.listen = function (this: http.Server, ...parameters: unknown[]) {
    const served = { connections: 0, requests: 0 };
    all.push(served);
    this.on("connection", () => served.connections++);
    this.on("request", () => served.requests++);
    const emit = this.emit.bind(this) as (event: string, ...values: unknown[]) => boolean;
    this.emit = ((event: string, ...values: unknown[]) => {
      if (event !== "request" || delayMs === 0) return emit(event, ...values);
      setTimeout(() => emit(event, ...values), delayMs);
      return true;
    }) as typeof this.emit;
    // With Node's default of 5 s the server would close connections that a gateway keeps open.
    this.keepAliveTimeout = 2 * minuteMs;
    return Reflect.apply(listen, this, parameters) as http.Server;
  } as typeof listen;
  return all;
}

async function main(): Promise<void> {
  const cars = Array.from({ length: Number(process.argv[2]) }, (_, index) => ({
    vin: `YV1TEST${String(index + 1).padStart(10, "0")}`,
    model: "EX30",
    modelYear: 2024,
  }));
  const volvo = new SimulatedVolvo(systemClock, { cars, longestRequestLog: 100 });
  for (const car of volvo.cars) car.set({ state: "ac", measuredAtMs: Date.now() - 12 * minuteMs });
  const served = countServed(Number(process.argv[3] ?? 0));
  const servers = [];
  for (let count = 0; count < origins; count++) servers.push(await startSimulatorServer(volvo));
  const ready = {
    origins: servers.map(({ origin }) => origin),
    accessToken: volvo.issueTestToken({ lifetimeMs: dayMs }).value,
    apiKey: defaultApiKey,
    vins: volvo.cars.map(({ vin }) => vin),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.stdin.on("data", () => process.stdout.write(`${JSON.stringify(served)}\n`));
  process.stdin.on("end", () => process.exit());
}

void main();

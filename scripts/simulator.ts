import { parseArgs } from "node:util";
import { dayMs, hourMs, minuteMs, systemClock } from "../src/base/clock";
import { controlPath } from "../src/simulator/control";
import { startSimulatorServer } from "../src/simulator/server";
import { defaultApiKey, SimulatedVolvo } from "../src/simulator/simulatedVolvo";

// `npm run simulator [-- --port N]`: runs a simulated Volvo for development on a local port until Ctrl+C.

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  const now = systemClock.now();
  const volvo = new SimulatedVolvo(systemClock, {
    cars: [
      { vin: "YV1S1MEX30A000001", model: "EX30", modelYear: 2025, fuelType: "NONE", batteryKwh: 66 },
      { vin: "YV1S1MEX90A000002", model: "EX90", modelYear: 2025, fuelType: "ELECTRIC", batteryKwh: 107 },
      { vin: "YV1S1MEC40A000003", model: "EC40", modelYear: 2024, fuelType: "ELECTRIC", batteryKwh: 79 },
    ],
  });
  const [ac, dc, unplugged] = volvo.cars;
  ac?.set({ state: "ac", measuredAtMs: now - 12 * minuteMs, batteryLevel: 58 });
  dc?.set({ state: "dc", measuredAtMs: now - 3 * minuteMs, batteryLevel: 41 });
  unplugged?.set({ state: "disconnected", measuredAtMs: now - 5 * hourMs, batteryLevel: 73 });
  const accessToken = volvo.issueTestToken({ lifetimeMs: 365 * dayMs }).value;

  const server = await startSimulatorServer(volvo, {
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  const { origin } = server;
  const vins = volvo.cars.map((car) => car.vin);
  const { clientId, clientSecret, redirectUris } = volvo.volvoId.options;
  const ready = {
    origin,
    apiKey: defaultApiKey,
    accessToken,
    vins,
    control: `${origin}${controlPath}`,
    signIn: { issuer: origin, clientId, clientSecret, redirectUris },
  };
  process.stdout.write(`READY ${JSON.stringify(ready)}\n`);

  const stop = () => {
    void server.close();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

import assert from "node:assert/strict";
import { CredentialStore, secretKeys } from "../../src/auth/credentialStore";
import { dayMs, secondMs } from "../../src/base/clock";
import { Emitter } from "../../src/base/event";
import { Redactor } from "../../src/base/redactor";
import { settingDefaults, type SettingKey } from "../../src/contributions";
import { createConnectionTest, type TestConnection } from "../../src/connectionTest/connectionTest";
import { createCore } from "../../src/core/core";
import type { ConnectionResult } from "../../src/connectionTest/resultText";
import { parseSettings } from "../../src/settings/settings";
import type { NewAccessToken } from "../../src/simulator/api/accessTokens";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo, type SimulatedVolvoOptions } from "../../src/simulator/simulatedVolvo";
import { RecordingLog, vinNumber } from "../support/builders/builders";
import { neverAborted } from "../support/builders/transport";
import { FakeClock } from "../support/fakeClock";

const [first, second, stranger] = [vinNumber(1), vinNumber(2), vinNumber(99)] as const;
/** The cars have user-defined names, so no model look-up is requested. */
const named = [
  { vin: first, name: "Astrid" },
  { vin: second, name: "Birger" },
];
const issuer = settingDefaults["auth.issuer"];

interface Scene extends SimulatedVolvoOptions {
  readonly settings?: Readonly<Partial<Record<SettingKey, unknown>>>;
  readonly vehicles?: readonly unknown[];
  /** `null` means that none is stored. */
  readonly key?: string | null;
  readonly token?: NewAccessToken | string | null;
  readonly volvoId?: never;
  readonly signedIn?: boolean;
  /** No server listens on this port. */
  readonly offline?: boolean;
}

/** The product without an editor, against the simulator over real sockets, on a fake clock. */
class World {
  private constructor(
    readonly clock: FakeClock,
    readonly volvo: SimulatedVolvo,
    private readonly server: SimulatorServer,
    private readonly run: TestConnection,
    private readonly dispose: () => void,
  ) {}

  static async start(scene: Scene = {}): Promise<World> {
    const clock = new FakeClock();
    const cars = [first, second].map((vin) => ({ vin, model: "EX30", modelYear: 2025 }));
    const volvo = new SimulatedVolvo(clock, { cars, ...scene });
    const server = await startSimulatorServer(volvo);
    const { origin } = server;
    if (scene.offline) await server.close();
    const secrets = new Map<string, string>();
    if (scene.key !== null) {
      secrets.set(secretKeys.apiKey, JSON.stringify({ origin, value: scene.key ?? defaultApiKey }));
    }
    if (scene.token !== null) {
      const { token = {} } = scene;
      const accessToken =
        typeof token === "string" ? token : volvo.issueTestToken({ lifetimeMs: dayMs, ...token }).value;
      const ids = { clientId: "c", clientSecret: "s", signInId: "i", generation: 1, refreshToken: "r", label: "" };
      const volvoId = { kind: "volvoId", issuer, ...ids, expiresAt: clock.now() + dayMs, scopes: [] };
      secrets.set(
        secretKeys.grant,
        JSON.stringify({ ...(scene.signedIn ? volvoId : { kind: "testToken" }), origin, accessToken }),
      );
    }
    const raw: Partial<Record<SettingKey, unknown>> = {
      vehicles: scene.vehicles ?? named,
      "api.baseUrl": origin,
      ...scene.settings,
    };
    const settings = parseSettings((key) => raw[key] ?? settingDefaults[key]);
    const redactor = new Redactor();
    const core = createCore({
      clock,
      log: new RecordingLog(),
      redactor,
      fetch: (url, init) => fetch(url, init),
      credentials: new CredentialStore({
        secrets: {
          get: (name) => Promise.resolve(secrets.get(name)),
          store: () => Promise.resolve(),
          delete: () => Promise.resolve(),
          onDidChange: new Emitter<string>().event,
        },
        mark: { isSet: () => Promise.resolve(false), set: () => Promise.resolve() },
        clock,
        redactor,
      }),
      settings: { current: settings, onDidChange: new Emitter<typeof settings>().event },
      focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
      random: () => 0,
    });
    core.polling.on();
    const run = createConnectionTest(core, clock, { language: "en", timeZone: "UTC" });
    return new World(clock, volvo, server, run, () => core.dispose());
  }

  test(): Promise<ConnectionResult> {
    return this.run(neverAborted);
  }

  async close(): Promise<void> {
    this.dispose();
    await this.server.close();
  }
}

describe("Test Connection against the simulated Volvo", () => {
  let world: World;

  afterEach(() => world.close());

  async function result(scene: Scene = {}, prepare?: (volvo: SimulatedVolvo) => void): Promise<ConnectionResult> {
    world = await World.start(scene);
    prepare?.(world.volvo);
    return world.test();
  }

  /** Each part with its verdict, as a screen reader announces it. */
  const labels = ({ lines }: ConnectionResult) => lines.map(({ label }) => label);
  const line = ({ lines }: ConnectionResult, part: string) => {
    const found = lines.find((candidate) => candidate.part === part);
    assert.ok(found, part);
    return found;
  };
  const everythingWorks = [
    "VCC API key: OK",
    "Test token: OK",
    "Permission to read charging data: OK",
    "Permission to list cars: OK",
    "Volvo's service: OK",
    "Astrid: OK",
    "Birger: OK",
  ];

  it("needs no Volvo ID address with a test token", async () => {
    const found = await result({ settings: { "auth.issuer": "no address" } });
    assert.equal(found.summary, "Everything works.");
  });

  it("finds everything in order on v2 with one request per car and one for the list", async () => {
    const found = await result();
    assert.deepEqual(labels(found), everythingWorks);
    assert.equal(found.summary, "Everything works.");
    assert.equal(line(found, "Permission to read charging data").detail, "Available through Energy API v2.");
    assert.equal(line(found, "Permission to list cars").detail, "Cars in this account: 2");
    assert.deepEqual(
      world.volvo.requests.all.map(({ kind }) => kind),
      ["energy-v2", "energy-v2", "cars"],
    );
  });

  it("finds everything in order on v1 if v2 is not available", async () => {
    const found = await result({ availability: { "energy-v2": "off" } });
    assert.deepEqual(labels(found), everythingWorks);
    assert.equal(line(found, "Permission to read charging data").detail, "Available through Energy API v1.");
  });

  it("blames a wrong key, not the token", async () => {
    const found = await result({ key: "0".repeat(32) });
    assert.deepEqual(labels(found).slice(0, 3), [
      "VCC API key: failed",
      "Test token: not tested",
      "Permission to read charging data: not tested",
    ]);
    assert.equal(line(found, "VCC API key").action?.command, "volvoCharging.setApiKey");
    assert.equal(found.summary, "Failed: VCC API key");
  });

  it("reports a valid key that was refused once if another request with it succeeded", async () => {
    const found = await result({}, (volvo) => volvo.faults.inject({ name: "valid-key-refused", times: 1 }));
    assert.equal(line(found, "VCC API key").label, "VCC API key: refused once");
    assert.equal(line(found, "Test token").label, "Test token: OK");
  });

  it("blames a wrong or expired token, not the key", async () => {
    const found = await result({ token: "not-a-token-of-volvos" });
    assert.deepEqual(labels(found).slice(0, 4), [
      "VCC API key: OK",
      "Test token: failed",
      "Permission to read charging data: not tested",
      "Permission to list cars: not tested",
    ]);
    assert.equal(line(found, "Test token").action?.command, "volvoCharging.setAccessToken");
    assert.match(line(found, "Test token").detail, /30 minutes/);
  });

  it("accepts a token for the Energy API alone, which is enough", async () => {
    const found = await result({ token: { api: "energy-v2" } });
    assert.equal(line(found, "Test token").label, "Test token: OK");
    assert.equal(line(found, "Permission to list cars").label, "Permission to list cars: not granted (optional)");
    assert.match(line(found, "Permission to list cars").detail, /can't list your cars|isn't allowed to list cars/);
    assert.equal(found.summary, "Everything works.");
  });

  it("recognizes a token for another API", async () => {
    const found = await result({ token: { api: "connected-vehicle" } });
    assert.equal(line(found, "Test token").label, "Test token: failed");
    assert.match(line(found, "Test token").detail, /for a different API/);
    assert.equal(line(found, "Permission to list cars").label, "Permission to list cars: OK");
  });

  it("names the scope that a sign-in lacks", async () => {
    const found = await result({ signedIn: true, token: { scopes: ["openid", "conve:vehicle_relation"] } });
    assert.equal(line(found, "Sign-in with Volvo ID").label, "Sign-in with Volvo ID: OK");
    const energy = line(found, "Permission to read charging data");
    assert.equal(energy.label, "Permission to read charging data: failed");
    assert.match(energy.detail, /energy:state:read/);
    assert.equal(energy.action?.command, "volvoCharging.signIn");
    assert.equal(line(found, "Permission to list cars").label, "Permission to list cars: OK");
  });

  it("reports a car list that is not permitted although the cars can be read", async () => {
    const found = await result({ signedIn: true, token: { scopes: ["openid", "energy:state:read"] } });
    assert.equal(line(found, "Permission to read charging data").label, "Permission to read charging data: OK");
    assert.equal(line(found, "Permission to list cars").label, "Permission to list cars: not granted (optional)");
  });

  it("reports a car of another account and offers the account's own cars", async () => {
    const notMine = (volvo: SimulatedVolvo) =>
      void volvo.faults.inject({ name: "no-relationship-to-car", vin: stranger });
    const found = await result({ vehicles: [named[0], stranger] }, notMine);
    assert.deepEqual(labels(found).slice(5), ["Astrid: OK", "Volvo …0099: failed"]);
    const car = line(found, "Volvo …0099");
    assert.match(car.detail, /doesn't belong to the account/);
    assert.equal(car.action?.command, "volvoCharging.findVehicles");
  });

  it("reports a car that Volvo does not support", async () => {
    const found = await result({}, (volvo) => volvo.faults.inject({ name: "model-not-supported", vin: second }));
    assert.deepEqual(labels(found).slice(0, 3), everythingWorks.slice(0, 3));
    assert.equal(line(found, "Birger").label, "Birger: failed");
    assert.match(line(found, "Birger").detail, /this car model/);
  });

  it("reports that Volvo is unreachable, blames nothing else, and sends one request per car", async () => {
    const found = await result({ offline: true });
    assert.equal(found.summary, "Failed: Volvo's service");
    assert.equal(line(found, "VCC API key").label, "VCC API key: not tested");
    assert.equal(line(found, "Volvo's service").action?.command, "volvoCharging.testConnection");
  });

  it("reports a fault of the service", async () => {
    const found = await result({}, (volvo) => volvo.faults.inject({ name: "server-error" }));
    assert.equal(line(found, "Volvo's service").label, "Volvo's service: failed");
    assert.match(line(found, "Volvo's service").detail, /HTTP 5\d\d/);
  });

  it("shows when the quota is available again, and sends no further requests", async () => {
    const found = await result({ vehicles: [named[0]], limits: { perDay: 0 } });
    assert.equal(line(found, "Volvo's service").label, "Volvo's service: failed");
    assert.match(line(found, "Volvo's service").detail, /call quota is used up until/);
    assert.equal(world.volvo.requests.all.length, 1);
    await world.clock.advance(60 * secondMs);
    const again = await world.test();
    assert.match(line(again, "Volvo's service").detail, /call quota is used up until/);
    assert.equal(world.volvo.requests.all.length, 1);
  });

  it("stays within the user's call budget", async () => {
    const found = await result({ settings: { dailyCallBudget: 1 } });
    assert.equal(world.volvo.requests.all.length, 1);
    assert.equal(labels(found).filter((label) => label === "Astrid: OK").length, 1);
    const again = await world.test();
    assert.equal(world.volvo.requests.all.length, 1);
    assert.ok(again.lines.length > 0);
  });

  it("repeats no request within ten seconds, shows the earlier results instead, and requests again afterwards", async () => {
    const found = await result();
    await world.clock.advance(4 * secondMs);
    const again = await world.test();
    assert.deepEqual(labels(again), labels(found));
    assert.match(line(again, "Astrid").detail, /Checked 4 s ago/);
    assert.equal(world.volvo.requests.all.length, 3);
    await world.clock.advance(7 * secondMs);
    await world.test();
    assert.equal(world.volvo.requests.all.length, 6);
  });

  it("tests everything that is possible without a car, and shows the next step", async () => {
    const found = await result({ vehicles: [] });
    assert.equal(line(found, "Test token").label, "Test token: OK");
    assert.equal(line(found, "Permission to read charging data").label, "Permission to read charging data: not tested");
    assert.equal(line(found, "Cars").action?.command, "volvoCharging.findVehicles");
    assert.equal(found.summary, "Not tested: Permission to read charging data, Cars");
  });

  it("does not call a token wrong if only the car list refuses it", async () => {
    const found = await result({ vehicles: [], token: { api: "energy-v2" } });
    assert.equal(line(found, "Test token").label, "Test token: not tested");
    assert.equal(line(found, "Test token").action?.command, "volvoCharging.addVehicle");
  });

  it("sends no request without credentials, and shows which are missing", async () => {
    const found = await result({ key: null, token: null });
    assert.equal(world.volvo.requests.all.length, 0);
    assert.equal(line(found, "VCC API key").action?.command, "volvoCharging.setApiKey");
    assert.equal(line(found, "Token or sign-in").action?.command, "volvoCharging.connect");
  });

  it("sends no request while the API address is unusable", async () => {
    const found = await result({ settings: { "api.baseUrl": "http://example.com" } });
    assert.equal(line(found, "Volvo's service").action?.command, "volvoCharging.openSettings");
    assert.equal(world.volvo.requests.all.length, 0);
  });

  it("shows neither key nor token nor a full VIN under any setting", async () => {
    const found = await result({ token: "a-token-that-is-secret", settings: { "privacy.showFullVins": true } });
    const text = JSON.stringify(found);
    for (const secret of [defaultApiKey, "a-token-that-is-secret", first, second]) assert.ok(!text.includes(secret));
  });
});

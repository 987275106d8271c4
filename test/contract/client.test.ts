import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dayMs, secondMs } from "../../src/base/clock";
import { mergeReading, type Reading } from "../../src/charging/reading";
import { type Availability, energyV1MediaType } from "../../src/simulator/api/gateway";
import { type FaultName, faultNames, faults } from "../../src/simulator/faults/faults";
import type { PlugState } from "../../src/simulator/plugState";
import type { ApiName } from "../../src/simulator/route";
import { defaultApiKey, SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { Redactor } from "../../src/base/redactor";
import { type ApiChoice, createVolvoClient, type VolvoClient } from "../../src/volvo/client";
import type { Failure, NotSent, Result } from "../../src/charging/failure";
import { createTransport, type Transport } from "../../src/volvo/transport";
import { RecordingLog, vinNumber } from "../support/builders/builders";
import { FakeAuthorizer, FakeMemory, neverAborted } from "../support/builders/transport";
import { FakeClock } from "../support/fakeClock";
import { turnWith } from "../support/turn";

const cars = [1, 2, 3].map(vinNumber);
const vin = cars[0]!;
const v1Path = `/energy/v1/vehicles/${vin}/recharge-status/charging-connection-status`;
const v2Path = `/energy/v2/vehicles/${vin}/state`;

/** The product's client over the real fetch and real sockets, on a fake clock. */
class World {
  readonly memory = new FakeMemory();
  readonly authorizer: FakeAuthorizer;
  readonly transport: Transport;
  readonly client: VolvoClient;
  choice: ApiChoice = { setting: "auto", scope: "a grant", granted: ["v2", "v1"], tokenIsForOneApi: false };

  private constructor(
    readonly clock: FakeClock,
    readonly volvo: SimulatedVolvo,
    readonly server: SimulatorServer,
    baseUrl: string,
  ) {
    this.authorizer = new FakeAuthorizer(new URL(baseUrl).origin);
    this.useToken();
    this.transport = createTransport({
      fetch: (url, init) => fetch(url, init),
      clock,
      log: new RecordingLog(),
      authorizer: this.authorizer,
      baseUrl: () => baseUrl,
    });
    this.client = createVolvoClient({
      transport: this.transport,
      clock,
      log: new RecordingLog(),
      redactor: new Redactor(),
      currentChoice: () => this.choice,
      memory: this.memory,
    });
  }

  static async start(availability: Partial<Record<ApiName, Availability>> = {}, baseUrl?: string): Promise<World> {
    const clock = new FakeClock();
    const descriptions = cars.map((car) => ({ vin: car, model: "EX30", modelYear: 2025 }));
    const volvo = new SimulatedVolvo(clock, { cars: descriptions, availability });
    const server = await startSimulatorServer(volvo);
    return new World(clock, volvo, server, baseUrl ?? server.origin);
  }

  /** Signs in with a token for every API, or for one. */
  useToken(api?: ApiName): void {
    const { value } = this.volvo.issueTestToken({ lifetimeMs: 365 * dayMs, ...(api && { api }) });
    const { origin } = this.authorizer.answer as { origin: string };
    this.authorizer.answer = { apiKey: defaultApiKey, accessToken: value, origin };
  }

  read(signal = neverAborted): Promise<Result<Reading>> {
    return this.client.read(vin, turnWith(signal));
  }

  /** The paths requested since the last call. */
  takePaths(): string[] {
    const paths = this.volvo.requests.all.map(({ path }) => path);
    this.volvo.requests.clear();
    return paths;
  }

  /** Lets sockets finish pending work; the limit is a number of event loop turns. */
  async until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 100_000 && !holds(); turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.ok(holds());
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

function shown(result: Result<Reading>): string {
  if (!result.ok) return result.failure.kind;
  return mergeReading(undefined, result.value).connection.value.kind;
}

function failureOf(result: Result<unknown>): Failure | NotSent | undefined {
  return result.ok ? undefined : result.failure;
}

describe("The client, over real sockets:", () => {
  let world: World;

  afterEach(() => world.close());

  describe("in general", () => {
    it("reads every state over both versions with one request each", async () => {
      world = await World.start();
      const states: readonly (readonly [PlugState, string])[] = [
        ["ac", "connectedAc"],
        ["dc", "connectedDc"],
        ["disconnected", "disconnected"],
        ["fault", "fault"],
        ["unspecified", "unknown"],
      ];
      for (const [state, expected] of states) {
        world.volvo.car(vin).set(state);
        for (const [setting, path] of [
          ["v1", v1Path],
          ["v2", v2Path],
        ] as const) {
          world.choice = { ...world.choice, setting };
          assert.equal(shown(await world.read()), expected, `${state} over ${setting}`);
          assert.deepEqual(world.takePaths(), [path]);
        }
      }
      world.volvo.car(vin).set("plugged");
      assert.equal(shown(await world.read()), "connected");
    });

    it("sends the path and the three headers that Volvo requires", async () => {
      world = await World.start();
      const { accessToken } = world.authorizer.answer as { accessToken: string };
      for (const [setting, path, accept] of [
        ["v1", v1Path, energyV1MediaType],
        ["v2", v2Path, "application/json"],
      ] as const) {
        world.choice = { ...world.choice, setting };
        await world.read();
        const request = world.volvo.requests.all.at(-1)!;
        assert.deepEqual([request.method, request.path, request.query, request.body], ["GET", path, "", ""]);
        const { accept: sent, authorization, "vcc-api-key": key, cookie } = request.headers;
        assert.deepEqual(
          [sent, authorization, key, cookie],
          [accept, `Bearer ${accessToken}`, defaultApiKey, undefined],
        );
      }
    });

    it("lists the cars and reads their model names", async () => {
      world = await World.start();
      assert.deepEqual(await world.client.listVehicles(turnWith()), { ok: true, value: cars });
      assert.deepEqual(await world.client.carModel(vin, turnWith()), {
        ok: true,
        value: { model: "EX30", year: 2025, fuel: "electric" },
      });
    });
  });

  describe("an account", () => {
    for (const availability of ["off", "gone", "redirect"] as const) {
      it(`with v1 only (v2 is ${availability}) is served by v1, at the cost of one extra request a day`, async () => {
        world = await World.start({ "energy-v2": availability });
        for (let check = 0; check < 3; check++) {
          const results = await Promise.all(cars.map((car) => world.client.read(car, turnWith())));
          assert.ok(results.every((result) => result.ok && result.value.servedBy === "v1"));
        }
        assert.equal(world.takePaths().filter((path) => path.includes("/v2/")).length, 1);
        await world.clock.advance(dayMs);
        await world.read();
        assert.deepEqual(world.takePaths(), [v2Path, v1Path]);
      });

      it(`that loses v2 (${availability}) and regains it switches versions both times without a gap`, async () => {
        world = await World.start();
        const { availability: of } = world.volvo.gateway;
        await world.read();
        of["energy-v2"] = availability;
        assert.ok((await world.read()).ok);
        of["energy-v2"] = "on";
        of["energy-v1"] = availability;
        assert.ok((await world.read()).ok);
        assert.ok((await world.read()).ok);
        assert.deepEqual(world.takePaths(), [v2Path, v2Path, v1Path, v1Path, v2Path, v2Path]);
      });
    }

    it("with v2 only never requests v1", async () => {
      world = await World.start({ "energy-v1": "off" });
      for (let check = 0; check < 3; check++) assert.equal(shown(await world.read()), "disconnected");
      assert.deepEqual(world.takePaths(), [v2Path, v2Path, v2Path]);
    });

    it("with a test token for v1 is served by v1", async () => {
      world = await World.start();
      world.useToken("energy-v1");
      world.choice = { ...world.choice, tokenIsForOneApi: true };
      for (let check = 0; check < 2; check++) assert.equal(shown(await world.read()), "disconnected");
      assert.deepEqual(world.takePaths(), [v2Path, v1Path, v1Path]);
      assert.deepEqual(failureOf(await world.client.listVehicles(turnWith())), { kind: "tokenRefused" });
    });

    it("without either version reports v2's problem", async () => {
      world = await World.start({ "energy-v1": "gone", "energy-v2": "off" });
      for (let check = 0; check < 2; check++) assert.deepEqual(failureOf(await world.read()), { kind: "routeGone" });
      assert.deepEqual(world.takePaths(), [v2Path, v1Path]);
    });

    it("does not switch versions for a car that is not found", async () => {
      world = await World.start();
      world.volvo.faults.inject({ name: "market-refused", vin });
      assert.deepEqual(failureOf(await world.read()), { kind: "notFound", market: true });
      assert.equal((await world.client.read(cars[1]!, turnWith())).ok, true);
      assert.deepEqual(
        world.takePaths().filter((path) => path.includes("/v1/")),
        [],
      );
    });

    it("repeats a request once with a renewed token if the token has ended early", async () => {
      world = await World.start();
      const renewed = world.volvo.issueTestToken().value;
      world.authorizer.renewal = { apiKey: defaultApiKey, accessToken: renewed, origin: world.server.origin };
      world.volvo.faults.inject({ name: "access-token-ends-early", times: 1 });
      assert.equal(shown(await world.read()), "disconnected");
      assert.deepEqual(world.takePaths(), [v2Path, v2Path]);
    });
  });

  describe("a redirect", () => {
    const received: IncomingHttpHeaders[] = [];
    let other: Server;
    let redirecting: Server;

    const listen = (server: Server) =>
      new Promise<string>((resolve) =>
        server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
      );

    before(async () => {
      other = createServer(({ headers }, response) => {
        received.push(headers);
        response.end("{}");
      });
      const elsewhere = await listen(other);
      redirecting = createServer(({ url = "" }, response) => {
        const status = Number(/^\/(\d+)/.exec(url)?.[1]);
        response.writeHead(status, { location: elsewhere + url }).end("moved");
      });
      world = await World.start({}, await listen(redirecting));
    });

    after(() => {
      for (const server of [other, redirecting]) {
        server.closeAllConnections();
        server.close();
      }
    });

    it("carries neither key nor token to another server, because it is never followed", async () => {
      for (const status of [301, 302, 303, 307, 308]) {
        const result = await world.transport.get(`/${status}/state`, "application/json", turnWith());
        assert.deepEqual(failureOf(result), { kind: "intercepted" }, String(status));
      }
      assert.deepEqual(received, []);
    });
  });

  describe("the network fault", () => {
    const offline: Failure = { kind: "offline", certificate: false };
    const cases: readonly (readonly [FaultName, Failure])[] = [
      ["connection-reset", offline],
      ["reset-in-body", offline],
      ["wrong-content-length", offline],
      ["truncated-gzip", { kind: "malformed" }],
      ["false-gzip", { kind: "malformed" }],
      ["body-of-20-mib", { kind: "malformed" }],
      ["endless-body", { kind: "malformed" }],
      ["login-page", { kind: "intercepted" }],
      ["maintenance-page", { kind: "intercepted" }],
      ["empty-body", { kind: "malformed" }],
      ["truncated-json", { kind: "malformed" }],
      ["unavailable-text", { kind: "unavailable", status: 503 }],
      ["unavailable-page", { kind: "unavailable", status: 503 }],
      ["redirected-to-another-host", { kind: "intercepted" }],
      ["redirected-to-login", { kind: "intercepted" }],
      ["redirected-within-host", { kind: "routeGone", redirected: true }],
      ["forbidden-page", { kind: "intercepted" }],
      ["request-refused", { kind: "requestRefused" }],
    ];

    for (const [name, expected] of cases) {
      it(`${name} is ${expected.kind}, and the next request succeeds`, async () => {
        world = await World.start();
        for (const setting of ["v1", "v2"] as const) {
          world.choice = { ...world.choice, setting };
          world.volvo.faults.inject({ name, times: 1 });
          assert.deepEqual(failureOf(await world.read()), expected, setting);
          assert.equal(shown(await world.read()), "disconnected", setting);
        }
        await world.until(() => world.clock.pendingTimers === 0);
      });
    }

    for (const name of ["black-hole", "stalled-body", "trickling-body", "slow-90-s"] as const) {
      it(`${name} times out after 30 s and closes the connection on both sides`, async () => {
        world = await World.start();
        world.volvo.faults.inject({ name, times: 1 });
        const received = world.volvo.requests.next();
        const result = world.read();
        await received;
        await world.clock.advance(30 * secondMs);
        assert.deepEqual(failureOf(await result), { kind: "timeout" });
        await world.until(() => world.clock.pendingTimers === 0);
        assert.equal(shown(await world.read()), "disconnected");
      });
    }

    it("slow-20-s does not fail the request", async () => {
      world = await World.start();
      world.volvo.faults.inject({ name: "slow-20-s", times: 1 });
      const received = world.volvo.requests.next();
      const result = world.read();
      await received;
      await world.clock.advance(20 * secondMs);
      assert.equal(shown(await result), "disconnected");
    });

    it("of an unreachable server is offline", async () => {
      world = await World.start();
      await world.close();
      assert.deepEqual(failureOf(await world.read()), offline);
    });

    it("black-hole, stalled-body or slow-90-s ends at once on both sides if the request is canceled", async () => {
      world = await World.start();
      for (const name of ["black-hole", "stalled-body", "slow-90-s"] as const) {
        world.volvo.faults.inject({ name, times: 1 });
        const received = world.volvo.requests.next();
        const abort = new AbortController();
        const result = world.read(abort.signal);
        await received;
        abort.abort(new Error("not needed any more"));
        await assert.rejects(result, /not needed any more/);
        await world.until(() => world.clock.pendingTimers === 0);
      }
    });
  });

  describe("every fault of Volvo", () => {
    const endless: readonly FaultName[] = ["black-hole", "stalled-body", "trickling-body", "slow-20-s", "slow-90-s"];

    /** With these faults Volvo itself explicitly says DISCONNECTED. */
    const sayingUnplugged: readonly FaultName[] = ["unplugged-but-charging", "disconnected-for-a-year"];

    it("leads to a reading or a failure, and shows a charging car as unplugged only if Volvo says so", async () => {
      world = await World.start();
      const unplugged = new Set<FaultName>();
      const [tried, met] = [new Set<FaultName>(), new Set<FaultName>()];
      for (const setting of ["v1", "v2"] as const) {
        world.choice = { ...world.choice, setting };
        for (const name of faultNames) {
          if (endless.includes(name) || !faults[name].kinds.includes(`energy-${setting}`)) continue;
          world.volvo.car(vin).set({ state: "ac", batteryLevel: 58, targetLevel: 90 });
          world.volvo.faults.inject({ name, kind: `energy-${setting}`, times: 1 });
          const result = await world.read();
          if (shown(result) === "disconnected") unplugged.add(name);
          tried.add(name);
          if (world.volvo.requests.all.at(-1)?.fault === name) met.add(name);
          world.volvo.faults.clear();
          world.useToken();
        }
      }
      assert.deepEqual([...unplugged], sayingUnplugged);
      // With v1, the product does not ask for the numbers that some faults change.
      assert.deepEqual(
        [...tried].filter((name) => !met.has(name)),
        [],
      );
    }).timeout(20_000);
  });
});

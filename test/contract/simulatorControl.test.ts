import assert from "node:assert/strict";
import { minuteMs, systemClock } from "../../src/base/clock";
import { controlPath, SimulatorControl } from "../../src/simulator/control";
import { startSimulatorServer } from "../../src/simulator/server";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { SimulatorWorld, v1Connection, v2State, vin } from "./simulatorWorld";

describe("the control interface of a simulator server", () => {
  let world: SimulatorWorld;

  beforeEach(async () => {
    world = await SimulatorWorld.start();
  });

  afterEach(() => world.close());

  function control(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${world.origin}/_control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  it("lists and clears the received requests, except its own", async () => {
    await world.get(v1Connection);
    const requests = (await (await control("GET", "requests")).json()) as { path: string; status: number }[];
    assert.deepEqual(
      requests.map(({ path, status }) => [path, status]),
      [[v1Connection, 200]],
    );
    assert.equal((await control("DELETE", "requests")).status, 204);
    assert.deepEqual(await (await control("GET", "requests")).json(), []);
  });

  it("sets a car's plug with its time, and single members", async () => {
    const chargingPower = { status: "ERROR", code: "ERROR_READING_PROPERTY" };
    const chargingType = { status: "OK", value: "NONE", updatedAt: "2026-11-22T00:00:00Z" };
    const change = { state: "dc", measuredAt: "2026-11-23T07:30:00Z", members: { chargingPower, chargingType } };
    assert.equal((await control("PUT", `cars/${vin}`, change)).status, 204);
    const state = (await world.getJson(v2State)) as Record<string, unknown>;
    assert.deepEqual(state["chargerConnectionStatus"], {
      status: "OK",
      value: "CONNECTED",
      updatedAt: "2026-11-23T07:30:00Z",
    });
    assert.deepEqual([state["chargingPower"], state["chargingType"]], [chargingPower, chargingType]);
  });

  it("injects faults for a number of responses, a kind and a car, and clears them", async () => {
    await control("POST", "faults", { name: "server-error", times: 1, kind: "energy-v2", vin });
    assert.deepEqual([(await world.get(v1Connection)).status, (await world.get(v2State)).status], [200, 500]);
    assert.equal((await world.get(v2State)).status, 200);
    await control("POST", "faults", { name: "market-refused" });
    assert.equal((await world.get(v2State)).status, 404);
    const { active, known } = (await (await control("GET", "faults")).json()) as { active: unknown; known: string[] };
    assert.deepEqual(active, [{ name: "market-refused" }]);
    assert.ok(known.includes("quota-spent"));
    await control("DELETE", "faults");
    assert.equal((await world.get(v2State)).status, 200);
  });

  it("advances a fake clock, and refuses to advance a real one", async () => {
    const before = world.clock.now();
    const moved = await control("POST", "clock", { advanceMs: 5 * minuteMs });
    assert.deepEqual(await moved.json(), { now: before + 5 * minuteMs });
    const real = await startSimulatorServer(new SimulatedVolvo(systemClock));
    try {
      const refusal = await fetch(`${real.origin}/_control/clock`, { method: "POST", body: '{"advanceMs":1}' });
      assert.equal(refusal.status, 409);
    } finally {
      await real.close();
    }
  });

  it("switches APIs, limits and sign-ins, and issues test tokens", async () => {
    await control("PUT", "availability", { "energy-v2": "gone" });
    assert.equal((await world.get(v2State)).status, 410);
    await control("PUT", "limits", { perDay: 0 });
    assert.equal((await world.get(v1Connection)).status, 403);
    await control("PUT", "limits", {});
    const made = (await (await control("POST", "tokens", { api: "energy-v1" })).json()) as { accessToken: string };
    assert.equal((await world.get(v1Connection, { authorization: `Bearer ${made.accessToken}` })).status, 200);
    await control("PUT", "sign-in", { decision: "approve" });
    assert.equal((await world.get(world.authorizePath())).status, 302);
    const { refresh_token } = world.volvo.volvoId.signIn();
    await control("DELETE", "sign-ins");
    assert.equal((await world.refresh(refresh_token)).status, 400);
  });

  it("shows the complete state", async () => {
    const state = (await (await control("GET", "state")).json()) as { cars: { vin: string; plugState: string }[] };
    assert.deepEqual([state.cars[0]?.vin, state.cars[0]?.plugState], [vin, "disconnected"]);
  });

  it("explains why it cannot execute a command", async () => {
    for (const [method, path, body] of [
      ["PUT", `cars/${vin}`, { state: "flying" }],
      ["PUT", "cars/YV1S1MEX30A999999", { state: "ac" }],
      ["POST", "faults", { name: "no-such-fault" }],
      ["POST", "faults", { name: "empty-car-list", kind: "token" }],
    ] as const) {
      const response = await control(method, path, body);
      assert.equal(response.status, 400);
      assert.ok(((await response.json()) as { message: string }).message.length > 10);
    }
    const notJson = await fetch(`${world.origin}/_control/faults`, { method: "POST", body: "{" });
    assert.deepEqual([notJson.status, await notJson.json()], [400, { message: "The body is not JSON" }]);
    assert.equal((await control("POST", "nonsense")).status, 404);
  });

  it("blames itself, not the request, for an error of its own", async () => {
    const broken = new SimulatedVolvo(systemClock);
    broken.volvoId.endAllSignIns = () => {
      throw new TypeError("a bug");
    };
    const answer = await new SimulatorControl(broken).handle({
      method: "DELETE",
      url: `${controlPath}/sign-ins`,
      headers: {},
      body: "",
    });
    assert.equal(answer.status, 500);
  });
});

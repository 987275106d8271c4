import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../src/base/clock";
import { volvoLimits } from "../../src/simulator/api/gateway";
import { capabilities, carDetails, carList, SimulatorWorld, v1Connection, v1Status, v2State } from "./simulatorWorld";

const everyPath = [v1Connection, v1Status, v2State, capabilities, carList, carDetails];

const keyRefused = {
  status: 401,
  error: {
    message: "Access denied due to invalid VCC-API-KEY. Make sure to provide a valid key for an active application.",
  },
};

describe("the gateway of the simulated Volvo", () => {
  let world: SimulatorWorld;

  beforeEach(async () => {
    world = await SimulatorWorld.start();
  });

  afterEach(() => world.close());

  it("refuses a missing or wrong API key with the gateway's messages", async () => {
    for (const path of everyPath) {
      for (const key of [null, "wrong"]) {
        const response = await world.get(path, { "vcc-api-key": key });
        assert.equal(response.status, 401);
        assert.deepEqual(await response.json(), keyRefused);
      }
    }
  });

  it("refuses a missing, unknown or expired token", async () => {
    const ended = world.volvo.issueTestToken({ lifetimeMs: minuteMs }).value;
    await world.clock.advance(minuteMs);
    for (const path of everyPath) {
      for (const authorization of [null, "Bearer unknown", `Basic ${world.accessToken}`, `Bearer ${ended}`]) {
        const response = await world.get(path, { authorization });
        assert.equal(response.status, 401);
        assert.match(await response.text(), /Full authentication is required to access this resource/);
      }
    }
  });

  it("accepts a test token only for the API it was issued for", async () => {
    const authorization = `Bearer ${world.volvo.issueTestToken({ api: "energy-v2" }).value}`;
    const statuses = await Promise.all(
      everyPath.map(async (path) => (await world.get(path, { authorization })).status),
    );
    assert.deepEqual(statuses, [401, 401, 200, 200, 401, 401]);
  });

  it("requires the scope of each endpoint", async () => {
    const needs: readonly (readonly [string, string])[] = [
      [v1Connection, "energy:charging_connection_status"],
      [v2State, "energy:state:read"],
      [capabilities, "energy:capability:read"],
      [carList, "conve:vehicle_relation"],
    ];
    for (const [path, scope] of needs) {
      const enough = `Bearer ${world.volvo.issueTestToken({ scopes: ["openid", scope] }).value}`;
      assert.equal((await world.get(path, { authorization: enough })).status, 200);
      const tooLittle = `Bearer ${world.volvo.issueTestToken({ scopes: ["openid"] }).value}`;
      const refusal = await world.get(path, { authorization: tooLittle });
      assert.equal(refusal.status, 403);
      assert.match(await refusal.text(), /Client not allowed to access (Energy|Connected Vehicle) API/);
    }
  });

  it("serves v1 only in its own media type", async () => {
    const own = "application/vnd.volvocars.api.energy.vehicledata.v1+json";
    assert.equal((await world.get(v1Connection, { accept: own })).status, 200);
    assert.equal((await world.get(v1Connection, { accept: "*/*" })).status, 200);
    assert.equal((await world.get(v1Connection, { accept: "application/json" })).status, 406);
    assert.equal((await world.get(v2State, { accept: "application/json" })).status, 200);
    assert.equal((await world.get(v2State, { accept: own })).status, 406);
  });

  it("answers an unknown path or another method as the real gateway does", async () => {
    const unrouted = { statusCode: 404, message: "Resource not found" };
    assert.deepEqual(await world.getJson("/energy/v3/vehicles"), unrouted);
    const posted = await fetch(world.origin + v2State, { method: "POST", headers: world.headers(), body: "{}" });
    assert.deepEqual(await posted.json(), unrouted);
  });

  it("can disable an API: no route, gone, or redirected", async () => {
    const { availability } = world.volvo.gateway;
    availability["energy-v1"] = "off";
    assert.deepEqual(await world.getJson(v1Connection), { statusCode: 404, message: "Resource not found" });
    assert.equal((await world.get(v2State)).status, 200);
    availability["energy-v1"] = "gone";
    assert.equal((await world.get(v1Connection)).status, 410);
    availability["energy-v1"] = "redirect";
    const redirect = await world.get(v1Connection);
    assert.equal(redirect.status, 301);
    assert.equal(redirect.headers.get("location"), "/apis/");
  });

  it("counts calls per UTC day and reports when the quota resets", async () => {
    const authorization = `Bearer ${world.volvo.issueTestToken({ lifetimeMs: 24 * hourMs }).value}`;
    world.volvo.gateway.limits = { perDay: 2 };
    await world.clock.advance(12 * hourMs + 29 * minuteMs + 4_000);
    assert.equal((await world.get(v2State, { authorization })).status, 200);
    assert.equal((await world.get(carList, { authorization })).status, 200);
    assert.equal(world.volvo.gateway.callsToday, 2);
    const refusal = await world.get(v2State, { authorization });
    assert.equal(refusal.status, 403);
    assert.deepEqual(await refusal.json(), {
      statusCode: 403,
      message: "Out of call volume quota. Quota will be replenished in 03:30:56.",
    });
    await world.clock.advance(3 * hourMs + 30 * minuteMs + 56_000);
    assert.equal((await world.get(v2State, { authorization })).status, 200);
  });

  it("allows a hundred calls per minute", async () => {
    world.volvo.gateway.limits = volvoLimits;
    for (let call = 0; call < 100; call += 1) assert.equal((await world.get(v2State)).status, 200);
    assert.equal((await world.get(v2State)).status, 429);
    await world.clock.advance(minuteMs);
    assert.equal((await world.get(v2State)).status, 200);
  });
});

import assert from "node:assert/strict";
import { minuteMs } from "../../src/base/clock";
import { notSupported } from "../../src/simulator/energyState";
import {
  capabilities,
  carDetails,
  carList,
  otherVin,
  SimulatorWorld,
  strangersVin,
  v1Connection,
  v1Status,
  v2State,
  vin,
} from "./simulatorWorld";

const everyPath = [v1Connection, v1Status, v2State, capabilities, carList, carDetails];

describe("the simulated Volvo APIs", () => {
  let world: SimulatorWorld;

  beforeEach(async () => {
    world = await SimulatorWorld.start();
  });

  afterEach(() => world.close());

  /** The v1 value and the v2 values for the car's plug. */
  async function plugValues(): Promise<readonly unknown[]> {
    const v1 = (await world.getJson(v1Connection)) as { data: { chargingConnectionStatus: { value: string } } };
    const v2 = (await world.getJson(v2State)) as Record<string, { value?: unknown; code?: string }>;
    const { chargerConnectionStatus: connection, chargingType: type } = v2;
    return [v1.data.chargingConnectionStatus.value, connection?.value ?? connection?.code, type?.value];
  }

  it("return each plug state in the values of both Energy versions", async () => {
    const car = world.volvo.car(vin);
    car.set("ac");
    assert.deepEqual(await plugValues(), ["CONNECTION_STATUS_CONNECTED_AC", "CONNECTED", "AC"]);
    car.set("dc");
    assert.deepEqual(await plugValues(), ["CONNECTION_STATUS_CONNECTED_DC", "CONNECTED", "DC"]);
    car.set("plugged");
    assert.deepEqual(await plugValues(), ["CONNECTION_STATUS_UNSPECIFIED", "CONNECTED", "NONE"]);
    car.set("disconnected");
    assert.deepEqual(await plugValues(), ["CONNECTION_STATUS_DISCONNECTED", "DISCONNECTED", "NONE"]);
    car.set("fault");
    assert.deepEqual(await plugValues(), ["CONNECTION_STATUS_FAULT", "FAULT", "NONE"]);
    car.set("unspecified");
    assert.deepEqual(await plugValues(), ["CONNECTION_STATUS_UNSPECIFIED", "PROPERTY_NOT_FOUND", "NONE"]);
  });

  it("return a v1 connection in an envelope, with the measurement time in whole seconds", async () => {
    world.volvo.car(vin).set({ state: "ac", measuredAtMs: world.clock.now() - 12 * minuteMs + 345 });
    const operationId = "7f9d0c52-6a0f-4e5e-9a3b-0d2c41a6b111";
    const response = await world.get(v1Connection, { "vcc-api-operationid": operationId });
    assert.equal(response.headers.get("content-type"), "application/vnd.volvocars.api.energy.vehicledata.v1+json");
    assert.deepEqual(await response.json(), {
      status: 200,
      operationId,
      data: {
        chargingConnectionStatus: { value: "CONNECTION_STATUS_CONNECTED_AC", timestamp: "2026-11-23T07:48:00Z" },
      },
    });
  });

  it("write every v1 number as a string", async () => {
    world.volvo.car(vin).set({ state: "disconnected", batteryLevel: 60 });
    const { data } = (await world.getJson(v1Status)) as { data: Record<string, { value: unknown; unit?: string }> };
    assert.equal(data["batteryChargeLevel"]?.value, "60.0");
    assert.equal(data["electricRange"]?.value, "252");
    assert.equal(data["electricRange"].unit, "kilometers");
    assert.equal(data["estimatedChargingTime"]?.value, "0");
    assert.equal(data["chargingSystemStatus"]?.value, "CHARGING_SYSTEM_IDLE");
  });

  it("return all ten v2 members, each with its own time, and no charging power unless the car charges", async () => {
    world.volvo.car(vin).set("disconnected");
    const state = (await world.getJson(v2State)) as Record<
      string,
      { status: string; updatedAt?: string; code?: string }
    >;
    assert.equal(Object.keys(state).length, 10);
    assert.deepEqual(
      [
        state["chargingPower"]?.code,
        state["batteryChargeLevel"]?.updatedAt,
        state["targetBatteryChargeLevel"]?.updatedAt,
      ],
      ["PROPERTY_NOT_FOUND", "2026-11-23T08:00:00Z", "2026-09-04T08:00:00Z"],
    );
  });

  it("accept a single v2 member, and derive the v1 answer and the capabilities from it", async () => {
    world.volvo.car(vin).setMember("chargerConnectionStatus", notSupported);
    const state = (await world.getJson(v2State)) as Record<string, unknown>;
    assert.deepEqual(state["chargerConnectionStatus"], notSupported);
    const { getEnergyState } = (await world.getJson(capabilities)) as { getEnergyState: Record<string, unknown> };
    assert.deepEqual(getEnergyState["chargerConnectionStatus"], { isSupported: false });
    const v1 = await world.get(v1Connection);
    assert.equal(v1.status, 404);
    assert.match(await v1.text(), /"description":"Resource not supported for this vehicle model"/);
  });

  it("list the cars of the account and describe each", async () => {
    assert.deepEqual(await world.getJson(carList), { data: [{ vin }, { vin: otherVin }] });
    const { data } = (await world.getJson(carDetails)) as { data: Record<string, unknown> };
    assert.deepEqual([data["vin"], data["modelYear"], data["fuelType"]], [vin, 2025, "NONE"]);
    assert.deepEqual((data["descriptions"] as Record<string, unknown>)["model"], "EX30");
  });

  it("return only the recharge status members that the scopes cover", async () => {
    const scopes = ["openid", "energy:charging_connection_status"];
    const authorization = `Bearer ${world.volvo.issueTestToken({ scopes }).value}`;
    const { data } = (await world.getJson(v1Status, { authorization })) as { data: object };
    assert.deepEqual(Object.keys(data), ["chargingConnectionStatus"]);
  });

  it("report no relationship to another account's car, and answer 404 for an unknown car", async () => {
    const pathsOf = (car: string) => everyPath.filter((path) => path !== carList).map((path) => path.replace(vin, car));
    for (const path of pathsOf(strangersVin)) {
      const response = await world.get(path);
      assert.equal(response.status, 403);
      assert.match(await response.text(), /No relationship to UUID/);
    }
    for (const path of pathsOf("YV1S1MEX30A999999")) {
      const response = await world.get(path);
      assert.equal(response.status, 404);
      assert.match(await response.text(), /not belong to allowed markets/);
    }
    for (const path of pathsOf("short")) assert.equal((await world.get(path)).status, 400);
  });

  it("wrap v2 errors as configured", async () => {
    const path = v2State.replace(vin, "YV1S1MEX30A999999");
    const error = { code: "VEHICLE_NOT_FOUND", message: "Vehicle does not belong to allowed markets", details: [] };
    assert.deepEqual(await world.getJson(path), error);
    const specified = await SimulatorWorld.start({ energyV2Errors: "as-specified" });
    try {
      assert.deepEqual(await specified.getJson(path), { error });
    } finally {
      await specified.close();
    }
  });

  it("record every request with its headers, time and outcome", async () => {
    await world.get(`${v1Connection}?x=1`);
    const [request] = world.volvo.requests.all;
    assert.equal(request?.path, v1Connection);
    assert.deepEqual(
      [request.method, request.query, request.kind, request.vin, request.status, request.at],
      ["GET", "x=1", "energy-v1", vin, 200, world.clock.now()],
    );
    assert.equal(request.headers["authorization"], `Bearer ${world.accessToken}`);
    world.volvo.requests.clear();
    assert.deepEqual(world.volvo.requests.all, []);
  });

  it("use the given clock", async () => {
    assert.equal((await world.get(v2State)).headers.get("date"), "Mon, 23 Nov 2026 08:00:00 GMT");
  });
});

import assert from "node:assert/strict";
import { build } from "esbuild";
import { join } from "node:path";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { createDemoWorld, demoHoldMs, type DemoWorld, firstReportMs } from "../../../src/simulator/demo";
import { FakeClock } from "../../support/fakeClock";

interface V1 {
  readonly data: { readonly chargingConnectionStatus: { readonly value: string; readonly timestamp: string } };
}

interface V2 {
  readonly chargerConnectionStatus: { readonly value?: string };
  readonly chargingType: { readonly value: string };
  readonly targetBatteryChargeLevel: { readonly updatedAt?: string; readonly code?: string };
  readonly chargingCurrentLimit: { readonly code?: string };
}

const firstStates = ["CONNECTED_AC", "CONNECTED_DC", "DISCONNECTED", "FAULT", "UNSPECIFIED"];

describe("the demo world", () => {
  let clock: FakeClock;
  let world: DemoWorld;

  beforeEach(() => {
    clock = new FakeClock();
    world = createDemoWorld(clock);
  });

  async function get<T>(path: string): Promise<T> {
    const { baseUrl, accessToken, apiKey } = world;
    const headers = { authorization: `Bearer ${accessToken}`, "vcc-api-key": apiKey };
    return (await (await world.fetch(baseUrl + path, { headers, redirect: "error" })).json()) as T;
  }

  async function connections(): Promise<readonly V1["data"]["chargingConnectionStatus"][]> {
    const answers = world.vehicles.map(({ vin }) =>
      get<V1>(`/energy/v1/vehicles/${vin}/recharge-status/charging-connection-status`),
    );
    return (await Promise.all(answers)).map(({ data }) => data.chargingConnectionStatus);
  }

  async function states(): Promise<readonly string[]> {
    return (await connections()).map(({ value }) => value.replace("CONNECTION_STATUS_", ""));
  }

  it("has five cars with valid VINs, different endings and model names", () => {
    for (const { vin } of world.vehicles) assert.match(vin, /^[A-HJ-NPR-Z0-9]{17}$/);
    assert.equal(new Set(world.vehicles.map(({ vin }) => vin.slice(-4))).size, 5);
    assert.deepEqual(
      world.vehicles.map(({ name }) => name),
      ["EX30", "EX90", "EC40", "XC60", "EX40"],
    );
  });

  it("begins with one car per state, in both Energy versions", async () => {
    assert.deepEqual(await states(), firstStates);
    const v2 = await Promise.all(world.vehicles.map(({ vin }) => get<V2>(`/energy/v2/vehicles/${vin}/state`)));
    assert.deepEqual(
      v2.map(({ chargerConnectionStatus, chargingType }) => [chargerConnectionStatus.value, chargingType.value]),
      [
        ["CONNECTED", "AC"],
        ["CONNECTED", "DC"],
        ["DISCONNECTED", "NONE"],
        ["FAULT", "NONE"],
        [undefined, "NONE"],
      ],
    );
  });

  it("begins with readings that are minutes to hours old", async () => {
    for (const { timestamp } of await connections()) {
      const ageMs = clock.now() - Date.parse(timestamp);
      assert.ok(ageMs >= minuteMs && ageMs <= 12 * hourMs, timestamp);
    }
  });

  it("has target levels that were set within 12 hours, except for the EX30, which reports no target and no limit", async () => {
    for (const { vin, name } of world.vehicles) {
      const { targetBatteryChargeLevel, chargingCurrentLimit } = await get<V2>(`/energy/v2/vehicles/${vin}/state`);
      const { updatedAt = "" } = targetBatteryChargeLevel;
      if (name !== "EX30") assert.ok(clock.now() - Date.parse(updatedAt) <= 12 * hourMs, vin);
      else assert.deepEqual([targetBatteryChargeLevel.code, chargingCurrentLimit.code], Array(2).fill("NOT_SUPPORTED"));
      const rows = world.rowsUntil(vin, clock.now());
      assert.ok(rows.length > 100 && rows.every(({ g }) => (g === undefined) === (name === "EX30")), name);
    }
  });

  it("shows one car charging within 10 s, and changes no connection for 60 s", async () => {
    const before = await connections();
    await clock.advance(firstReportMs);
    const after = await connections();
    assert.deepEqual(
      after.map(({ timestamp }, index) => timestamp === before[index]?.timestamp),
      [true, false, true, true, true],
    );
    await clock.advance(demoHoldMs - firstReportMs - 1);
    assert.deepEqual(await states(), firstStates);
  });

  it("changes afterwards, and starts again after 40 minutes", async () => {
    await clock.advance(5 * minuteMs);
    assert.deepEqual(await states(), ["CONNECTED_AC", "CONNECTED_DC", "CONNECTED_AC", "CONNECTED_AC", "DISCONNECTED"]);
    await clock.advance(35 * minuteMs);
    assert.deepEqual(await states(), firstStates);
  });

  it("never returns a time in the future, over a whole day", async () => {
    for (let minute = 0; minute < 24 * 60; minute += 7) {
      for (const { timestamp } of await connections()) assert.ok(Date.parse(timestamp) <= clock.now());
      await clock.advance(7 * minuteMs);
    }
  });

  it("lists its cars", async () => {
    const { data } = await get<{ data: { vin: string }[] }>("/connected-vehicle/v2/vehicles");
    assert.deepEqual(
      data.map(({ vin }) => vin),
      world.vehicles.map(({ vin }) => vin),
    );
  });

  it("has no timers", () => {
    assert.equal(clock.pendingTimers, 0);
  });

  it("needs no network module", async () => {
    const entry = join(__dirname, "../../../src/simulator/demo.js");
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      metafile: true,
      write: false,
      logLevel: "silent",
    });
    const external = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter((one) => one.external).map((one) => one.path),
    );
    assert.deepEqual([...new Set(external)], ["node:crypto"]);
  });
});

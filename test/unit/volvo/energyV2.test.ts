import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import type { Connection } from "../../../src/charging/connection";
import { type Details, mergeReading, type Reading } from "../../../src/charging/reading";
import { energyV2, readEnergyV2 } from "../../../src/volvo/energyV2";
import { errorMember, okMember, v2Body, v2Members, vinNumber } from "../../support/builders/builders";

const now = Date.UTC(2026, 10, 23, 8);
const measuredAt = now - 30 * minuteMs;

function read(body: unknown): Reading {
  const result = readEnergyV2(body, now);
  assert.ok(result.ok, "malformed");
  return result.value;
}

/** The connection shown after a first response. */
function connectionOf(changes: Readonly<Record<string, unknown>>): Connection {
  return mergeReading(undefined, read(v2Body(changes))).connection.value;
}

function detailsOf(changes: Readonly<Record<string, unknown>>): Details {
  return read(v2Body(changes)).details;
}

describe("Energy v2", () => {
  it("is requested as the whole state, in JSON", () => {
    assert.equal(energyV2.path(vinNumber(7)), "/energy/v2/vehicles/YV1TEST0000000007/state");
    assert.equal(energyV2.accept, "application/json");
  });

  it("combines its connection and type into the six connections", () => {
    const unknown = (reason: Extract<Connection, { kind: "unknown" }>["reason"]): Connection => ({
      kind: "unknown",
      reason,
    });
    const cases: readonly (readonly [unknown, unknown, Connection])[] = [
      [okMember("CONNECTED"), okMember("AC"), { kind: "connectedAc" }],
      [okMember("CONNECTED"), okMember("DC"), { kind: "connectedDc" }],
      [okMember("CONNECTED"), okMember("NONE"), { kind: "connected" }],
      [okMember("CONNECTED"), okMember("WIRELESS"), { kind: "connected", charger: "WIRELESS" }],
      [okMember("CONNECTED"), okMember("UNSPECIFIED"), { kind: "connected" }],
      [okMember("CONNECTED"), okMember("none"), { kind: "connected" }],
      [okMember("DISCONNECTED"), okMember("WIRELESS"), { kind: "disconnected" }],
      [okMember("CONNECTED"), errorMember(), { kind: "connected" }],
      [okMember("CONNECTED"), undefined, { kind: "connected" }],
      [okMember("CONNECTED"), null, { kind: "connected" }],
      [okMember("connected"), okMember("dc"), { kind: "connectedDc" }],
      [okMember("DISCONNECTED"), okMember("AC"), { kind: "disconnected" }],
      [okMember("FAULT"), okMember("AC"), { kind: "fault" }],
      [okMember("UNSPECIFIED"), okMember("AC"), unknown({ kind: "notReported" })],
      [okMember("LOOSE"), okMember("AC"), unknown({ kind: "unrecognized", raw: "LOOSE" })],
      [errorMember("NOT_SUPPORTED"), okMember("AC"), unknown({ kind: "notSupported" })],
      [errorMember("PROPERTY_NOT_SUPPORTED"), okMember("AC"), unknown({ kind: "notSupported" })],
      [{ status: "ERROR", code: "NOT_SUPPORTED" }, okMember("AC"), unknown({ kind: "notSupported" })],
      [errorMember("PROPERTY_NOT_FOUND"), okMember("AC"), unknown({ kind: "noValue" })],
      [errorMember("ERROR_READING_PROPERTY"), okMember("AC"), unknown({ kind: "noValue" })],
      [errorMember("A_NEW_CODE"), okMember("AC"), unknown({ kind: "noValue" })],
      [{ status: "ERROR" }, okMember("AC"), unknown({ kind: "noValue" })],
      [{ ...okMember("DISCONNECTED"), status: "ERROR" }, okMember("AC"), unknown({ kind: "noValue" })],
      [{ ...okMember("DISCONNECTED"), status: "PENDING" }, okMember("AC"), unknown({ kind: "noValue" })],
      [okMember(null), okMember("AC"), unknown({ kind: "noValue" })],
      [okMember(""), okMember("AC"), unknown({ kind: "noValue" })],
      [okMember(0), okMember("AC"), unknown({ kind: "noValue" })],
      [null, okMember("AC"), unknown({ kind: "noValue" })],
      [undefined, okMember("AC"), unknown({ kind: "noValue" })],
      [{ ...okMember("DISCONNECTED"), status: 404 }, okMember("AC"), unknown({ kind: "noValue" })],
      [{ ...okMember("DISCONNECTED"), status: {} }, okMember("AC"), unknown({ kind: "noValue" })],
      [{ ...okMember("DISCONNECTED"), status: null }, okMember("AC"), { kind: "disconnected" }],
      ["DISCONNECTED", okMember("AC"), unknown({ kind: "noValue" })],
      [{}, okMember("AC"), unknown({ kind: "noValue" })],
    ];
    for (const [chargerConnectionStatus, chargingType, expected] of cases) {
      const actual = connectionOf({ chargerConnectionStatus, chargingType });
      assert.deepEqual(actual, expected, JSON.stringify({ chargerConnectionStatus, chargingType }));
    }
  });

  it("understands v1's words as v1 does", () => {
    const cases: readonly (readonly [string, Connection])[] = [
      ["CONNECTED_AC", { kind: "connectedAc" }],
      ["CONNECTED_DC", { kind: "connectedDc" }],
      ["CONNECTION_STATUS_CONNECTED_AC", { kind: "connectedAc" }],
      ["CONNECTION_STATUS_CONNECTED_DC", { kind: "connectedDc" }],
      ["connection_status_connected_ac", { kind: "connectedAc" }],
      ["CONNECTION_STATUS_DISCONNECTED", { kind: "disconnected" }],
      ["CONNECTION_STATUS_FAULT", { kind: "fault" }],
      ["CONNECTION_STATUS_UNSPECIFIED", { kind: "unknown", reason: { kind: "notReported" } }],
      [
        "CONNECTION_STATUS_CONNECTED_MCS",
        { kind: "unknown", reason: { kind: "unrecognized", raw: "CONNECTION_STATUS_CONNECTED_MCS" } },
      ],
    ];
    for (const [word, expected] of cases) {
      for (const chargingType of [undefined, okMember("NONE")]) {
        assert.deepEqual(connectionOf({ chargerConnectionStatus: okMember(word), chargingType }), expected, word);
      }
    }
    const statuses = { CHARGING: "charging", IDLE: "idle", DONE: "done", SCHEDULED: "scheduled", FAULT: "fault" };
    for (const [word, expected] of Object.entries({ ...statuses, UNSPECIFIED: undefined })) {
      const changes = { chargingStatus: okMember(`CHARGING_SYSTEM_${word}`) };
      assert.deepEqual(detailsOf(changes).chargingStatus?.value, expected, word);
    }
  });

  it("does not treat a power fault as a connection fault", () => {
    // home-assistant/core#150205: a healthy EX30 that has finished charging.
    const changes = { chargerPowerStatus: okMember("FAULT"), chargingStatus: okMember("DONE") };
    assert.deepEqual(connectionOf(changes), { kind: "connectedAc" });
    assert.equal(detailsOf(changes).powerStatus?.value, "fault");
  });

  it("shows a contradiction instead of hiding one side", () => {
    const { connection, details } = read(v2Body({ chargerConnectionStatus: okMember("DISCONNECTED") }));
    assert.deepEqual(connection.value, { kind: "disconnected" });
    assert.equal(details.chargingStatus?.value, "charging");
  });

  it("gives each member its own time", () => {
    const connection = okMember("CONNECTED", undefined, "2026-11-22T22:00:00Z");
    const old = okMember(80, "percentage", "2025-05-11T11:59:33Z");
    const reading = read(v2Body({ chargerConnectionStatus: connection, targetBatteryChargeLevel: old }));
    assert.equal(reading.connection.measuredAt, now - 10 * hourMs);
    assert.equal(reading.details.targetLevel?.measuredAt, Date.UTC(2025, 4, 11, 11, 59, 33));
    assert.equal(reading.details.batteryLevel?.measuredAt, measuredAt);
    assert.equal(reading.fetchedAt, now);
  });

  it("has a value without a time if the time is invalid", () => {
    for (const odd of [undefined, null, "", "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "never", 1e12]) {
      const member = { status: "OK", value: "DISCONNECTED", updatedAt: odd };
      const { connection } = read(v2Body({ chargerConnectionStatus: member }));
      assert.deepEqual(connection, { value: { kind: "disconnected" }, measuredAt: undefined }, String(odd));
    }
  });

  it("has values for charging and power, and keeps unrecognized ones", () => {
    const charging: readonly (readonly [string, unknown])[] = [
      ["CHARGING", "charging"],
      ["IDLE", "idle"],
      ["DONE", "done"],
      ["SCHEDULED", "scheduled"],
      ["DISCHARGING", "discharging"],
      ["ERROR", "fault"],
      ["FAULT", "fault"],
      ["PAUSED", { raw: "PAUSED" }],
      ["constructor", { raw: "constructor" }],
      ["UNSPECIFIED", undefined],
    ];
    for (const [word, expected] of charging) {
      assert.deepEqual(detailsOf({ chargingStatus: okMember(word) }).chargingStatus?.value, expected, word);
    }
    const power: readonly (readonly [string, unknown])[] = [
      ["NO_POWER_AVAILABLE", "noPowerAvailable"],
      ["PROVIDING_POWER", "providingPower"],
      ["POWER_AVAILABLE_BUT_NOT_ACTIVATED", "powerAvailableButNotActivated"],
      ["INITIALIZATION", "initialising"],
      ["FAULT", "fault"],
      ["REDUCED", { raw: "REDUCED" }],
    ];
    for (const [word, expected] of power) {
      assert.deepEqual(detailsOf({ chargerPowerStatus: okMember(word) }).powerStatus?.value, expected, word);
    }
  });

  it("accepts numbers as numbers and as text, and ignores placeholders", () => {
    const batteryOf = (value: unknown) => detailsOf({ batteryChargeLevel: okMember(value) }).batteryLevel?.value;
    for (const [value, expected] of [
      [79, 79],
      [88.5, 88.5],
      ["75.0", 75],
      [0, 0],
      [100, 100],
    ] as const) {
      assert.equal(batteryOf(value), expected);
    }
    for (const odd of ["NaN", "", -1, 65535, 101, "full", null, {}]) assert.equal(batteryOf(odd), undefined);
    const odd = detailsOf({
      electricRange: okMember(65535, "km"),
      chargingPower: okMember(-1),
      targetBatteryChargeLevel: okMember(0),
      chargingCurrentLimit: okMember(65535),
      estimatedChargingTimeToTargetBatteryChargeLevel: okMember(65535),
    });
    assert.deepEqual(Object.keys(odd), ["batteryLevel", "chargingStatus", "powerStatus"]);
  });

  it("reads the range in the unit of the account's language, and none without a unit", () => {
    const rangeOf = (unit: unknown) => detailsOf({ electricRange: okMember(150, unit) }).range?.value;
    for (const unit of ["km", "kilometers", "KM"]) assert.deepEqual(rangeOf(unit), { amount: 150, unit: "km" });
    for (const unit of ["mi", "miles"]) assert.deepEqual(rangeOf(unit), { amount: 150, unit: "mi" });
    for (const unit of [undefined, null, "", "furlongs", "constructor", 5]) assert.equal(rangeOf(unit), undefined);
  });

  it("keeps the other nine members if one is missing, null or in error", () => {
    for (const name of v2Members) {
      for (const change of [undefined, null, errorMember(), errorMember("NOT_SUPPORTED"), "x", 5, []]) {
        const { connection, details } = read(v2Body({ [name]: change }));
        const detail = name !== "chargerConnectionStatus" && name !== "chargingType";
        assert.equal(Object.keys(details).length, detail ? 7 : 8, name);
        const kind = name === "chargerConnectionStatus" ? "unknown" : "connected";
        assert.equal(connection.value.kind, kind, name);
      }
    }
  });

  it("has no value, rather than unplugged, if all ten members are in error or missing", () => {
    const all = (member: unknown) => Object.fromEntries(v2Members.map((name) => [name, member]));
    for (const body of [all(errorMember()), all({ status: "ERROR", code: "X" }), all(null)]) {
      const { connection, details } = read(body);
      assert.deepEqual(connection.value, { kind: "unknown", reason: { kind: "noValue" } });
      assert.deepEqual(details, {});
    }
  });

  it("ignores unknown members", () => {
    assert.deepEqual(read(v2Body({ batteryTemperature: okMember(20), status: "fine" })), read(v2Body()));
    assert.deepEqual(read({ ...v2Body(), errors: [], status: 200 }), read(v2Body()));
  });

  it("is malformed if the response has another form", () => {
    const refusals = [
      { code: "VEHICLE_NOT_FOUND", message: "x", details: [] },
      { error: {} },
      { statusCode: 403 },
      {},
      { errors: [{ message: "x" }] },
      { status: 404, title: "Not Found" },
      { ...v2Body(), status: 404 },
      { ...v2Body(), errors: [{ message: "x" }] },
      { batteryTemperature: okMember(20) },
      { chargerConnectionStatus: { isSupported: true } },
      { chargerConnectionStatus: "DISCONNECTED" },
    ];
    for (const body of [null, undefined, [], "text", 5, ...refusals]) {
      const result = readEnergyV2(body, now);
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" }, JSON.stringify(body));
    }
  });
});

import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Connection } from "../../../src/charging/connection";
import type { Measured } from "../../../src/charging/reading";
import { energyV1, readEnergyV1 } from "../../../src/volvo/energyV1";
import { v1Body, vinNumber } from "../../support/builders/builders";

const now = Date.UTC(2026, 10, 23, 8);
const noValue: Connection = { kind: "unknown", reason: { kind: "noValue" } };

function connectionOf(body: unknown): Measured<Connection> {
  const result = readEnergyV1(body, now);
  assert.ok(result.ok);
  return result.value.connection;
}

describe("Energy v1", () => {
  it("is requested at the path and in the media type that Volvo's portal specifies", () => {
    assert.equal(
      energyV1.path(vinNumber(7)),
      "/energy/v1/vehicles/YV1TEST0000000007/recharge-status/charging-connection-status",
    );
    assert.equal(energyV1.accept, "application/vnd.volvocars.api.energy.vehicledata.v1+json");
  });

  it("has five values", () => {
    const words: readonly (readonly [string, Connection])[] = [
      ["CONNECTION_STATUS_CONNECTED_AC", { kind: "connectedAc" }],
      ["CONNECTION_STATUS_CONNECTED_DC", { kind: "connectedDc" }],
      ["CONNECTION_STATUS_DISCONNECTED", { kind: "disconnected" }],
      ["CONNECTION_STATUS_FAULT", { kind: "fault" }],
      ["CONNECTION_STATUS_UNSPECIFIED", { kind: "unknown", reason: { kind: "notReported" } }],
    ];
    for (const [word, expected] of words) {
      assert.deepEqual(connectionOf(v1Body(word)), { value: expected, measuredAt: now - 30 * minuteMs });
      assert.deepEqual(connectionOf(v1Body(` ${word.toLowerCase()} `)).value, expected);
    }
  });

  it("keeps an unrecognized value unchanged", () => {
    for (const raw of ["CONNECTION_STATUS_CONNECTED_MCS", "Disconnected", "constructor", "__proto__", "toString"]) {
      assert.deepEqual(connectionOf(v1Body(raw)).value, { kind: "unknown", reason: { kind: "unrecognized", raw } });
    }
  });

  it("has no value if the member is empty or missing", () => {
    // Dielee/volvo2mqtt#158: an empty text, for plug-in hybrids.
    for (const value of [null, undefined, "", " ", 0, false, {}, []]) {
      assert.deepEqual(connectionOf(v1Body(value)).value, noValue);
    }
    const bodies = [{ data: {} }, { data: null }, { status: 200, data: {} }, { chargingConnectionStatus: null }];
    for (const body of [...bodies, { data: { chargingConnectionStatus: null } }, { error: null, data: {} }]) {
      assert.deepEqual(connectionOf(body), { value: noValue, measuredAt: undefined }, JSON.stringify(body));
    }
  });

  it("is read without its envelope, too", () => {
    const { data } = v1Body("CONNECTION_STATUS_FAULT");
    assert.deepEqual(connectionOf(data).value, { kind: "fault" });
  });

  it("has a measurement time if it is plausible", () => {
    const timeOf = (timestamp: unknown) => connectionOf(v1Body("CONNECTION_STATUS_FAULT", timestamp)).measuredAt;
    assert.equal(timeOf("2026-11-23T08:09:00Z"), now, "ten minutes ahead count as now");
    assert.equal(timeOf("2026-11-23T07:59:59.999Z"), now - 1);
    assert.equal(timeOf("2025-11-23T08:00:00Z"), now - 365 * dayMs);
    for (const odd of ["2026-11-23T08:10:01Z", "2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "", null, 5, "soon"]) {
      assert.equal(timeOf(odd), undefined, String(odd));
    }
    assert.equal(timeOf(new Date(now - secondMs).toISOString()), now - secondMs);
  });

  it("is malformed if the response has another form", () => {
    const { data } = v1Body("CONNECTION_STATUS_DISCONNECTED");
    const refusals = [
      { error: { message: "x" } },
      { statusCode: 404 },
      { error: "invalid_request" },
      { errors: [{ message: "x" }] },
      { errors: [{ message: "x" }], data: null },
      { status: 404, operationId: "1", data },
      { status: "404", data },
      { code: "VEHICLE_NOT_FOUND", data },
      {},
      { status: 200 },
      { data: [] },
      { data: "DISCONNECTED" },
    ];
    for (const body of [null, undefined, [], "CONNECTION_STATUS_DISCONNECTED", 5, true, ...refusals]) {
      const result = readEnergyV1(body, now);
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" }, JSON.stringify(body));
    }
  });
});

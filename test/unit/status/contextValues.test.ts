import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import { contextValues } from "../../../src/status/contextValues";
import { carOf, chargingDetails, measured, readingOf, viewStateOf } from "../present/viewStates";

describe("The context keys for `when` clauses", () => {
  const charging = carOf(1, { reading: readingOf("connectedAc", { details: chargingDetails }) });
  const old = readingOf("disconnected", { connection: measured({ kind: "disconnected" }, 26 * hourMs) });

  it("have the shown car's connection and staleness, and whether any car is plugged in, charges or has a fault", () => {
    const nothing = { connection: undefined, stale: false, pluggedIn: false, charging: false, fault: false };
    assert.deepEqual(contextValues(viewStateOf()), nothing);
    assert.deepEqual(contextValues(viewStateOf({ cars: [carOf(1)] })), { ...nothing, connection: "unknown" });
    const both = [charging, carOf(2, { reading: old })];
    const seen = { ...nothing, connection: "connectedAc", pluggedIn: true, charging: true };
    assert.deepEqual(contextValues(viewStateOf({ cars: both })), seen);
    const pinned = { "statusBar.vehicle": both[1]!.vin };
    assert.deepEqual(contextValues(viewStateOf({ cars: both, settings: pinned })), {
      ...seen,
      connection: "disconnected",
      stale: true,
    });
    const fault = carOf(3, { reading: readingOf("fault") });
    assert.deepEqual(contextValues(viewStateOf({ cars: [...both, fault] })), {
      ...seen,
      connection: "fault",
      fault: true,
    });
  });
});

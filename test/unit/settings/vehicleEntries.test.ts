import assert from "node:assert/strict";
import type { Vin } from "../../../src/charging/vin";
import { vehicleEntries } from "../../../src/settings/vehicleEntries";

const [a, b, c] = ["YV1TEST0000000001", "YV1TEST0000000002", "YV1TEST0000000003"] as Vin[] as [Vin, Vin, Vin];

describe("the written car list", () => {
  it("is a bare VIN for a car without a name and an object for one with a name", () => {
    assert.deepEqual(vehicleEntries([], [{ vin: a }, { vin: b, name: "Familjen" }]), [a, { vin: b, name: "Familjen" }]);
  });

  it("keeps entries that are not cars in their position", () => {
    assert.deepEqual(vehicleEntries([a, "MISTYPED", b, 7], [{ vin: b }]), [b, "MISTYPED", 7]);
    assert.deepEqual(vehicleEntries(["MISTYPED", a], [{ vin: a }, { vin: b }, { vin: c }]), ["MISTYPED", a, b, c]);
  });

  it("applies the new order", () => {
    assert.deepEqual(vehicleEntries([a, { vin: b }, c], [{ vin: c }, { vin: a }, { vin: b }]), [c, a, b]);
  });

  it("starts empty if the setting is not a list", () => {
    assert.deepEqual(vehicleEntries("oops", [{ vin: a }]), [a]);
    assert.deepEqual(vehicleEntries(undefined, []), []);
  });
});

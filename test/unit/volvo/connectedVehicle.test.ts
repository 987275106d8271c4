import assert from "node:assert/strict";
import { connectedVehicle, readCarModel, readVehicleList } from "../../../src/volvo/connectedVehicle";
import { vinNumber } from "../../support/builders/builders";

describe("the car list", () => {
  it("is requested at the path of Connected Vehicle v2", () => {
    assert.equal(connectedVehicle.listPath, "/connected-vehicle/v2/vehicles");
    assert.equal(connectedVehicle.detailsPath(vinNumber(3)), "/connected-vehicle/v2/vehicles/YV1TEST0000000003");
  });

  it("contains the VINs of the account, each once, in order", () => {
    const body = { data: [{ vin: vinNumber(2) }, { vin: vinNumber(1).toLowerCase() }, { vin: vinNumber(2) }] };
    assert.deepEqual(readVehicleList(body), { ok: true, value: [vinNumber(2), vinNumber(1)] });
  });

  it("may be empty", () => {
    assert.deepEqual(readVehicleList({ data: [] }), { ok: true, value: [] });
  });

  it("omits entries that are not cars and keeps the others", () => {
    const body = { data: [null, { vin: null }, { vin: 5 }, {}, "x", { vin: "SHORT" }, { vin: vinNumber(1) }] };
    assert.deepEqual(readVehicleList(body), { ok: true, value: [vinNumber(1)] });
  });

  it("is malformed if it contains no list", () => {
    for (const body of [null, [], {}, "x", { data: null }, { data: {} }, [{ vin: vinNumber(1) }]]) {
      const result = readVehicleList(body);
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" });
    }
  });
});

describe("a car's model name", () => {
  const named = (data: unknown) => readCarModel({ data });

  it("is its model and year", () => {
    const data = { vin: vinNumber(1), modelYear: 2024, fuelType: "NONE", descriptions: { model: " EX30 " } };
    assert.deepEqual(named(data), { ok: true, value: { model: "EX30", year: 2024 } });
    assert.deepEqual(readCarModel(data), named(data), "without the wrapper, as Volvo's specification has it");
    assert.deepEqual(named({ ...data, modelYear: "2024" }), named(data));
  });

  it("includes the fuel if Volvo's word for it is recognized", () => {
    const fuelOf = (fuelType: unknown) => {
      const result = named({ fuelType, descriptions: { model: "V60" } });
      return result.ok ? result.value.fuel : assert.fail("no model");
    };
    assert.equal(fuelOf("PETROL/ELECTRIC"), "plugInHybrid");
    for (const nothing of ["NONE", "HYDROGEN", "null", null, undefined, {}, ""])
      assert.equal(fuelOf(nothing), undefined);
  });

  it("is its model alone if the year is invalid", () => {
    for (const modelYear of [undefined, null, "next", 0, 1990, 2100, 2024.5, -1]) {
      assert.deepEqual(named({ modelYear, descriptions: { model: "C40" } }), { ok: true, value: { model: "C40" } });
    }
  });

  it("is unknown without a model", () => {
    const descriptions = [undefined, null, {}, { model: null }, { model: "" }, { model: "null" }, { model: 40 }, "C40"];
    for (const description of descriptions) {
      const result = named({ modelYear: 2024, descriptions: description });
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" });
    }
    for (const body of [null, [], "x", {}]) assert.equal(readCarModel(body).ok, false);
  });
});

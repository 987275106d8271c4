import type { CarModel, Fuel } from "../charging/carModel";
import { checkVin, type Vin } from "../charging/vin";
import { failed, type Result } from "../charging/failure";
import { asNumber, asObject, asText, member } from "./json";

/** Connected Vehicle API v2: the account's cars and their models. */
export const connectedVehicle = {
  listPath: "/connected-vehicle/v2/vehicles",
  detailsPath: (vin: Vin) => `/connected-vehicle/v2/vehicles/${vin}`,
  accept: "application/json",
} as const;

/** The VINs in `{data: [{vin}]}`; entries without a valid one are left out. An empty list is a valid answer. */
export function readVehicleList(body: unknown): Result<readonly Vin[]> {
  const data = member(asObject(body), "data");
  if (!Array.isArray(data)) return failed({ kind: "malformed" }, "not a vehicle list");
  const vins = data.flatMap((entry) => {
    const check = checkVin(asText(member(entry, "vin")) ?? "");
    return check.kind === "valid" ? [check.vin] : [];
  });
  return { ok: true, value: [...new Set(vins)] };
}

const fuelWords: Readonly<Partial<Record<string, Fuel>>> = {
  ELECTRIC: "electric",
  "PETROL/ELECTRIC": "plugInHybrid",
  "DIESEL/ELECTRIC": "plugInHybrid",
  PETROL: "gasoline",
  DIESEL: "diesel",
};

/**
 * Model, year, fuel and capacity in `{data: {modelYear, fuelType, batteryCapacityKWH, descriptions: {model}}}`. The fuel
 * `NONE` is ignored: an EX30 reports it although it is electric (fixture of home-assistant/core, 2024).
 */
export function readCarModel(body: unknown): Result<CarModel> {
  const root = asObject(body);
  const data = member(root, "data") ?? root;
  const model = asText(member(member(data, "descriptions"), "model"));
  if (model === undefined || model.toLowerCase() === "null") return failed({ kind: "malformed" }, "no model name");
  const year = asNumber(member(data, "modelYear"));
  const isYear = year !== undefined && Number.isInteger(year) && year > 1990 && year < 2100;
  const fuel = fuelWords[asText(member(data, "fuelType")) ?? ""];
  const batteryKwh = asNumber(member(data, "batteryCapacityKWH"));
  const isCapacity = batteryKwh !== undefined && batteryKwh >= 5 && batteryKwh <= 250;
  return {
    ok: true,
    value: { model, ...(isYear && { year }), ...(fuel && { fuel }), ...(isCapacity && { batteryKwh }) },
  };
}

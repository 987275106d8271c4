import type { Connection } from "../../../src/charging/connection";
import type { CarModel } from "../../../src/charging/carModel";
import type { Details, Measured } from "../../../src/charging/reading";
import type { Failure } from "../../../src/charging/failure";

/** Written by hand from Volvo's documents and the issues about each response; nothing here is computed. */

export interface ExpectedReading {
  readonly way: "v1" | "v2";
  readonly connection: Measured<Connection>;
  readonly details: Details;
}

const at = (iso: string): number => Date.parse(iso);
const unplugged: Connection = { kind: "disconnected" };
const noValue: Connection = { kind: "unknown", reason: { kind: "noValue" } };

export const readings: Readonly<Record<string, ExpectedReading>> = {
  // The envelope with strings; charging-connection-status is requested alone, so nothing else is read.
  "v1-recharge-status.200.openhab-2024-10.json": {
    way: "v1",
    connection: { value: unplugged, measuredAt: at("2024-10-22T07:04:46Z") },
    details: {},
  },
  "v1-recharge-status.200.connected-ac-2024-12.json": {
    way: "v1",
    connection: { value: { kind: "connectedAc" }, measuredAt: at("2024-12-30T14:30:08Z") },
    details: {},
  },
  // The quotation ends before the connection: a missing member is no value, regardless of the system status.
  "v1-recharge-status.200.xc40-bev-2024-08.json": {
    way: "v1",
    connection: { value: noValue, measuredAt: undefined },
    details: {},
  },
  // 200 with `data: {}`, for weeks.
  "v1-recharge-status.200.no-data-2023-12.json": {
    way: "v1",
    connection: { value: noValue, measuredAt: undefined },
    details: {},
  },
  "v2-state.200.ex-charging-2026-08.json": {
    way: "v2",
    connection: { value: { kind: "connectedAc" }, measuredAt: at("2026-08-21T14:16:22Z") },
    details: {
      batteryLevel: { value: 88, measuredAt: at("2026-08-21T14:16:22Z") },
      range: { value: { amount: 320, unit: "km" }, measuredAt: at("2026-08-21T14:16:22Z") },
      chargingStatus: { value: "charging", measuredAt: at("2026-08-21T14:16:22Z") },
      powerStatus: { value: "providingPower", measuredAt: at("2026-08-21T14:16:22Z") },
      power: { value: 10656, measuredAt: at("2026-08-21T14:16:22Z") },
      targetLevel: { value: 90, measuredAt: at("2026-06-02T08:42:04Z") },
      currentLimit: { value: 32, measuredAt: at("2025-05-11T11:59:33Z") },
      minutesToTarget: { value: 10, measuredAt: at("2026-08-21T14:16:22Z") },
    },
  },
  // Range in `miles`; the current limit is PROPERTY_NOT_SUPPORTED; the quotation ends before target and power.
  "v2-state.200.phev-charging-2026-04.json": {
    way: "v2",
    connection: { value: { kind: "connectedAc" }, measuredAt: at("2026-04-10T00:18:12Z") },
    details: {
      batteryLevel: { value: 79, measuredAt: at("2026-04-10T00:18:12Z") },
      range: { value: { amount: 24, unit: "mi" }, measuredAt: at("2026-04-10T00:18:12Z") },
      chargingStatus: { value: "charging", measuredAt: at("2026-04-10T00:18:12Z") },
      powerStatus: { value: "providingPower", measuredAt: at("2026-04-10T00:18:12Z") },
      minutesToTarget: { value: 58, measuredAt: at("2026-04-10T00:18:12Z") },
    },
  },
  // Range in `mi`; limit and target set more than a year before.
  "v2-state.200.xc40-charging-2025-07.json": {
    way: "v2",
    connection: { value: { kind: "connectedAc" }, measuredAt: at("2025-07-02T08:51:23Z") },
    details: {
      batteryLevel: { value: 53, measuredAt: at("2025-07-02T08:51:23Z") },
      range: { value: { amount: 150, unit: "mi" }, measuredAt: at("2025-07-02T08:51:23Z") },
      chargingStatus: { value: "charging", measuredAt: at("2025-07-02T08:51:23Z") },
      powerStatus: { value: "providingPower", measuredAt: at("2025-07-02T08:51:23Z") },
      power: { value: 1386, measuredAt: at("2025-07-02T08:51:23Z") },
      targetLevel: { value: 90, measuredAt: at("2024-09-22T09:40:12Z") },
      currentLimit: { value: 32, measuredAt: at("2024-03-05T08:38:44Z") },
      minutesToTarget: { value: 1440, measuredAt: at("2025-07-02T08:51:23Z") },
    },
  },
  // A plug-in hybrid that has three of the ten members; its DISCONNECTED is a value.
  "v2-state.200.xc60-phev-2025-08.json": {
    way: "v2",
    connection: { value: unplugged, measuredAt: at("2025-08-07T20:29:18Z") },
    details: {
      chargingStatus: { value: "idle", measuredAt: at("2025-08-07T20:29:18Z") },
      targetLevel: { value: 80, measuredAt: at("2024-09-22T09:40:12Z") },
    },
  },
  // A response to another request, as a misconfigured server might return it: its data contain no connection.
  "cv2-engine-status.200.null-unit-2026-08.json": {
    way: "v1",
    connection: { value: noValue, measuredAt: undefined },
    details: {},
  },
};

const quota: Failure = { kind: "quotaSpent", waitMs: 3 * 3_600_000 + 30 * 60_000 + 56_000 };
const aboutTheCar: Failure = { kind: "notFound", market: true };

export const failures: Readonly<Record<string, Partial<Record<"v1" | "v2" | "carList" | "carModel", Failure>>>> = {
  // The key and not the token, although both are a 401.
  "gateway.401.invalid-key.json": { v1: { kind: "apiKeyRefused" }, v2: { kind: "apiKeyRefused" } },
  "v1.401.full-authentication.json": { v1: { kind: "tokenRefused" }, v2: { kind: "tokenRefused" } },
  // The daily quota and not the sign-in, although it is a 403.
  "gateway.403.quota.json": { v1: quota, v2: quota, carList: quota, carModel: quota },
  "location.403.market.json": { v2: { kind: "forbidden", what: "scope" }, v1: { kind: "forbidden", what: "scope" } },
  "v1.403.no-relationship.json": { v1: { kind: "forbidden", what: "car" }, v2: { kind: "forbidden", what: "car" } },
  // The model, permanently.
  "v1.404.car-model-not-supported.json": { v1: { kind: "notSupported" } },
  "v1.404.not-supported-model.json": { v1: { kind: "notSupported" } },
  // The car, for now; in the forms of the Connected Vehicle API and of Energy v2.
  "cv2.404.market.json": { carModel: aboutTheCar, v1: aboutTheCar, v2: aboutTheCar },
  "v2.404.vehicle-not-found.json": { v2: aboutTheCar },
  // The route: the only one of the four 404s that means another version.
  "gateway.404.resource-not-found.json": { v1: { kind: "routeGone" }, v2: { kind: "routeGone" } },
  "v1.500.internal.json": { v1: { kind: "unavailable", status: 500 }, v2: { kind: "unavailable", status: 500 } },
  "cv2.500.internal.json": {
    carList: { kind: "unavailable", status: 500 },
    carModel: { kind: "unavailable", status: 500 },
  },
  // A response of the token endpoint says nothing about the sign-in if it comes from an API.
  "token.400.invalid-grant.json": {
    v1: { kind: "requestRefused" },
    v2: { kind: "requestRefused" },
  },
  // Answers to other questions, whose members have no state.
  "v2-capabilities.200.all-but-current-limit-2026-05.json": { v2: { kind: "malformed" } },
  "v2-capabilities.200.xc60-phev-2020.json": { v2: { kind: "malformed" } },
  "token.200.2026.json": { v1: { kind: "malformed" }, v2: { kind: "malformed" } },
  "token.200.no-refresh-token-2025-07.json": { v1: { kind: "malformed" }, v2: { kind: "malformed" } },
  "cv2-vehicles.200.demo.json": { carModel: { kind: "malformed" } },
  "cv2-vehicle.200.demo.json": { carList: { kind: "malformed" } },
};

export const lists: Readonly<Record<string, readonly string[]>> = {
  // Volvo's demo cars: "DEMO" ends in an O, which no VIN has (ISO 3779), so that they cannot be configured.
  "cv2-vehicles.200.demo.json": [],
};

export const models: Readonly<Record<string, CarModel>> = {
  "cv2-vehicle.200.demo.json": { model: "V60 II", year: 2019, fuel: "diesel", batteryKwh: 78 },
  // An electric car whose fuelType is NONE.
  "cv2-vehicle.200.ex30-2024.json": { model: "EX30", year: 2024, batteryKwh: 66 },
  // Its upholstery is the text "null".
  "cv2-vehicle.200.xc40-electric-2024.json": { model: "XC40", year: 2024, fuel: "electric", batteryKwh: 81.608 },
  "cv2-vehicle.200.xc60-phev-2020.json": { model: "XC60", year: 2020, fuel: "plugInHybrid", batteryKwh: 11.832 },
};

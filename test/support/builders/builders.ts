import type { Logger } from "../../../src/base/log";
import type { Connection } from "../../../src/charging/connection";
import type { Reading } from "../../../src/charging/reading";
import type { CarEvent, CarEventKind } from "../../../src/charging/changes";
import { checkVin, type Vin } from "../../../src/charging/vin";

/** Throws if `text` is not a VIN. */
export function vinOf(text: string): Vin {
  const check = checkVin(text);
  if (check.kind !== "valid") throw new Error(`${text} is not a VIN`);
  return check.vin;
}

/** The VIN of the n-th test car. */
export function vinNumber(n: number): Vin {
  return vinOf(`YV1TEST${String(n).padStart(10, "0")}`);
}

/** A reading of one answer; by default of an unplugged car. */
export function aReading(changes: Partial<Reading> = {}): Reading {
  return {
    connection: { value: { kind: "disconnected" }, measuredAt: undefined },
    details: {},
    servedBy: "v2",
    fetchedAt: Date.UTC(2026, 10, 23, 8),
    ...changes,
  };
}

/** {@link aReading} with this connection, measured at `measuredAt`. */
export function readingOf(
  kind: Exclude<Connection["kind"], "unknown">,
  measuredAt: number | undefined,
  changes: Partial<Reading> = {},
): Reading {
  return aReading({ connection: { value: { kind }, measuredAt }, ...changes });
}

/** An event of a car. An event of a battery level is 80 %, rising. */
export function carEvent(kind: CarEventKind, vin: Vin, since: number, at: number): CarEvent {
  const event = { id: "1", vin, since, at };
  return kind === "batteryLevel" ? { ...event, kind, level: 80, direction: "up" } : { ...event, kind };
}

/** An answer of Energy v1, `charging-connection-status`. */
export function v1Body(value: unknown, timestamp: unknown = "2026-11-23T07:30:00Z"): Record<string, unknown> {
  return {
    status: 200,
    operationId: "3f1c8a54-6d0e-4b7a-9c21-7e5a90b4d601",
    data: { chargingConnectionStatus: { value, timestamp } },
  };
}

/** A member of an Energy v2 answer with a value. */
export function okMember(value: unknown, unit?: unknown, updatedAt: unknown = "2026-11-23T07:30:00Z") {
  return { status: "OK", value, updatedAt, ...(unit !== undefined && { unit }) };
}

/** A member of an Energy v2 answer without a value. */
export function errorMember(code: unknown = "PROPERTY_NOT_FOUND") {
  return { status: "ERROR", code, message: "No valid value could be found for the requested property" };
}

/** An answer of Energy v2 with all ten members, for a car that charges at an AC charger. */
export function v2Body(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    batteryChargeLevel: okMember(53, "percentage"),
    electricRange: okMember(250, "km"),
    chargerConnectionStatus: okMember("CONNECTED"),
    chargingStatus: okMember("CHARGING"),
    chargingType: okMember("AC"),
    chargerPowerStatus: okMember("PROVIDING_POWER"),
    estimatedChargingTimeToTargetBatteryChargeLevel: okMember(90, "minutes"),
    chargingCurrentLimit: okMember(32, "ampere"),
    targetBatteryChargeLevel: okMember(90, "percentage"),
    chargingPower: okMember(10656, "watts"),
    ...changes,
  };
}

export const v2Members = Object.keys(v2Body());

/** A log that records its lines, each as `level message`. */
export class RecordingLog implements Logger {
  readonly lines: string[] = [];
  trace = (message: string) => void this.lines.push(`trace ${message}`);
  debug = (message: string) => void this.lines.push(`debug ${message}`);
  info = (message: string) => void this.lines.push(`info ${message}`);
  warn = (message: string) => void this.lines.push(`warn ${message}`);
  error = (message: string) => void this.lines.push(`error ${message}`);
}

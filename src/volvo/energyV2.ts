import type { Connection } from "../charging/connection";
import {
  type ChargerType,
  type ChargingStatus,
  type Details,
  type Distance,
  type Measured,
  plausibleTime,
  type PowerStatus,
  type Reading,
  type Word,
} from "../charging/reading";
import type { Vin } from "../charging/vin";
import { failed, type Result } from "../charging/failure";
import { asNumber, asObject, asText, asTime, member } from "./json";

/** Energy API v2, `state`: the whole state of one car in one answer without an envelope. */
export const energyV2 = {
  path: (vin: Vin) => `/energy/v2/vehicles/${vin}/state`,
  accept: "application/json",
} as const;

/** One of the ten members as it came: a value with its own time and unit, or the code of an error. */
type Member =
  | {
      readonly kind: "value";
      readonly value: unknown;
      readonly unit: string | undefined;
      readonly measuredAt: number | undefined;
    }
  | { readonly kind: "absent"; readonly supported: boolean };

/** The codes of a member that this car never has; every other code means no value at the moment. */
const unsupportedCodes = new Set(["NOT_SUPPORTED", "PROPERTY_NOT_SUPPORTED"]);

const chargerWords: Readonly<Record<string, ChargerType>> = { AC: "ac", DC: "dc" };

const chargingWords: Readonly<Record<string, ChargingStatus>> = {
  CHARGING: "charging",
  IDLE: "idle",
  DONE: "done",
  SCHEDULED: "scheduled",
  DISCHARGING: "discharging",
  ERROR: "fault",
  FAULT: "fault",
};

const powerWords: Readonly<Record<string, PowerStatus>> = {
  NO_POWER_AVAILABLE: "noPowerAvailable",
  PROVIDING_POWER: "providingPower",
  POWER_AVAILABLE_BUT_NOT_ACTIVATED: "powerAvailableButNotActivated",
  INITIALIZATION: "initialising",
  FAULT: "fault",
};

const units: Readonly<Record<string, Distance["unit"]>> = { km: "km", kilometers: "km", mi: "mi", miles: "mi" };

/** The longest charging time that is a time and not a placeholder such as 65535, in minutes. */
const longestChargeMinutes = 7 * 24 * 60;

/**
 * The reading in a v2 answer. Each member stands for itself: one in error takes nothing else down, and one that is
 * missing never means "unplugged". What is no such answer at all is malformed. Never throws. `now` in ms.
 */
export function readEnergyV2(body: unknown, now: number): Result<Reading> {
  const root = asObject(body);
  const isRefusal = ["error", "code", "statusCode"].some((name) => member(root, name) !== undefined);
  if (!root || isRefusal) return failed({ kind: "malformed" }, "not an Energy v2 answer");
  const look = (name: string) => memberOf(member(root, name), now);
  const connection = look("chargerConnectionStatus");
  const type = measured(look("chargingType"), chargerType);
  const reading: Reading = {
    connection: {
      value: connectionOf(connection),
      measuredAt: connection.kind === "value" ? connection.measuredAt : undefined,
    },
    ...(type && { chargerType: type }),
    details: detailsOf(look),
    servedBy: "v2",
    fetchedAt: now,
  };
  return { ok: true, value: reading };
}

function memberOf(raw: unknown, now: number): Member {
  const status = asText(member(raw, "status"))?.toUpperCase() ?? "OK";
  const value = member(raw, "value");
  if (status !== "OK" || value === undefined) {
    return { kind: "absent", supported: !unsupportedCodes.has(asText(member(raw, "code"))?.toUpperCase() ?? "") };
  }
  const measuredAt = plausibleTime(asTime(member(raw, "updatedAt")), now);
  return { kind: "value", value, unit: asText(member(raw, "unit"))?.toLowerCase(), measuredAt };
}

function connectionOf(source: Member): Connection {
  if (source.kind === "absent") {
    return { kind: "unknown", reason: { kind: source.supported ? "noValue" : "notSupported" } };
  }
  const word = asText(source.value);
  switch (word?.toUpperCase()) {
    case "CONNECTED":
      return { kind: "connected" };
    case "DISCONNECTED":
      return { kind: "disconnected" };
    case "FAULT":
      return { kind: "fault" };
    case "UNSPECIFIED":
      return { kind: "unknown", reason: { kind: "notReported" } };
    default:
      return {
        kind: "unknown",
        reason: word === undefined ? { kind: "noValue" } : { kind: "unrecognised", raw: word },
      };
  }
}

function detailsOf(look: (name: string) => Member): Details {
  const found = {
    batteryLevel: measured(look("batteryChargeLevel"), within(0, 100)),
    range: measured(look("electricRange"), distance),
    chargingStatus: measured(look("chargingStatus"), wordFrom(chargingWords)),
    powerStatus: measured(look("chargerPowerStatus"), wordFrom(powerWords)),
    power: measured(look("chargingPower"), within(0, 1_000_000)),
    targetLevel: measured(look("targetBatteryChargeLevel"), within(1, 100)),
    currentLimit: measured(look("chargingCurrentLimit"), within(0, 1_000)),
    minutesToTarget: measured(look("estimatedChargingTimeToTargetBatteryChargeLevel"), within(0, longestChargeMinutes)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

type Read<T> = (value: unknown, unit: string | undefined) => T | undefined;

function measured<T>(source: Member, read: Read<T>): Measured<T> | undefined {
  if (source.kind === "absent") return undefined;
  const value = read(source.value, source.unit);
  return value === undefined ? undefined : { value, measuredAt: source.measuredAt };
}

function within(lowest: number, highest: number): Read<number> {
  return (value) => {
    const number = asNumber(value);
    return number !== undefined && number >= lowest && number <= highest ? number : undefined;
  };
}

/** The unit follows the locale of the account, so a range without a known one says nothing. */
const distance: Read<Distance> = (value, unit = "") => {
  const amount = within(0, 5_000)(value, unit);
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return amount !== undefined && known ? { amount, unit: known } : undefined;
};

function wordFrom<T extends string>(known: Readonly<Record<string, T>>): Read<Word<T>> {
  return (value) => {
    const raw = asText(value);
    const key = raw?.toUpperCase() ?? "UNSPECIFIED";
    if (raw === undefined || key === "UNSPECIFIED") return undefined;
    return (Object.hasOwn(known, key) ? known[key] : undefined) ?? { raw };
  };
}

/** `NONE` is what a car says that is not plugged in, or does not tell. */
const chargerType: Read<Word<ChargerType>> = (value, unit) =>
  asText(value)?.toUpperCase() === "NONE" ? undefined : wordFrom(chargerWords)(value, unit);

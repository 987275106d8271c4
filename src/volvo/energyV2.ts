import type { Connection } from "../charging/connection";
import {
  type ChargerType,
  type ChargingStatus,
  type Details,
  type Distance,
  longestChargeMinutes,
  type Measured,
  plausibleTime,
  type PowerStatus,
  type Reading,
  type Word,
} from "../charging/reading";
import type { Vin } from "../charging/vin";
import { failed, type Result } from "../charging/failure";
import { asNumber, asText, asTime, hasMember, member, saysRefused } from "./json";

/** Energy API v2, `state`: the whole state of one car in one answer without an envelope. */
export const energyV2 = {
  path: (vin: Vin) => `/energy/v2/vehicles/${vin}/state`,
  accept: "application/json",
} as const;

/** One of the ten members as received: a value with its own time and unit, or no value. */
type Member =
  | {
      readonly kind: "value";
      readonly value: unknown;
      readonly unit: string | undefined;
      readonly measuredAt: number | undefined;
    }
  | { readonly kind: "absent"; readonly supported: boolean };

/** The error codes of a member that this car never has. Every other code means that there is no value at the moment. */
const unsupportedCodes = new Set(["NOT_SUPPORTED", "PROPERTY_NOT_SUPPORTED"]);

const members = [
  "chargerConnectionStatus",
  "chargingType",
  "batteryChargeLevel",
  "electricRange",
  "chargingStatus",
  "chargerPowerStatus",
  "chargingPower",
  "targetBatteryChargeLevel",
  "chargingCurrentLimit",
  "estimatedChargingTimeToTargetBatteryChargeLevel",
] as const;
type MemberName = (typeof members)[number];

/** Includes v1's words, which v2 has used and which name the charger. */
const connectionWords: Readonly<Record<string, Connection>> = {
  CONNECTED: { kind: "connected" },
  CONNECTED_AC: { kind: "connectedAc" },
  CONNECTED_DC: { kind: "connectedDc" },
  DISCONNECTED: { kind: "disconnected" },
  FAULT: { kind: "fault" },
  UNSPECIFIED: { kind: "unknown", reason: { kind: "notReported" } },
};

/** The prefix of v1's words, which v2's do not have. */
const v1Prefix = /^(?:CONNECTION_STATUS|CHARGING_SYSTEM)_/;

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

/**
 * The reading in a v2 answer. Each member is read on its own: an error in one does not affect the others, and a missing
 * one never means "unplugged". A body with none of the ten members is malformed. Never throws. `now` in ms.
 */
export function readEnergyV2(body: unknown, now: number): Result<Reading> {
  const isAnswer = members.some((name) => isMember(body, name));
  if (!isAnswer || saysRefused(body)) return failed({ kind: "malformed" }, "not an Energy v2 answer");
  const look = (name: MemberName) => memberOf(member(body, name), now);
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

/** Whether the body has this member with a status or a value: other answers of the API have members of the same names. */
function isMember(body: unknown, name: MemberName): boolean {
  const raw = member(body, name);
  return raw === undefined ? hasMember(body, name) : hasMember(raw, "status") || hasMember(raw, "value");
}

function memberOf(raw: unknown, now: number): Member {
  const status = member(raw, "status");
  const isOk = status === undefined || asText(status)?.toUpperCase() === "OK";
  const value = member(raw, "value");
  if (!isOk || value === undefined) {
    return { kind: "absent", supported: !unsupportedCodes.has(asText(member(raw, "code"))?.toUpperCase() ?? "") };
  }
  const measuredAt = plausibleTime(asTime(member(raw, "updatedAt")), now);
  return { kind: "value", value, unit: asText(member(raw, "unit"))?.toLowerCase(), measuredAt };
}

function connectionOf(source: Member): Connection {
  if (source.kind === "absent") {
    return { kind: "unknown", reason: { kind: source.supported ? "noValue" : "notSupported" } };
  }
  const raw = asText(source.value);
  if (raw === undefined) return { kind: "unknown", reason: { kind: "noValue" } };
  return meaningOf(raw, connectionWords) ?? { kind: "unknown", reason: { kind: "unrecognized", raw } };
}

/** The meaning of a word in v2's or v1's form, in upper or lower case. */
function meaningOf<T>(raw: string, words: Readonly<Record<string, T>>): T | undefined {
  const word = raw.toUpperCase().replace(v1Prefix, "");
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

function detailsOf(look: (name: MemberName) => Member): Details {
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

/** The unit depends on the account's locale, so a range without a known unit is ignored. */
const distance: Read<Distance> = (value, unit = "") => {
  const amount = within(0, 5_000)(value, unit);
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return amount !== undefined && known ? { amount, unit: known } : undefined;
};

function wordFrom<T extends string>(known: Readonly<Record<string, T>>): Read<Word<T>> {
  return (value) => {
    const raw = asText(value);
    if (raw === undefined || meaningOf(raw, { UNSPECIFIED: true })) return undefined;
    return meaningOf(raw, known) ?? { raw };
  };
}

/** A car reports `NONE` if it is not plugged in or does not know the charger. */
const chargerType: Read<Word<ChargerType>> = (value, unit) =>
  asText(value)?.toUpperCase() === "NONE" ? undefined : wordFrom(chargerWords)(value, unit);

import type { SimulatedCar } from "../car";
import { type EnergyMember, isNotSupported, wireTime } from "../energyState";
import { energyV1MediaType } from "./gateway";
import { jsonAnswer, type SimulatedAnswer } from "../http";
import { problemAnswer, type ProblemContext, unroutedAnswer } from "./problemAnswer";

interface WireMember {
  readonly value: string;
  readonly unit?: string;
  readonly timestamp: string;
}

interface Resource {
  readonly member: string;
  /** The member of the energy state with this value. */
  readonly from: EnergyMember;
  readonly scope: string;
  readonly value: (car: SimulatedCar, raw: string | number) => string;
}

/** The resources of Energy v1 by path. All values are strings, including numbers (Dielee/volvo2mqtt#181). */
const resources: Readonly<Record<string, Resource>> = {
  "battery-charge-level": {
    member: "batteryChargeLevel",
    from: "batteryChargeLevel",
    scope: "energy:battery_charge_level",
    value: (_, raw) => Number(raw).toFixed(1),
  },
  "electric-range": {
    member: "electricRange",
    from: "electricRange",
    scope: "energy:electric_range",
    value: (_, raw) => String(raw),
  },
  "estimated-charging-time": {
    member: "estimatedChargingTime",
    from: "estimatedChargingTimeToTargetBatteryChargeLevel",
    scope: "energy:estimated_charging_time",
    value: (_, raw) => String(raw),
  },
  "charging-connection-status": {
    member: "chargingConnectionStatus",
    from: "chargerConnectionStatus",
    scope: "energy:charging_connection_status",
    value: connectionWord,
  },
  "charging-system-status": {
    member: "chargingSystemStatus",
    from: "chargingStatus",
    scope: "energy:charging_system_status",
    value: (_, raw) => `CHARGING_SYSTEM_${raw === "ERROR" ? "FAULT" : raw}`,
  },
  "target-battery-charge-level": {
    member: "targetBatteryChargeLevel",
    from: "targetBatteryChargeLevel",
    scope: "energy:target_battery_level",
    value: (_, raw) => String(raw),
  },
  "charging-current-limit": {
    member: "chargingCurrentLimit",
    from: "chargingCurrentLimit",
    scope: "energy:charging_current_limit",
    value: (_, raw) => String(raw),
  },
};

const unitOf: Readonly<Record<string, string>> = { km: "kilometers", mi: "miles" };

/**
 * The scopes a call needs. `recharge-status` has no scope of its own: it returns the values that the token's scopes
 * cover.
 */
export function energyV1Scopes(resource: string | undefined): readonly string[] {
  const scope = resource === undefined ? undefined : resources[resource]?.scope;
  return scope === undefined ? ["openid"] : ["openid", scope];
}

/**
 * Answers `recharge-status` or one of its resources (Volvo Energy API v1 specification): an envelope with `status` and
 * `operationId`, and each value with its measurement time.
 */
export function energyV1Answer(
  car: SimulatedCar,
  resource: string | undefined,
  scopes: ReadonlySet<string>,
  context: ProblemContext,
): SimulatedAnswer {
  const wanted = resource === undefined ? Object.values(resources) : [resources[resource]];
  if (car.description.energySupported === false) {
    return problemAnswer(context, 404, "NOT_FOUND", "Car model is not supported");
  }
  const data: Record<string, WireMember> = {};
  for (const entry of wanted) {
    if (!entry) return unroutedAnswer();
    if (!scopes.has(entry.scope)) continue;
    if (resource !== undefined && isNotSupported(car.energy[entry.from])) {
      return problemAnswer(context, 404, "NOT_FOUND", "Resource not supported for this vehicle model");
    }
    const member = wireMember(car, entry);
    if (member) data[entry.member] = member;
  }
  const body = { status: 200, operationId: context.operationId, data };
  return jsonAnswer(200, body, { "content-type": energyV1MediaType });
}

function wireMember(car: SimulatedCar, { from, value }: Resource): WireMember | undefined {
  const member = car.energy[from];
  if (member.status === "ERROR") {
    // v1 has a separate word for a connection without a value. Its time is that of the last report.
    if (from !== "chargerConnectionStatus" || isNotSupported(member)) return undefined;
    return { value: "CONNECTION_STATUS_UNSPECIFIED", timestamp: wireTime(car.reportedAtMs) };
  }
  const unit = member.unit === undefined ? undefined : (unitOf[member.unit] ?? member.unit);
  return {
    value: value(car, member.value),
    ...(unit !== undefined && { unit }),
    timestamp: wireTime(member.updatedAtMs),
  };
}

/** v1 distinguishes AC and DC in the connection itself, and has no word for a connection of unknown type. */
function connectionWord(car: SimulatedCar, raw: string | number): string {
  if (raw !== "CONNECTED") return `CONNECTION_STATUS_${raw}`;
  const type = car.energy.chargingType;
  const known = type.status === "OK" && (type.value === "AC" || type.value === "DC");
  return known ? `CONNECTION_STATUS_CONNECTED_${type.value}` : "CONNECTION_STATUS_UNSPECIFIED";
}

/** The ten members of an energy state, in the order of the Volvo Energy API v2 specification. */
export const energyMembers = [
  "batteryChargeLevel",
  "electricRange",
  "chargerConnectionStatus",
  "chargingStatus",
  "chargingType",
  "chargerPowerStatus",
  "estimatedChargingTimeToTargetBatteryChargeLevel",
  "chargingCurrentLimit",
  "targetBatteryChargeLevel",
  "chargingPower",
] as const;

export type EnergyMember = (typeof energyMembers)[number];

/** A value the car has reported, with its measurement time. */
export interface MeasuredMember {
  readonly status: "OK";
  readonly value: string | number;
  readonly unit?: string;
  /** Milliseconds since the epoch. */
  readonly updatedAtMs: number;
}

/** A value Volvo cannot provide. Some cars omit the message (home-assistant/core fixtures). */
export interface MissingMember {
  readonly status: "ERROR";
  readonly code: string;
  readonly message?: string;
}

export type EnergyMemberState = MeasuredMember | MissingMember;

/** Volvo's data about a car's battery and plug. Each member has its own age. */
export type EnergyState = Readonly<Record<EnergyMember, EnergyMemberState>>;

/** The car never provides this value. Wording from the example in the Volvo Energy API v2 specification. */
export const notSupported: MissingMember = {
  status: "ERROR",
  code: "NOT_SUPPORTED",
  message: "Property is not supported by vehicle",
};

/** The value is temporarily unavailable (home-assistant/core#150751). */
export const notFound: MissingMember = {
  status: "ERROR",
  code: "PROPERTY_NOT_FOUND",
  message: "No valid value could be found for the requested property",
};

/** True if a car never provides this value, under either spelling of the code (home-assistant/core#167850). */
export function isNotSupported(member: EnergyMemberState): boolean {
  return member.status === "ERROR" && /^(PROPERTY_)?NOT_SUPPORTED$/.test(member.code);
}

/** ISO 8601 in whole seconds with `Z`, the format both Energy versions use in practice. */
export function wireTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

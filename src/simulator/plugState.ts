import { type EnergyMemberState, type EnergyState, type MeasuredMember, notFound } from "./energyState";

/** Short names for the states of a car's plug. */
export const plugStates = ["ac", "dc", "plugged", "disconnected", "fault", "unspecified"] as const;

export type PlugState = (typeof plugStates)[number];

export interface PlugReport {
  /** Measurement time of the whole report, in milliseconds since the epoch. */
  readonly measuredAtMs: number;
  /** Percent. */
  readonly batteryLevel: number;
  /** Percent. */
  readonly targetLevel: number;
  /** Usable battery capacity in kWh. */
  readonly batteryKwh: number;
  /** Range with a full battery, in `rangeUnit`. */
  readonly fullRange: number;
  readonly rangeUnit: string;
  /** Charging power in watts. */
  readonly chargingWatts: ChargingWatts;
  /** The time when the owner set target level and current limit, often months ago (home-assistant/core#179741). */
  readonly limitsSetAtMs: number;
}

interface Words {
  readonly connection: string | undefined;
  readonly charging: string;
  readonly type: string;
  readonly power: string;
}

/** Word combinations of the Volvo Energy API v2 in reports of real cars. There is no official list. */
const wordsOf: Readonly<Record<PlugState, Words>> = {
  ac: { connection: "CONNECTED", charging: "CHARGING", type: "AC", power: "PROVIDING_POWER" },
  dc: { connection: "CONNECTED", charging: "CHARGING", type: "DC", power: "PROVIDING_POWER" },
  plugged: { connection: "CONNECTED", charging: "IDLE", type: "NONE", power: "NO_POWER_AVAILABLE" },
  disconnected: { connection: "DISCONNECTED", charging: "IDLE", type: "NONE", power: "NO_POWER_AVAILABLE" },
  fault: { connection: "FAULT", charging: "ERROR", type: "NONE", power: "FAULT" },
  unspecified: { connection: undefined, charging: "IDLE", type: "NONE", power: "NO_POWER_AVAILABLE" },
};

export type ChargingWatts = Readonly<Record<"ac" | "dc", number>>;

/** A three-phase wall box and a fast charger. */
export const usualChargingWatts: ChargingWatts = { ac: 10_656, dc: 82_000 };

/** The full energy state of a car whose plug is in `state`. A car at its target has finished charging. */
export function energyStateOf(state: PlugState, report: PlugReport): EnergyState {
  const at = report.measuredAtMs;
  const done = (state === "ac" || state === "dc") && report.batteryLevel >= report.targetLevel;
  const words: Words = done ? { ...wordsOf[state], charging: "DONE", power: "NO_POWER_AVAILABLE" } : wordsOf[state];
  const watts = words.charging === "CHARGING" && (state === "ac" || state === "dc") ? report.chargingWatts[state] : 0;
  const word = (value: string): MeasuredMember => ({ status: "OK", value, updatedAtMs: at });
  const number = (value: number, unit: string, updatedAtMs = at): EnergyMemberState => ({
    status: "OK",
    value,
    unit,
    updatedAtMs,
  });
  return {
    batteryChargeLevel: number(report.batteryLevel, "percentage"),
    electricRange: number(Math.round((report.fullRange * report.batteryLevel) / 100), report.rangeUnit),
    chargerConnectionStatus: words.connection === undefined ? notFound : word(words.connection),
    chargingStatus: word(words.charging),
    chargingType: word(words.type),
    chargerPowerStatus: word(words.power),
    estimatedChargingTimeToTargetBatteryChargeLevel: number(minutesToTarget(report, watts), "minutes"),
    chargingCurrentLimit: number(32, "ampere", report.limitsSetAtMs),
    targetBatteryChargeLevel: number(report.targetLevel, "percentage", report.limitsSetAtMs),
    // Volvo reports no charging power while the car is not charging (home-assistant/core#150751).
    chargingPower: watts > 0 ? number(watts, "watts") : notFound,
  };
}

/** Zero while the car is not charging, as in reports of real cars. */
function minutesToTarget(report: PlugReport, watts: number): number {
  if (watts === 0) return 0;
  const missingKwh = (Math.max(0, report.targetLevel - report.batteryLevel) / 100) * report.batteryKwh;
  return Math.round((missingKwh / (watts / 1_000)) * 60);
}

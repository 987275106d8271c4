import type { ConnectionKind, UnknownReason } from "../charging/connection";
import type { Problem } from "../charging/problem";
import type { Vin } from "../charging/vin";
import { type ChargingStatus, type Distance, isStale } from "../charging/reading";
import { expectedDoneAt } from "../charging/targetReached";
import { namesWithoutVins } from "../present/carNames";
import { isoText } from "../present/times";
import type { CarView, ViewState } from "../present/viewState";

/**
 * The status for other programs: version 1 of a contract, described in docs/integrations.md. Within version 1, members
 * may be added but never changed or removed. It contains no VIN or part of one, no account and no secret. Times are ISO
 * 8601 in UTC.
 */
export interface Status {
  readonly version: 1;
  /** True if the vehicles are simulated. */
  readonly demo: boolean;
  readonly asOf: string;
  readonly vehicles: readonly VehicleStatus[];
}

/** The reason for an unknown connection. */
export type StatusReason = UnknownReason["kind"] | "notChecked";

/** One vehicle. Unknown members are absent. */
export interface VehicleStatus {
  readonly id: string;
  readonly name: string;
  readonly connection: ConnectionKind;
  /** Present if the connection is unknown. */
  readonly reason?: StatusReason;
  /** The time at which the car measured the connection. */
  readonly measuredAt?: string;
  /** The time of Volvo's last answer. */
  readonly fetchedAt?: string;
  readonly stale: boolean;
  /** Percent. */
  readonly batteryLevel?: number;
  readonly range?: Distance;
  /** `unknown` for a word of Volvo's that this version of the extension does not know. */
  readonly chargingStatus?: ChargingStatus | "unknown";
  /** Watts; only while the car charges. */
  readonly powerW?: number;
  /** Percent. */
  readonly targetLevel?: number;
  readonly doneAt?: string;
  readonly problem?: { readonly kind: Problem["kind"]; readonly until?: string };
}

/**
 * The id of a car: 16 hexadecimal digits that reveal nothing about the VIN. They stay the same until the history is
 * deleted.
 */
export type CarIdOf = (vin: Vin) => string;

/** The input for a status. */
export interface StatusState extends Pick<ViewState, "cars" | "settings"> {
  readonly carStore: Pick<ViewState["carStore"], "cars">;
  readonly idOf: CarIdOf;
}

/** The status of all vehicles at `now` (ms since the epoch), in the order of the settings. */
export function statusOf(state: StatusState, now: number): Status {
  const names = namesWithoutVins(state.carStore.cars, state.settings);
  return {
    version: 1,
    demo: state.settings.demo,
    asOf: isoText(now),
    vehicles: state.cars.map((car, index) => vehicleStatus(car, names[index] ?? "", state, now)),
  };
}

function vehicleStatus(car: CarView, name: string, { idOf, settings }: StatusState, now: number): VehicleStatus {
  const { reading, problem } = car;
  const id = idOf(car.vin);
  const trouble = problem && {
    problem: { kind: problem.kind, ...("until" in problem && { until: isoText(problem.until) }) },
  };
  if (!reading) return { id, name, connection: "unknown", reason: "notChecked", stale: false, ...trouble };
  const { connection, details } = reading;
  const { batteryLevel, range, chargingStatus, power, targetLevel } = details;
  const doneAt = expectedDoneAt(reading, now);
  const isCharging = chargingStatus?.value === "charging";
  return {
    id,
    name,
    connection: connection.value.kind,
    ...(connection.value.kind === "unknown" && { reason: connection.value.reason.kind }),
    ...(connection.measuredAt !== undefined && { measuredAt: isoText(connection.measuredAt) }),
    fetchedAt: isoText(reading.fetchedAt),
    stale: isStale(reading, now, settings.staleAfterMs),
    ...(batteryLevel && { batteryLevel: rounded(batteryLevel.value) }),
    ...(range && { range: { amount: rounded(range.value.amount), unit: range.value.unit } }),
    ...(chargingStatus && {
      chargingStatus: typeof chargingStatus.value === "object" ? "unknown" : chargingStatus.value,
    }),
    ...(isCharging && power && { powerW: rounded(power.value) }),
    ...(targetLevel && { targetLevel: rounded(targetLevel.value) }),
    ...(doneAt !== undefined && { doneAt: isoText(doneAt) }),
    ...trouble,
  };
}

/** Rounded to one decimal place. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/**
 * The car with this id or name, ignoring upper and lower case. The name is that of the status or the user's own, even
 * in presenter mode. `undefined` if there is no such car.
 */
export function findVehicle(state: StatusState, vehicle: string): CarView | undefined {
  const wanted = vehicle.trim().toLowerCase();
  const names = namesWithoutVins(state.carStore.cars, state.settings);
  const isNamed = (name: string | undefined) => name?.trim().toLowerCase() === wanted;
  const at = (isMeant: (car: CarView, index: number) => boolean) => state.cars.find(isMeant);
  return (
    at((car) => state.idOf(car.vin) === wanted) ??
    at((_, index) => isNamed(names[index])) ??
    at((_, index) => isNamed(state.carStore.cars[index]?.name))
  );
}

/** `status` with one vehicle only. */
export function statusOfVehicle(status: Status, id: string): Status {
  return { ...status, vehicles: status.vehicles.filter((vehicle) => vehicle.id === id) };
}

import type { AutomationEvent } from "../charging/automation";
import type { Vin } from "../charging/vin";
import { isoText } from "../present/times";
import { type Status, type StatusState, statusOf, statusOfVehicle } from "./status";

/** The last argument of a command that an automation runs: version 1 of a contract, as the status is. */
export interface AutomationArgument {
  readonly version: 1;
  readonly event: AutomationEvent;
  readonly vehicle: { readonly id: string; readonly name: string };
  /** When it was seen. */
  readonly at: string;
  /** The earliest time at which it can have happened. */
  readonly since: string;
  /** Of this vehicle. */
  readonly status: Status;
}

/** What happened to which car. Times in ms since the epoch. */
export interface Happening {
  readonly event: AutomationEvent;
  readonly vin: Vin;
  readonly at: number;
  readonly since: number;
}

/** `undefined` if the car is no longer configured. */
export function automationArgument(
  { event, vin, at, since }: Happening,
  state: StatusState,
  now: number,
): AutomationArgument | undefined {
  const status = statusOfVehicle(statusOf(state, now), state.idOf(vin));
  const [vehicle] = status.vehicles;
  if (!vehicle) return undefined;
  const { id, name } = vehicle;
  return { version: 1, event, vehicle: { id, name }, at: isoText(at), since: isoText(since), status };
}

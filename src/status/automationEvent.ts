import type { AutomationEvent } from "../charging/automation";
import type { Vin } from "../charging/vin";
import { isoText } from "../present/times";
import { type Status, type StatusState, statusOf, statusOfVehicle } from "./status";

/** The last argument of a command that an automation runs: version 1 of a contract (docs/integrations.md). */
export interface AutomationArgument {
  readonly version: 1;
  readonly event: AutomationEvent;
  readonly vehicle: { readonly id: string; readonly name: string };
  /** The time at which this extension saw the event. */
  readonly at: string;
  /** The earliest possible time of the event. */
  readonly since: string;
  /** The status of this vehicle alone. */
  readonly status: Status;
}

/** An event of one car. Times in ms since the epoch. */
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

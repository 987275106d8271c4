import { t } from "@vscode/l10n";
import { carToShow } from "../charging/carToShow";
import type { ViewState } from "../present/viewState";
import { InputError, membersOf, vehicleOf } from "./input";
import { findVehicle, type Status, type StatusState, statusOf, statusOfVehicle } from "./status";
import { statusText } from "./statusText";

const formats = ["json", "text", "state"] as const;

/**
 * The result of the command `getStatus`: the status, a text with a line for each car, or one word for the connection of
 * the car that matters most (empty without cars). Other extensions can pass anything as `argument`. `undefined` if
 * there is no such vehicle. Throws a `TypeError` with one sentence if the argument is wrong. Sends no requests.
 */
export function getStatus(argument: unknown, state: StatusState & ViewState): Status | string | undefined {
  const { vehicle, format = "json" } = membersOf(argument, ["vehicle", "format"]);
  const wanted = vehicleOf(vehicle);
  if (!formats.some((known) => known === format)) {
    throw new InputError(t("“format” must be one of these: {0}.", formats.join(", ")));
  }
  const found = wanted === undefined ? undefined : findVehicle(state, wanted);
  if (wanted !== undefined && !found) return undefined;
  const { now, locale } = state;
  if (format === "text") return statusText(found ? [found] : state.cars, state, now, locale);
  const status = statusOf(state, now);
  const main = found ?? carToShow(state.cars, state.settings.pinned);
  if (format === "state") return main ? (main.reading?.connection.value.kind ?? "unknown") : "";
  return found ? statusOfVehicle(status, state.idOf(found.vin)) : status;
}

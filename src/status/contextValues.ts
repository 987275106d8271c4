import { isPluggedIn, type ConnectionKind } from "../charging/connection";
import type { ViewState } from "../present/viewState";
import { shownCar } from "./status";

/** The values of the context keys for conditions of keybindings and menus. */
export interface ContextValuesOfCars {
  /** Of the car that is shown; `undefined` without cars. */
  readonly connection: ConnectionKind | undefined;
  /** Of the car that is shown. */
  readonly stale: boolean;
  /** Of any car. */
  readonly pluggedIn: boolean;
  readonly charging: boolean;
  readonly fault: boolean;
}

export function contextValues(view: Pick<ViewState, "cars" | "settings">): ContextValuesOfCars {
  const shown = shownCar(view);
  const readings = view.cars.flatMap(({ reading }) => reading ?? []);
  return {
    connection: shown && (shown.reading?.connection.value.kind ?? "unknown"),
    stale: shown?.stale ?? false,
    pluggedIn: readings.some(({ connection }) => isPluggedIn(connection.value)),
    charging: readings.some(({ details }) => details.chargingStatus?.value === "charging"),
    fault: readings.some(({ connection }) => connection.value.kind === "fault"),
  };
}

import { carToShow } from "../charging/carToShow";
import { isPluggedIn, type ConnectionKind } from "../charging/connection";
import type { ViewState } from "../present/viewState";

/** The values of the context keys, for conditions of keybindings and menus. */
export interface ContextValuesOfCars {
  /** The connection of the shown car; `undefined` without cars. */
  readonly connection: ConnectionKind | undefined;
  /** True if the reading of the shown car is stale. */
  readonly stale: boolean;
  /** True if any car is plugged in; the others likewise. */
  readonly pluggedIn: boolean;
  readonly charging: boolean;
  readonly fault: boolean;
}

export function contextValues(view: Pick<ViewState, "cars" | "settings">): ContextValuesOfCars {
  const shown = carToShow(view.cars, view.settings.pinned);
  const readings = view.cars.flatMap(({ reading }) => reading ?? []);
  return {
    connection: shown && (shown.reading?.connection.value.kind ?? "unknown"),
    stale: shown?.stale ?? false,
    pluggedIn: readings.some(({ connection }) => isPluggedIn(connection.value)),
    charging: readings.some(({ details }) => details.chargingStatus?.value === "charging"),
    fault: readings.some(({ connection }) => connection.value.kind === "fault"),
  };
}

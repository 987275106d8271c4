import { t } from "@vscode/l10n";
import type { Fuel } from "../charging/carModel";

export function fuelText(fuel: Fuel): string {
  switch (fuel) {
    case "electric":
      return t("electric");
    case "plugInHybrid":
      return t("plug-in hybrid");
    case "gasoline":
      return t("gasoline");
    case "diesel":
      return t("diesel");
  }
}

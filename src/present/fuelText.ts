import { t } from "@vscode/l10n";

/** What drives a car, from Volvo's word for it; a word of a later API version as it is. */
export function fuelText(fuel: string): string {
  switch (fuel) {
    case "ELECTRIC":
      return t("electric");
    case "PETROL/ELECTRIC":
    case "DIESEL/ELECTRIC":
      return t("plug-in hybrid");
    case "PETROL":
      return t("gasoline");
    case "DIESEL":
      return t("diesel");
    default:
      return fuel;
  }
}

import { t } from "@vscode/l10n";
import { commandAction } from "./links";
import type { CarList } from "../polling/carList";
import { budgetText, type ProblemText, problemText } from "./problemText";
import type { Locale } from "./times";

/** The reason why the account's cars could not be listed. */
export function listText(list: Exclude<CarList, { kind: "found" }>, now: number, locale: Locale): ProblemText {
  if (list.kind === "failed") return problemText(list.problem, now, locale);
  if (list.kind === "budgetSpent") return budgetText(list.until, now, locale);
  if (list.kind === "busy") return { sentence: t("Another window has just started checking with Volvo. Try again.") };
  switch (list.by) {
    case "token":
      return { sentence: t("This token can't list your cars."), action: addVehicle() };
    case "application":
      return { sentence: t("Your application isn't allowed to list cars."), action: addVehicle() };
  }
}

/** A short title leaves room for the sentence. */
const addVehicle = () => commandAction(t("Add Vehicle"), "addVehicle");

/**
 * The warning about an empty list. Volvo sends one for an account without cars and for a market without service.
 */
export function emptyListText(): string {
  return t("Volvo lists no cars for this account. Its region or market may be the reason.");
}

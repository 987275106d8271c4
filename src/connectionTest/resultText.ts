import { t } from "@vscode/l10n";
import type { ConnectionRow, Verdict } from "./row";
import { carNames } from "../present/carNames";
import { findingText } from "./findingText";
import type { Mask } from "../present/diagnosticsDocument";
import type { Action } from "../present/links";
import type { ViewState } from "../present/viewState";

/** A row of the test result, for the list, screen readers and the clipboard. */
export interface ConnectionLine {
  readonly verdict: Verdict;
  readonly part: string;
  /** The part and the verdict in words. */
  readonly label: string;
  readonly detail: string;
  readonly action?: Action;
}

export interface ConnectionResult {
  readonly lines: readonly ConnectionLine[];
  /** The whole result in one sentence. */
  readonly summary: string;
}

/** The test result for people. It never contains a full VIN. */
export function connectionResult(rows: readonly ConnectionRow[], view: ViewState): ConnectionResult {
  const lines = linesOf(rows, view);
  return { lines, summary: summaryOf(lines) };
}

/** The test result for the clipboard: one line per part, with its detail on the next. `mask` hides secrets. */
export function copiedResult(lines: readonly ConnectionLine[], mask: Pick<Mask, "redact">): string {
  return mask.redact(lines.map(({ label, detail }) => `${label}\n  ${detail}`).join("\n"));
}

function linesOf(rows: readonly ConnectionRow[], view: ViewState): readonly ConnectionLine[] {
  const canList = rows.some((row) => row.part === "carList" && row.finding.kind === "works");
  return rows.map((row) => {
    const part = partName(row, view);
    const verdict = verdictOf(row);
    const { sentence, action } = findingText(row, canList, view);
    const label = t("{0}: {1}", part, verdictWord(verdict, row));
    return { verdict, part, label, detail: sentence, ...(action && { action }) };
  });
}

function summaryOf(lines: readonly ConnectionLine[]): string {
  const parts = (verdict: Verdict) => lines.filter((line) => line.verdict === verdict).map(({ part }) => part);
  const failing = parts("fails");
  if (failing.length > 0) return t("Failed: {0}", failing.join(", "));
  const untested = parts("untested");
  return untested.length > 0 ? t("Not tested: {0}", untested.join(", ")) : t("Everything works.");
}

/**
 * `limited` means that something is wrong but the cars can still be read. A failed request for the list of cars does
 * not show whether the list is permitted.
 */
function verdictOf(row: ConnectionRow): Verdict {
  if (row.part === "noCar") return "untested";
  const { kind } = row.finding;
  switch (kind) {
    case "works":
    case "untested":
      return kind;
    case "perhapsOtherApi":
      return "untested";
    case "refused":
      return row.part === "apiKey" && row.finding.accepted ? "limited" : "fails";
    case "notPermitted":
      return row.part === "carList" ? "limited" : "fails";
    case "problem":
      return row.part === "carList" ? "untested" : "fails";
    case "otherApi":
    case "held":
    case "noWindow":
      return "fails";
  }
}

function verdictWord(verdict: Verdict, { part }: ConnectionRow): string {
  switch (verdict) {
    case "works":
      return t("OK");
    case "limited":
      return part === "carList" ? t("not granted (optional)") : t("refused once");
    case "fails":
      return t("failed");
    case "untested":
      return t("not tested");
  }
}

function partName(row: ConnectionRow, { carStore, settings }: ViewState): string {
  switch (row.part) {
    case "apiKey":
      return t("VCC API key");
    case "token":
      if (row.grant === "none") return t("Token or sign-in");
      return row.grant === "testToken" ? t("Test token") : t("Sign-in with Volvo ID");
    case "energy":
      return t("Permission to read charging data");
    case "carList":
      return t("Permission to list cars");
    case "service":
      return t("Volvo's service");
    case "car": {
      const names = carNames(carStore.cars, { ...settings, showFullVins: false });
      return names[carStore.cars.findIndex(({ vin }) => vin === row.vin)] ?? t("Car");
    }
    case "noCar":
      return t("Cars");
  }
}

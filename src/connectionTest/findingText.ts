import { t } from "@vscode/l10n";
import { energyScope } from "../auth/scopes";
import { secondMs } from "../base/clock";
import type { Problem } from "../charging/problem";
import { commandId } from "../contributions";
import type { ConnectionRow } from "./row";
import type { Pause } from "../polling/polling";
import { callsToday } from "../charging/quota";
import { agedSentence } from "../present/carText";
import { listText } from "../present/listText";
import { countText } from "../present/numbers";
import { commandAction } from "../present/links";
import { budgetText, onceProblemText, type ProblemText, problemText } from "../present/problemText";
import type { ViewState } from "../present/viewState";

/** The result for one part of the connection, with the action that helps. `canList`: Volvo lists the account's cars. */
export function findingText(row: ConnectionRow, canList: boolean, view: ViewState): ProblemText {
  if (row.part === "noCar") {
    const sentence = t("No car is on the list yet, so there was nothing to read.");
    return { sentence, action: row.canList ? findVehicles() : addVehicle() };
  }
  if (row.finding.kind === "untested") return { sentence: t("Can't tell until the rest works.") };
  if (row.part === "car" && row.finding.kind === "problem") {
    return carProblemText(row.finding.problem, row.inAccount, canList, view);
  }
  if (row.finding.kind === "problem") return testedProblemText(row.finding.problem, view);
  switch (row.part) {
    case "apiKey":
      return keyText(row.finding);
    case "token":
      return tokenText(row.grant, row.finding);
    case "energy":
      return energyText(row.grant, row.finding, view);
    case "carList":
      return carListText(row.finding, view);
    case "service":
      return serviceText(row.finding, view);
    case "car":
      return readingText(row.finding, view);
  }
}

type Finding<P extends Exclude<ConnectionRow["part"], "noCar">> = Exclude<
  Extract<ConnectionRow, { part: P }>["finding"],
  { kind: "untested" } | { kind: "problem" }
>;

function keyText(finding: Finding<"apiKey">): ProblemText {
  if (finding.kind === "works") return { sentence: t("Volvo accepts it.") };
  if (finding.accepted) {
    return {
      sentence: t("Refused once, accepted once: this happens to valid keys and resolves itself."),
      action: testAgain(),
    };
  }
  return {
    sentence: t("Volvo refused it. Compare it with the portal's; valid keys are sometimes refused too."),
    action: commandAction(t("Set VCC API Key"), "setApiKey"),
  };
}

function tokenText(grant: string, finding: Finding<"token">): ProblemText {
  const isTestToken = grant === "testToken";
  switch (finding.kind) {
    case "works":
      return {
        sentence: isTestToken
          ? t("Volvo accepts it. It lasts about 30 minutes.")
          : t("Volvo accepts it. It is renewed automatically."),
      };
    case "refused":
      return isTestToken
        ? {
            sentence: t("Volvo refused it. They last about 30 minutes: make a new one for the Energy API."),
            action: setToken(),
          }
        : { sentence: t("Volvo refused it. Sign in again."), action: signIn() };
    case "otherApi":
      return {
        sentence: t("It's for a different API; each test token covers only one. Create one for the Energy API."),
        action: setToken(),
      };
    case "perhapsOtherApi":
      return {
        sentence: t("It is not for the list of cars; a car would show whether it is for the Energy API."),
        action: addVehicle(),
      };
  }
}

function energyText(grant: string, finding: Finding<"energy">, { settings }: ViewState): ProblemText {
  if (finding.kind === "works") {
    const { versions } = finding;
    if (versions.length === 0) return { sentence: t("Volvo permits it.") };
    return { sentence: t("Energy API {0} serves it.", versions.join(", ")) };
  }
  if (grant === "testToken") {
    return {
      sentence: t("The token does not permit it. Make a test token for the Energy API."),
      action: setToken(),
    };
  }
  const scope = energyScope(settings.apiVersion === "v1" ? "v1" : "v2");
  return {
    sentence: t("The scope {0} is missing: add it on the portal and sign in again.", scope),
    action: signIn(),
  };
}

function carListText(finding: Finding<"carList">, { now, locale }: ViewState): ProblemText {
  // The cars that are on the list can be read all the same.
  if (finding.kind === "notPermitted") return { sentence: listText(finding, now, locale).sentence };
  if (finding.count === 0) {
    return { sentence: t("Volvo lists no car for this account. Its region or market may be the cause.") };
  }
  return { sentence: t("Cars in this account: {0}", finding.count) };
}

function serviceText(finding: Finding<"service">, view: ViewState): ProblemText {
  switch (finding.kind) {
    case "works": {
      const { carStore, settings, now, locale } = view;
      const calls = countText(callsToday(carStore.account.calls, now), locale);
      return {
        sentence: t("Calls made today: {0} of {1}", calls, countText(settings.dailyCallBudget, locale)),
      };
    }
    case "held":
      return holdText(finding.hold, view);
    case "noWindow":
      return { sentence: t("The window that checks the cars didn't answer."), action: testAgain() };
  }
}

function holdText(hold: Pause, { now, locale }: ViewState): ProblemText {
  return hold.kind === "budgetSpent" ? budgetText(hold.until, now, locale) : problemText(hold, now, locale);
}

function readingText(finding: Finding<"car">, { now }: ViewState): ProblemText {
  const seconds = Math.floor((now - (finding.attemptedAt ?? now)) / secondMs);
  const parts = [
    agedSentence(finding.reading, now),
    // Requests for a car are at least ten seconds apart, so the result can be that of the last check.
    ...(seconds >= 2 ? [t("Checked {0} s ago", seconds)] : []),
  ];
  return { sentence: parts.join(" · ") };
}

function testedProblemText(problem: Problem, { now, locale }: ViewState): ProblemText {
  const text = onceProblemText(problem, now, locale);
  return text.action?.command === commandId("refresh") ? { ...text, action: testAgain() } : text;
}

function carProblemText(
  problem: Problem,
  inAccount: boolean | undefined,
  canFindCars: boolean,
  view: ViewState,
): ProblemText {
  const { sentence, action } = testedProblemText(problem, view);
  if (inAccount !== false || !canFindCars) return { sentence, ...(action && { action }) };
  const isUnlisted = problem.kind === "notFound";
  return {
    sentence: isUnlisted ? t("It is not among the cars of this account: compare its VIN.") : sentence,
    action: findVehicles(),
  };
}

const testAgain = () => commandAction(t("Test Again"), "testConnection");
const setToken = () => commandAction(t("Set Access Token"), "setAccessToken");
const signIn = () => commandAction(t("Sign In with Volvo ID"), "signIn");
const addVehicle = () => commandAction(t("Add Vehicle by VIN"), "addVehicle");
const findVehicles = () => commandAction(t("Find My Vehicles"), "findVehicles");

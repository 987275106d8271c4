import { t } from "@vscode/l10n";
import { energyScope } from "../auth/scopes";
import { secondMs } from "../base/clock";
import type { Problem } from "../charging/problem";
import { commandId } from "../contributions";
import type { ConnectionRow } from "./row";
import { callsToday } from "../charging/quota";
import { agedSentence } from "../present/carText";
import { emptyListText, listText } from "../present/listText";
import { countText } from "../present/numbers";
import { commandAction } from "../present/links";
import { type ProblemText, problemText } from "../present/problemText";
import { holdText } from "../present/shownProblem";
import type { ViewState } from "../present/viewState";

/** The result for one part of the connection, with the action that helps. `canList`: Volvo lists the account's cars. */
export function findingText(row: ConnectionRow, canList: boolean, view: ViewState): ProblemText {
  if (row.part === "noCar") {
    const sentence = t("You haven't added a car yet, so there was nothing to test.");
    return { sentence, action: row.canList ? findVehicles() : addVehicle() };
  }
  if (row.finding.kind === "untested") return { sentence: t("Not tested because of the other problems.") };
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
  if (finding.kind === "works") return { sentence: t("Accepted by Volvo.") };
  if (finding.accepted) {
    return {
      sentence: t("Volvo refused it once, then accepted it. This can happen to valid keys."),
      action: testAgain(),
    };
  }
  return {
    sentence: t("Volvo refused it. Compare it with the key on the portal. Volvo sometimes refuses valid keys."),
    action: commandAction(t("Set VCC API Key"), "setApiKey"),
  };
}

function tokenText(grant: string, finding: Finding<"token">): ProblemText {
  const isTestToken = grant === "testToken";
  switch (finding.kind) {
    case "works":
      return {
        sentence: isTestToken
          ? t("Accepted by Volvo. Test tokens expire after about 30 minutes.")
          : t("Accepted by Volvo. It renews automatically."),
      };
    case "refused":
      return isTestToken
        ? {
            sentence: t(
              "Volvo refused it. Test tokens expire after about 30 minutes. Create a new one for the Energy API.",
            ),
            action: setToken(),
          }
        : { sentence: t("Volvo refused it. Sign in again."), action: signIn() };
    case "otherApi":
      return {
        sentence: t(
          "This token is for a different API. Each test token covers only one; create one for the Energy API.",
        ),
        action: setToken(),
      };
    case "perhapsOtherApi":
      return {
        sentence: t("This token can't list cars. Add a car to find out whether it works for the Energy API."),
        action: addVehicle(),
      };
  }
}

function energyText(grant: string, finding: Finding<"energy">, { settings }: ViewState): ProblemText {
  if (finding.kind === "works") {
    const { versions } = finding;
    if (versions.length === 0) return { sentence: t("Allowed by Volvo.") };
    return { sentence: t("Available through Energy API {0}.", versions.join(", ")) };
  }
  if (grant === "testToken") {
    return {
      sentence: t("This token doesn't allow it. Create a test token for the Energy API."),
      action: setToken(),
    };
  }
  const scope = energyScope(settings.apiVersion === "v1" ? "v1" : "v2");
  return {
    sentence: t("The scope {0} is missing. Add it on the portal, then sign in again.", scope),
    action: signIn(),
  };
}

function carListText(finding: Finding<"carList">, { now, locale }: ViewState): ProblemText {
  // No action is needed, because the configured cars can still be read.
  if (finding.kind === "notPermitted") return { sentence: listText(finding, now, locale).sentence };
  if (finding.count === 0) return { sentence: emptyListText() };
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
      return { sentence: t("The window that checks the cars didn't respond."), action: testAgain() };
  }
}

function readingText(finding: Finding<"car">, { now }: ViewState): ProblemText {
  const seconds = Math.floor((now - (finding.attemptedAt ?? now)) / secondMs);
  const parts = [
    agedSentence(finding.reading, now),
    // Requests for a car are at least ten seconds apart, so the result can come from an earlier check.
    ...(seconds >= 2 ? [t("Checked {0} s ago", seconds)] : []),
  ];
  return { sentence: parts.join(" · ") };
}

function testedProblemText(problem: Problem, { now, locale }: ViewState): ProblemText {
  const text = problemText(problem, now, locale);
  return text.action?.command === commandId("refresh") ? { ...text, action: testAgain() } : text;
}

function carProblemText(
  problem: Problem,
  inAccount: boolean | undefined,
  canList: boolean,
  view: ViewState,
): ProblemText {
  const { sentence, action } = testedProblemText(problem, view);
  if (inAccount !== false || !canList) return { sentence, ...(action && { action }) };
  const isUnlisted = problem.kind === "notFound";
  return {
    sentence: isUnlisted ? t("This car isn't in your account. Check its VIN.") : sentence,
    action: findVehicles(),
  };
}

const testAgain = () => commandAction(t("Test Again"), "testConnection");
const setToken = () => commandAction(t("Set Access Token"), "setAccessToken");
const signIn = () => commandAction(t("Sign In with Volvo ID"), "signIn");
const addVehicle = () => commandAction(t("Add Vehicle"), "addVehicle");
const findVehicles = () => commandAction(t("Find My Vehicles"), "findVehicles");

import { t } from "@vscode/l10n";
import type { Problem } from "../charging/problem";
import { type CommandName, commandId, internalCommands } from "../contributions";
import { plainLine } from "./plainText";
import { type Locale, timeText } from "./times";

/** The one thing that helps. */
export interface Action {
  readonly title: string;
  readonly command: string;
}

/** An action that runs one of our own commands. */
export function own(title: string, name: CommandName): Action {
  return { title, command: commandId(name) };
}

/** A page to read about it. */
export interface Page {
  readonly title: string;
  readonly url: string;
}

/** How VS Code gets at a keyring, without which it forgets secrets on Linux. */
export const keyringUrl = "https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues";

export interface ProblemText {
  /** One sentence for people. */
  readonly sentence: string;
  readonly action?: Action;
  /** For hovers, beside the action. */
  readonly page?: Page;
}

/** What a problem is called and what helps. Times are told as seen from `now`. */
export function problemText(problem: Problem, now: number, locale: Locale): ProblemText {
  switch (problem.kind) {
    case "apiKeyMissing":
      return { sentence: t("The VCC API key is missing."), action: own(t("Set VCC API Key"), "setApiKey") };
    case "credentialsMissing":
      return { sentence: t("There is no access token yet."), action: own(t("Connect My Car"), "connect") };
    case "apiKeyRejected":
      return { sentence: t("Volvo does not accept the VCC API key."), action: own(t("Set VCC API Key"), "setApiKey") };
    case "tokenEnded":
      return {
        sentence: t("The test token has ended; it lasts about 30 minutes."),
        action: own(t("Set Access Token"), "setAccessToken"),
      };
    case "signInEnded":
      return { sentence: t("The sign-in with Volvo ID has ended."), action: own(t("Sign In Again"), "signIn") };
    case "signedInElsewhere":
      return {
        sentence: t("Another window holds the newer sign-in."),
        action: { title: t("Reload Window"), command: internalCommands.reloadWindow },
      };
    case "secretsUnavailable":
      return secretsText(problem.cause);
    case "clientBlocked":
      return { sentence: t("Volvo refuses this application at the moment."), action: own(t("Show Log"), "showLog") };
    case "forbidden":
      return forbiddenText(problem.what);
    case "notSupported":
      return { sentence: t("Volvo does not offer charging data for this car model.") };
    case "notFound":
      return { sentence: t("Volvo does not find this car in its market; this can pass by itself.") };
    case "quotaSpent":
      return { sentence: t("Volvo's quota of calls is spent until {0}.", timeText(problem.until, now, locale)) };
    case "rateLimited":
      return { sentence: t("Volvo asks to wait until {0}.", timeText(problem.until, now, locale)) };
    case "serviceUnavailable":
      return unavailableText(problem, now, locale);
    case "offline":
      return problem.certificate
        ? {
            sentence: t("The connection to Volvo is not trusted: check the certificate of your proxy or company."),
            action: own(t("Show Log"), "showLog"),
          }
        : { sentence: t("Volvo's service cannot be reached."), action: own(t("Refresh"), "refresh") };
    case "timeout":
      return { sentence: t("Volvo's service gave no answer in time."), action: own(t("Refresh"), "refresh") };
    case "malformed":
      return { sentence: t("Volvo's answer could not be read."), action: own(t("Show Log"), "showLog") };
    case "misconfigured":
      return { sentence: plainLine(problem.text, 200), action: own(t("Open Settings"), "openSettings") };
  }
}

/** What a command says that asks for nothing because the user's own budget of calls is spent until then (ms). */
export function budgetText(until: number, now: number, locale: Locale): ProblemText {
  const time = timeText(until, now, locale);
  return {
    sentence: t("Today's budget of calls is spent; it starts again at {0}.", time),
    action: own(t("Open Settings"), "openSettings"),
  };
}

/** The problem in two or three words, for a row that already tells what was last known. */
export function problemWord(problem: Problem): string {
  switch (problem.kind) {
    case "apiKeyMissing":
      return t("no API key");
    case "credentialsMissing":
      return t("no access token");
    case "apiKeyRejected":
      return t("API key refused");
    case "tokenEnded":
      return t("token ended");
    case "signInEnded":
      return t("sign-in ended");
    case "signedInElsewhere":
      return t("signed in elsewhere");
    case "secretsUnavailable":
      return t("credentials unavailable");
    case "clientBlocked":
      return t("application refused");
    case "forbidden":
      return t("not permitted");
    case "notSupported":
      return t("not supported");
    case "notFound":
      return t("not found");
    case "quotaSpent":
      return t("quota spent");
    case "rateLimited":
      return t("asked to wait");
    case "serviceUnavailable":
      return problem.cause === "keyRefused" ? t("API key refused") : t("service unavailable");
    case "offline":
      return t("not reachable");
    case "timeout":
      return t("no answer");
    case "malformed":
      return t("unreadable answer");
    case "misconfigured":
      return t("check settings");
  }
}

/** The same where a person asked once: the polling goes on trying by itself, a sign-in or a search does not. */
export function onceProblemText(problem: Problem, now: number, locale: Locale): ProblemText {
  if (problem.kind !== "serviceUnavailable") return problemText(problem, now, locale);
  switch (problem.cause) {
    case "error":
      return { sentence: t("Volvo's service has a fault (HTTP {0}).", problem.status) };
    case "keyRefused":
      return { sentence: t("Volvo refused the VCC API key this time.") };
    default:
      return problemText(problem, now, locale);
  }
}

function secretsText(cause: "noAnswer" | "lost" | "noFolder"): ProblemText {
  const showLog = own(t("Show Log"), "showLog");
  switch (cause) {
    case "lost":
      return {
        sentence: t("VS Code has lost the stored credentials, as happens on Linux without a keyring."),
        action: own(t("Connect My Car"), "connect"),
        page: { title: t("About Keyrings"), url: keyringUrl },
      };
    case "noAnswer":
      return { sentence: t("VS Code gives no access to the stored credentials."), action: showLog };
    case "noFolder":
      return {
        sentence: t("The sign-in cannot be renewed: the extension's folder cannot be written."),
        action: showLog,
      };
  }
}

function forbiddenText(what: "car" | "scope" | "unspecified"): ProblemText {
  switch (what) {
    case "car":
      return { sentence: t("This car does not belong to the account that the token is for.") };
    case "scope":
      return {
        sentence: t("The token does not permit reading the charging connection."),
        action: own(t("Connect My Car"), "connect"),
      };
    case "unspecified":
      return { sentence: t("Volvo does not permit reading this car.") };
  }
}

function unavailableText(
  problem: Extract<Problem, { kind: "serviceUnavailable" }>,
  now: number,
  locale: Locale,
): ProblemText {
  switch (problem.cause) {
    case "keyRefused":
      return { sentence: t("Volvo refused the VCC API key this time; trying again.") };
    case "gone":
      return {
        sentence: t("Volvo does not offer this version of its Energy API to the application."),
        action: own(t("Open Settings"), "openSettings"),
      };
    case "error":
      return { sentence: t("Volvo's service has a fault (HTTP {0}); trying again.", problem.status) };
    case "closed":
      return { sentence: t("Volvo's service is not available until {0}.", timeText(problem.until, now, locale)) };
  }
}

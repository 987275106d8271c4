import { t } from "@vscode/l10n";
import { wereCredentialsAccepted } from "../charging/account";
import type { Problem } from "../charging/problem";
import type { Pause } from "../polling/polling";
import { vinText } from "./carNames";
import { commandAction } from "./links";
import { needOf, needsUser } from "./need";
import { nextCheckAhead } from "./nextCheck";
import { budgetText, type ProblemDescription, type ProblemText, problemText } from "./problemText";
import { shortTimeText } from "./times";
import type { CarView, ViewState } from "./viewState";

/**
 * The texts of a problem as this window shows it: the one source for the status bar, rows, hovers, messages and screen
 * readers, so that no two of them contradict each other. `car` is the car that has it; `undefined` for a problem that
 * all cars share.
 */
export function shownProblem(problem: Problem, view: ViewState, car?: CarView): ProblemDescription {
  const { session, carStore, settings, now, locale } = view;
  const vin = car && vinText(car, settings);
  const text = problemText(problem, now, locale, vin);
  switch (problem.kind) {
    case "apiKeyMissing":
      // If the token is missing too, entering the key alone would not help.
      return session.kind === "incomplete" && !session.hasGrant
        ? { ...text, sentence: t("No API key and no token are stored."), action: connect() }
        : text;
    case "tokenEnded":
      return wereCredentialsAccepted(carStore.account)
        ? text
        : {
            ...text,
            sentence: t("Volvo doesn't accept the access token."),
            word: needOf(problem, carStore.account).word,
          };
    default:
      return car && isVinUnknown(problem, car) ? unknownVinText(car, vin) : text;
  }
}

/** The texts of a wait that stops a command, with the same end as everywhere else. */
export function holdText(hold: Pause, { problem, now, locale }: ViewState): ProblemText {
  if (hold.kind === "budgetSpent") return budgetText(hold.until, now, locale);
  return problemText(problem && "until" in problem ? problem : hold, now, locale);
}

/** True if Volvo does not know a car that was never read. A wrong VIN is the likely reason. */
export function isVinUnknown({ kind }: Problem, { reading }: CarView): boolean {
  return !reading && (kind === "notFound" || kind === "requestRefused");
}

/**
 * The time of the next check (ms since the epoch) for a problem that all cars share, if its texts name no time.
 * `undefined` for a problem that lasts until the user acts, and for the problem of a single car, because the next check
 * may not include that car.
 */
export function retryAt(problem: Problem, view: ViewState): number | undefined {
  const isTimed = "until" in problem && problem.until > view.now;
  return problem === view.problem && !isTimed && !needsUser(problem) ? nextCheckAhead(view) : undefined;
}

/** {@link retryAt} in words; empty if it is `undefined`. */
export function retryText(problem: Problem, view: ViewState): string {
  const at = retryAt(problem, view);
  return at === undefined ? "" : t("Next check {0}", shortTimeText(at, view.now, view.locale));
}

function unknownVinText({ key, name }: CarView, vin: string | undefined): ProblemDescription {
  // The name of a car without a name or model ends in the VIN, and presenter mode hides it.
  const needsVin = vin !== undefined && !name.includes(vin);
  return {
    word: t("VIN not found"),
    sentence: needsVin
      ? t("Volvo doesn't know the VIN {0} for your account. Check it.", vin)
      : t("Volvo doesn't know this VIN for your account. Check it."),
    action: commandAction(t("Change VIN"), "changeVin", key),
  };
}

const connect = () => commandAction(t("Connect My Car"), "connect");

import { t } from "@vscode/l10n";
import { wereAccepted } from "../charging/account";
import type { Problem } from "../charging/problem";
import { vinText } from "./carNames";
import { commandAction } from "./links";
import { needOf } from "./need";
import { type ProblemDescription, problemText } from "./problemText";
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
      // Without a token as well, one key alone would lead nowhere.
      return session.kind === "incomplete" && !session.hasGrant
        ? { ...text, sentence: t("No API key and no token are stored."), action: connect() }
        : text;
    case "tokenEnded":
      return wereAccepted(carStore.account)
        ? text
        : {
            ...text,
            sentence: t("Volvo does not accept the access token."),
            word: needOf(problem, carStore.account).word,
          };
    case "notFound":
    case "requestRefused":
      return car && !car.reading ? { ...text, ...mistyped(car, vin) } : text;
    default:
      return text;
  }
}

/** A car that was never read: its VIN is the likely reason. */
function mistyped({ key }: CarView, vin: string | undefined): Pick<ProblemDescription, "sentence" | "action"> {
  return {
    sentence:
      vin === undefined
        ? t("Volvo doesn't know this VIN for your account. Check it.")
        : t("Volvo doesn't know the VIN {0} for your account. Check it.", vin),
    action: commandAction(t("Change VIN"), "changeVin", key),
  };
}

const connect = () => commandAction(t("Connect My Car"), "connect");

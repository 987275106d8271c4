import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { Problem } from "../charging/problem";
import type { Vin } from "../charging/vin";
import { viewId } from "../contributions";
import { budgetText, type ProblemText, problemText } from "../present/problemText";
import { shownProblem } from "../present/shownProblem";
import type { ViewState } from "../present/viewState";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { RefreshOutcome } from "../polling/polling";

const messageMs = 4000;

/** The manual refresh: shows its progress and reports the result. */
export function createRefresh(demoSwitch: DemoSwitch, viewState: () => ViewState) {
  return async (vins?: readonly Vin[]): Promise<void> => {
    demoSwitch.current.session.tryAgain();
    const outcome = await vscode.window.withProgress({ location: { viewId } }, () =>
      demoSwitch.current.polling.refresh(vins),
    );
    await report(outcome);
  };

  async function report(outcome: RefreshOutcome): Promise<void> {
    const view = viewState();
    const { cars, problem, now, locale } = view;
    switch (outcome.kind) {
      case "recent":
        vscode.window.setStatusBarMessage(
          `$(check) ${t("Checked {0} s ago", Math.floor((now - outcome.at) / 1000))}`,
          messageMs,
        );
        return;
      case "held":
        await showProblem(
          outcome.hold.kind === "budgetSpent"
            ? budgetText(outcome.hold.until, now, locale)
            : problemText(problem && "until" in problem ? problem : outcome.hold, now, locale),
        );
        return;
      case "unanswered":
        void vscode.window.showWarningMessage(t("The window that checks the cars didn't answer."));
        return;
      case "notReady": {
        if (problem) await showProblem(shownProblem(problem, view));
        else void vscode.window.showInformationMessage(t("There is no car to check yet."));
        return;
      }
      case "checked": {
        const checked = cars.filter((car) => outcome.vins.includes(car.vin));
        const failed = checked.find((car) => car.problem);
        if (!failed?.problem) {
          vscode.window.setStatusBarMessage(
            `$(check) ${t("Checked: {0}", checked.map(({ name }) => name).join(", "))}`,
            messageMs,
          );
          return;
        }
        const text = shownProblem(failed.problem, view, failed);
        const isShared = checked.every(
          (car) => car.problem && shownProblem(car.problem, view, car).sentence === text.sentence,
        );
        await showProblem(text, isShared ? undefined : failed.name);
      }
    }
  }
}

/** Shows a problem as a message with the action that helps, for commands that the user ran. */
export async function showProblem({ sentence, action }: ProblemText, car?: string): Promise<void> {
  const text = car === undefined ? sentence : t("{0}: {1}", car, sentence);
  const choice = await vscode.window.showWarningMessage(text, ...(action ? [action.title] : []));
  if (action && choice === action.title) await vscode.commands.executeCommand(action.command, action.argument);
}

/** Volvo has refused the API key or the token, which is nothing about one car. */
export function isCredentialRefused(problem: Problem): boolean {
  const isKey = problem.kind === "serviceUnavailable" && problem.cause === "keyRefused";
  return isKey || problem.kind === "apiKeyRejected" || problem.kind === "tokenEnded";
}

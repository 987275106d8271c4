import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { Problem } from "../charging/problem";
import type { Vin } from "../charging/vin";
import { viewId } from "../contributions";
import type { ProblemText } from "../present/problemText";
import { holdText, retryText, shownProblem } from "../present/shownProblem";
import type { ViewState } from "../present/viewState";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { RefreshOutcome } from "../polling/polling";

const messageMs = 4000;
const problemMs = 8000;

/**
 * The manual refresh: shows its progress and reports the result. A message with a button stays until it is closed, so
 * it names no time. A message without a button disappears before the time in it has passed.
 */
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
    const { cars, problem, now } = view;
    switch (outcome.kind) {
      case "recent":
        vscode.window.setStatusBarMessage(
          `$(check) ${t("Checked {0} s ago", Math.floor((now - outcome.at) / 1000))}`,
          messageMs,
        );
        return;
      case "held":
        await show(holdText(outcome.hold, view));
        return;
      case "unanswered":
        void vscode.window.showWarningMessage(t("The window that checks the cars didn't respond."));
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
        await show(text, failed.problem === problem ? undefined : failed.name, retryText(failed.problem, view));
      }
    }
  }

  async function show(text: ProblemText, car?: string, retry = ""): Promise<void> {
    if (text.action) await showProblem(text, car);
    else vscode.window.setStatusBarMessage(`$(warning) ${[about(text, car), retry].join(" ").trim()}`, problemMs);
  }
}

/** Shows a problem as a message with the action that helps, for commands that the user ran. */
export async function showProblem(text: ProblemText, car?: string): Promise<void> {
  const { action } = text;
  const choice = await vscode.window.showWarningMessage(about(text, car), ...(action ? [action.title] : []));
  if (action && choice === action.title) await vscode.commands.executeCommand(action.command, action.argument);
}

function about({ sentence }: ProblemText, car: string | undefined): string {
  return car === undefined ? sentence : t("{0}: {1}", car, sentence);
}

/** True if Volvo has refused the API key or the token, which concerns all cars. */
export function isCredentialRefused(problem: Problem): boolean {
  const isKey = problem.kind === "serviceUnavailable" && problem.cause === "keyRefused";
  return isKey || problem.kind === "apiKeyRejected" || problem.kind === "tokenEnded";
}

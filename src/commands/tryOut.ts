import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { type Clock, secondMs } from "../base/clock";
import { type Disposable, toDisposable } from "../base/disposable";
import { spentBudget } from "../charging/account";
import type { Vin } from "../charging/vin";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { SettingsHost } from "../host/settings";
import { agedSentence } from "../present/carText";
import { budgetText } from "../present/problemText";
import { shownProblem } from "../present/shownProblem";
import type { ViewState } from "../present/viewState";
import { isCredentialRefused, showProblem } from "./refresh";

export interface TryOutDeps {
  readonly demoSwitch: Pick<DemoSwitch, "real">;
  readonly settings: Pick<SettingsHost, "current" | "setDemo">;
  readonly viewState: () => ViewState;
  readonly clock: Clock;
}

/** The stored credential or car, and the message if it cannot be tried. */
export interface Stored {
  /** The time just before it was stored (ms since the epoch). */
  readonly since: number;
  /** The message if nothing can be tried; empty for none. */
  readonly untried: string;
  /** The car that was added. Without it, the result of the first car is reported. */
  readonly vin?: Vin;
}

export type TryOut = (stored: Stored) => Promise<void>;

/**
 * Tries the stored credential or car with Volvo, and reports the result of the first check since then. Shows nothing if
 * the credentials have been deleted in the meantime. If something else is stored before the result, only the result of
 * that is reported.
 */
export function createTryOut({ demoSwitch, settings, viewState, clock }: TryOutDeps): TryOut {
  let newest = new AbortController();
  return async ({ since, untried, vin }) => {
    newest.abort();
    newest = new AbortController();
    const { signal } = newest;
    const replaced = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
    });
    const { session, carStore, polling } = demoSwitch.real;
    const isIncomplete = () => session.current.kind === "incomplete";
    if (settings.current.demo) await settings.setDemo(false);
    if (session.current.kind !== "ready" || carStore.current.cars.length === 0) {
      if (untried !== "") void vscode.window.showInformationMessage(untried);
      return;
    }
    const start = viewState();
    const spent = spentBudget(carStore.current.account, settings.current.dailyCallBudget, start.now);
    if (spent) {
      await showProblem(budgetText(spent.until, start.now, start.locale));
      return;
    }
    const options = { location: vscode.ProgressLocation.Notification, title: t("Checking with Volvo…") };
    await vscode.window.withProgress(options, async (progress) => {
      const countdown = showWait(progress);
      try {
        await Promise.race([polling.checkDue(), replaced]);
      } finally {
        countdown.dispose();
      }
    });
    if (signal.aborted || isIncomplete()) return;
    const view = viewState();
    const car = vin === undefined ? view.cars[0] : view.cars.find((each) => each.vin === vin);
    if (!car) return;
    if (car.attemptedAt === undefined || car.attemptedAt < since) {
      if (view.problem) await showProblem(shownProblem(view.problem, view));
      else if (vin === undefined) {
        void vscode.window.showInformationMessage(t("Saved, but not checked with Volvo yet."));
      }
      return;
    }
    if (car.problem) {
      const isShared = car.problem === view.problem || isCredentialRefused(car.problem);
      await showProblem(shownProblem(car.problem, view, car), isShared ? undefined : car.name);
      return;
    }
    if (!car.reading) return;
    void vscode.window.showInformationMessage(t("It works. {0}: {1}", car.name, agedSentence(car.reading, view.now)));
  };

  /** Counts down to the check, which comes at least ten seconds after the previous one. */
  function showWait(progress: vscode.Progress<{ readonly message?: string }>): Disposable {
    let timer: Disposable | undefined;
    const show = () => {
      const { nextCheckAt, checking } = demoSwitch.real.carStore.current;
      const seconds = Math.ceil(((nextCheckAt ?? 0) - clock.now()) / secondMs);
      const isWaiting = checking.length === 0 && seconds > 1;
      progress.report({ message: isWaiting ? t("Next try in {0} s", seconds) : "" });
      timer = clock.after(secondMs, show);
    };
    timer = clock.after(secondMs / 2, show);
    return toDisposable(() => timer?.dispose());
  }
}

import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { type Clock, hourMs } from "../base/clock";
import { errorText, type Logger } from "../base/log";
import { viewId } from "../contributions";
import { modeIcon, modeText } from "../present/modeText";
import { problemText } from "../present/problemText";
import { shortTimeText } from "../present/times";
import type { ViewState } from "../present/viewState";
import type { DemoSwitch } from "../demo/demoSwitch";
import { type Mode, nextMorning } from "../charging/mode";
import { showProblem } from "./refresh";
import { showError } from "./showError";

const messageMs = 4000;

export interface ModeDeps {
  readonly demoSwitch: Pick<DemoSwitch, "current">;
  readonly viewState: () => ViewState;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A duration for a mode. `end` returns the end of the mode for the time of the choice (both ms since the epoch). */
interface Duration<T> extends vscode.QuickPickItem {
  readonly end: (now: number) => T;
}

/** The commands that pause the checks, watch the cars closely, and end either. */
export function modeCommands({ demoSwitch, viewState, clock, log }: ModeDeps) {
  /** Resolves with `true` if there are cars to pause or watch. Shows the reason if not. */
  async function isPossible(): Promise<boolean> {
    const { carStore, cars, now, locale } = viewState();
    if (carStore.sharing === "newer") await showProblem(problemText({ kind: "outdatedWindow" }, now, locale));
    else if (cars.length === 0) void vscode.window.showInformationMessage(t("There is no car to check yet."));
    else return true;
    return false;
  }

  /** Sets or ends the mode. Shows a message and resolves with `false` if that fails. */
  async function set(mode: Mode | undefined): Promise<boolean> {
    try {
      await vscode.window.withProgress({ location: { viewId } }, () => demoSwitch.current.setMode(mode));
      return true;
    } catch (error) {
      log.warn(`The mode could not be changed: ${errorText(error)}`);
      await showError(t("This couldn't be saved for all windows, so nothing has changed."));
      return false;
    }
  }

  function confirmMode(): void {
    const view = viewState();
    if (view.mode) vscode.window.setStatusBarMessage(`$(${modeIcon(view.mode)}) ${modeText(view)}`, messageMs);
  }

  return {
    pausePolling: async () => {
      if (!(await isPossible())) return;
      const { now, locale } = viewState();
      const durations: readonly Duration<number | undefined>[] = [
        { label: t("For 1 hour"), end: (at) => at + hourMs },
        {
          label: t("Until tomorrow morning"),
          description: shortTimeText(nextMorning(now), now, locale),
          end: nextMorning,
        },
        { label: t("Until resumed"), end: () => undefined },
      ];
      const chosen = await vscode.window.showQuickPick(durations, {
        title: t("Pause Checking"),
        placeHolder: t("For how long? Refresh still works."),
      });
      if (!chosen) return;
      const since = clock.now();
      const until = chosen.end(since);
      if (await set({ kind: "paused", since, ...(until !== undefined && { until }) })) confirmMode();
    },
    resumePolling: async () => {
      const isActive = viewState().mode !== undefined;
      if (isActive && !(await set(undefined))) return;
      const text = isActive ? t("Checking as usual") : t("Checking isn't paused");
      vscode.window.setStatusBarMessage(`$(check) ${text}`, messageMs);
    },
    watchClosely: async () => {
      if (!(await isPossible())) return;
      const durations: readonly Duration<number>[] = [
        { label: t("For 1 hour"), end: (at) => at + hourMs },
        { label: t("For 4 hours"), end: (at) => at + 4 * hourMs },
      ];
      const chosen = await vscode.window.showQuickPick(durations, {
        title: t("Watch Closely"),
        placeHolder: t("Check every 60 seconds, for how long?"),
      });
      if (!chosen) return;
      const since = clock.now();
      if (await set({ kind: "closely", since, until: chosen.end(since) })) confirmMode();
    },
  };
}

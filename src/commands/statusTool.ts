import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { type Clock, secondMs } from "../base/clock";
import { DisposableStore } from "../base/disposable";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { HistorySource } from "../history/model";
import type { StatusTool } from "../host/statusTool";
import type { RefreshOutcome } from "../polling/polling";
import type { ViewState } from "../present/viewState";
import { type CarIdOf, findVehicle, statusOf, statusOfVehicle } from "../status/status";
import { sessionStatuses } from "../status/sessions";
import { refreshText, toolInput, toolQuestion, toolText } from "../status/tool";

/** The longest time that a language model waits for Volvo. */
const refreshLimitMs = 35 * secondMs;

export interface StatusToolDeps {
  readonly demoSwitch: Pick<DemoSwitch, "current">;
  readonly viewState: () => ViewState;
  readonly idOf: () => Promise<CarIdOf>;
  /** The history of the cars that are shown. */
  readonly history: () => HistorySource;
  readonly clock: Clock;
}

/** The tool that language models call. Each error is a sentence with the next step. */
export function createStatusTool({ demoSwitch, viewState, idOf, history, clock }: StatusToolDeps): StatusTool {
  return {
    prepare: (input) => ({
      invocationMessage: t("Reading the charging status"),
      confirmationMessages: toolQuestion(input),
    }),
    async invoke(rawInput, token) {
      const { vehicle, refresh, days } = toolInput(rawInput);
      const ids = await idOf();
      const state = { ...viewState(), idOf: ids };
      if (state.cars.length === 0) {
        throw new Error(t("No car is set up. Run the command “Volvo Charging: Connect My Car…” first."));
      }
      const found = vehicle === undefined ? undefined : findVehicle(state, vehicle);
      if (vehicle !== undefined && !found) {
        const names = statusOf(state, state.now)
          .vehicles.slice(0, 20)
          .map(({ name }) => name);
        throw new Error(t("There is no such car. Ask for one of these: {0}.", names.join(", ")));
      }
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      const refreshed = refresh ? await askVolvo(found && [found.vin], token) : undefined;
      const view = viewState();
      const status = statusOf({ ...view, idOf: ids }, view.now);
      const histories = days === undefined ? [] : await history().read();
      const wanted = found ? histories.filter(({ id }) => id === ids(found.vin)) : histories;
      return toolText({
        ...(days !== undefined && { sessions: sessionStatuses(wanted, days, view.now) }),
        status: found ? statusOfVehicle(status, ids(found.vin)) : status,
        refresh: refreshed === "late" ? lateText() : refreshed && refreshText(refreshed, view),
      });
    },
  };

  /**
   * Refreshes `vins`, or all cars. Resolves with `late` after the time limit, and rejects with a cancellation if the
   * chat cancels. In both cases, the check itself continues.
   */
  function askVolvo(
    vins: Parameters<DemoSwitch["current"]["polling"]["refresh"]>[0],
    token: vscode.CancellationToken,
  ): Promise<RefreshOutcome | "late"> {
    return new Promise((resolve, reject) => {
      const waiting = new DisposableStore();
      const finish = (settle: () => void) => {
        waiting.dispose();
        settle();
      };
      waiting.add(clock.after(refreshLimitMs, () => finish(() => resolve("late"))));
      waiting.add(token.onCancellationRequested(() => finish(() => reject(new vscode.CancellationError()))));
      demoSwitch.current.polling.refresh(vins).then(
        (outcome) => finish(() => resolve(outcome)),
        (error: unknown) => finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  }
}

function lateText(): string {
  return t("Volvo didn't respond within {0} s; these are the last known values.", refreshLimitMs / secondMs);
}

import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { errorText, type Logger } from "../base/log";
import type { Automation } from "../charging/automation";
import { carToShow } from "../charging/carToShow";
import { section } from "../contributions";
import { runCommand } from "../host/automationRunner";
import type { HostAutomations } from "../host/automations";
import { automationName } from "../present/automationText";
import { settingFaultText } from "../present/settingText";
import type { ViewState } from "../present/viewState";
import { automationArgument } from "../status/automationEvent";
import { type CarIdOf, findVehicle } from "../status/status";

const messageMs = 4000;

export interface AutomationDeps {
  readonly automations: Pick<HostAutomations, "list" | "refusal">;
  readonly viewState: () => ViewState;
  readonly idOf: () => Promise<CarIdOf>;
  readonly log: Logger;
}

/** Opens the settings at the automations. */
async function openAutomations(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettings", `${section}.automations`);
}

async function offerSettings(show: (text: string, title: string) => Thenable<string | undefined>, text: string) {
  const title = t("Open Settings");
  if ((await show(text, title)) === title) await openAutomations();
}

/** Shows a message that the command of an automation has failed. VS Code reports a missing command only in English. */
export async function showAutomationFailed(automation: Automation, error: unknown): Promise<void> {
  const name = automationName(automation);
  const isUnknown = errorText(error).includes(`command '${automation.command}' not found`);
  const text = isUnknown
    ? t("The automation {0} couldn't run: VS Code has no command {1}.", name, automation.command)
    : t(
        "The automation {0} failed: the command {1} reported an error. See the log for details.",
        name,
        automation.command,
      );
  await offerSettings(vscode.window.showWarningMessage, text);
}

/** Creates the command that lets the user pick an automation and runs it with a sample event. */
export function createRunAutomation({ automations, viewState, idOf, log }: AutomationDeps): () => Promise<void> {
  return async () => {
    const all = automations.list();
    if (all.length === 0) {
      const fault = viewState().settings.faults.find(({ key }) => key === "automations");
      if (fault) await offerSettings(vscode.window.showWarningMessage, settingFaultText(fault));
      else
        await offerSettings(vscode.window.showInformationMessage, t("There are no automations in the settings yet."));
      return;
    }
    const items = all.map((automation) => ({
      label: automationName(automation),
      description: automation.name === undefined ? "" : `${automation.on} → ${automation.command}`,
      automation,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: t("Try an Automation"),
      placeHolder: t("It runs immediately, with a sample event"),
    });
    if (chosen) await tryAutomation(chosen.automation);
  };

  async function tryAutomation(automation: Automation): Promise<void> {
    const refusal = automations.refusal(automation);
    if (refusal) {
      const text =
        refusal === "untrusted"
          ? t("Automations run only in windows that you trust.")
          : t("This automation runs only in a window with the folder {0}.", automation.folder ?? "");
      void vscode.window.showWarningMessage(text);
      return;
    }
    const view = viewState();
    const state = { ...view, idOf: await idOf() };
    // An automation names one of the user's own cars, which are not those of the demo.
    const namesOwnCar = automation.vehicle !== undefined && !view.settings.demo;
    const car = namesOwnCar ? findVehicle(state, automation.vehicle) : carToShow(view.cars, view.settings.pinned);
    const { now } = view;
    const sample = car && { event: automation.on, vin: car.vin, at: now, since: now };
    const argument = sample && automationArgument(sample, state, now);
    if (!argument) {
      void vscode.window.showInformationMessage(t("There is no car for this automation."));
      return;
    }
    try {
      await runCommand(automation, argument);
    } catch (error) {
      log.error(`The automation ${automationName(automation)} failed: ${errorText(error)}`);
      await showAutomationFailed(automation, error);
      return;
    }
    vscode.window.setStatusBarMessage(`$(check) ${t("Ran: {0}", automationName(automation))}`, messageMs);
  }
}

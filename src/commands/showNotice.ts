import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { carKey } from "../charging/carKey";
import type { Vin } from "../charging/vin";
import { commandId, focusViewCommand, section } from "../contributions";
import { carsToCheckFirst, type NoticePorts, notification, type NotificationAction } from "../present/notification";
import type { Notice } from "../charging/notice";

const messageMs = 6000;

/** Shows an event of a car or the daily reminder as a message, and runs the action that the user chooses. */
export async function showNotice(notice: Notice, ports: NoticePorts): Promise<void> {
  const { viewState } = ports;
  const first = notice.kind === "reminder" ? carsToCheckFirst(viewState()) : [];
  if (first.length > 0) await ports.refresh(first);
  const message = notification(notice, viewState());
  if (!message) return;
  const { text, isWarning, actions } = message;
  const titles = actions.map(({ title }) => title);
  const choice = await (isWarning
    ? vscode.window.showWarningMessage(text, ...titles)
    : vscode.window.showInformationMessage(text, ...titles));
  const action = actions.find(({ title }) => title === choice);
  if (action) await perform(action, ports);
}

async function perform(action: NotificationAction, { settings, reveal }: NoticePorts): Promise<void> {
  switch (action.does) {
    case "show":
      await vscode.commands.executeCommand(focusViewCommand);
      await reveal(carKey(action.vin));
      return;
    case "refresh":
      await refresh(action.vins);
      return;
    case "never": {
      await settings.switchOff(action.setting);
      const text = t("Switched off: {0}", `${section}.${action.setting}`);
      vscode.window.setStatusBarMessage(`$(bell-slash) ${text}`, messageMs);
    }
  }
}

async function refresh([vin, ...others]: readonly Vin[]): Promise<void> {
  if (vin === undefined) return;
  const command = others.length === 0 ? "refreshVehicle" : "refresh";
  await vscode.commands.executeCommand(commandId(command), carKey(vin));
}

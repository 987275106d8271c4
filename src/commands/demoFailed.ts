import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { errorText, type Logger } from "../base/log";
import { commandId } from "../contributions";
import type { SettingsHost } from "../host/settings";

/**
 * Tells that the demo could not be started, and takes the wish for it back, so that it can be tried again. Part of the
 * main entry: what keeps the demo from being loaded can keep the entry of the commands from it as well.
 */
export async function tellDemoFailed(settings: SettingsHost, log: Logger): Promise<void> {
  settings.setDemo(false).catch((error: unknown) => {
    log.error(`The setting of the demo could not be switched off: ${errorText(error)}`);
  });
  const showLog = t("Show Log");
  const choice = await vscode.window.showErrorMessage(t("The demo could not be started."), showLog);
  if (choice === showLog) await vscode.commands.executeCommand(commandId("showLog"));
}

import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { errorText, type Logger } from "../base/log";
import { commandId } from "../contributions";
import type { SettingsHost } from "../host/settings";

/**
 * Reports that the demo could not be started and turns its setting off, so that the user can try again. This code is
 * part of the main bundle, because the cause that stops the demo from loading can also stop the commands from loading.
 */
export async function showDemoFailed(settings: SettingsHost, log: Logger): Promise<void> {
  settings.setDemo(false).catch((error: unknown) => {
    log.error(`The demo setting could not be turned off: ${errorText(error)}`);
  });
  const showLog = t("Show Log");
  const choice = await vscode.window.showErrorMessage(t("The demo couldn't be started."), showLog);
  if (choice === showLog) await vscode.commands.executeCommand(commandId("showLog"));
}

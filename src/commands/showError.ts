import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { commandId } from "../contributions";

/** Shows an error message with a button that opens the log. Resolves when the user has closed it. */
export async function showError(sentence: string): Promise<void> {
  const showLog = t("Show Log");
  const choice = await vscode.window.showErrorMessage(sentence, showLog);
  if (choice === showLog) await vscode.commands.executeCommand(commandId("showLog"));
}

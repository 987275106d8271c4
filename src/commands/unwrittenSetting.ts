import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { errorText, type Logger } from "../base/log";
import { section } from "../contributions";
import type { UnwrittenSetting } from "../host/settings";

/**
 * Runs `action` and resolves with its result. If VS Code cannot write a setting, shows a message that offers to open
 * the file and to copy the entry for it. Rejects with every other error.
 */
export async function reportUnwritten<Result>(
  action: () => Promise<Result> | Result,
  log: Logger,
): Promise<Result | undefined> {
  try {
    return await action();
  } catch (error) {
    const { unwritten } = error as { unwritten?: UnwrittenSetting };
    if (!unwritten) throw error;
    log.warn(errorText(error));
    await offerEntry(unwritten);
    return undefined;
  }
}

async function offerEntry({ key, value }: UnwrittenSetting): Promise<void> {
  const [open, copy] = [t("Open settings.json"), t("Copy Entry")];
  const sentence = t("VS Code couldn't write settings.json: it has an error, unsaved changes, or is read-only.");
  // A removed setting has no entry to copy.
  const choice = await vscode.window.showErrorMessage(sentence, open, ...(value === undefined ? [] : [copy]));
  if (choice === undefined) return;
  if (choice === copy)
    await vscode.env.clipboard.writeText(`"${section}.${key}": ${JSON.stringify(value, undefined, 2)},`);
  await vscode.commands.executeCommand("workbench.action.openSettingsJson");
}

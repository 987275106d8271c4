import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { menu } from "../present/menu";
import type { ViewState } from "../present/viewState";

interface Item extends vscode.QuickPickItem {
  readonly command?: string;
}

/** The menu of the status-bar item. Each entry runs a command that the palette contains as well. */
export async function showMenu(view: ViewState): Promise<void> {
  const items = menu(view).flatMap((group, index): readonly Item[] => [
    ...(index > 0 ? [{ label: "", kind: vscode.QuickPickItemKind.Separator }] : []),
    ...group.map(({ icon, label, description = "", command }) => ({
      label: `$(${icon}) ${label}`,
      description,
      command,
    })),
  ]);
  const options = { title: t("Volvo Charging"), placeHolder: t("What do you want to do?"), matchOnDescription: true };
  const chosen = await vscode.window.showQuickPick(items, options);
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command);
}

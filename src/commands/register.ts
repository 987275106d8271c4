import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import {
  type CommandName,
  commandId,
  commandNames,
  type InternalCommandName,
  internalCommands,
} from "../contributions";

/** What a command does; `argument` comes from menus, links and other extensions, so it may be anything. */
export type Handler = (argument: unknown) => Promise<void> | void;

/** What every command but `showLog` does. */
export type CommandTable = Readonly<Record<Exclude<CommandName, "showLog"> | InternalCommandName, Handler>>;

export interface RegisterPorts {
  /** What the commands do, loaded at the first one that runs. */
  readonly load: () => Promise<CommandTable>;
  /** Needs nothing that is yet to be loaded, so that it helps where loading fails. */
  readonly showLog: () => void;
  readonly log: Logger;
}

/**
 * The only caller of `registerCommand`. A handler that throws ends in one message that names the command, with the
 * cause in the log.
 */
export function registerCommands({ load, showLog, log }: RegisterPorts): Disposable {
  const names: readonly (CommandName | InternalCommandName)[] = [...commandNames, "menu", "reloadWindow"];
  const registrations = names.map((name) => {
    const id = name === "menu" || name === "reloadWindow" ? internalCommands[name] : commandId(name);
    return vscode.commands.registerCommand(id, async (argument: unknown) => {
      if (name === "showLog") {
        showLog();
        return;
      }
      try {
        const table = await load();
        await table[name](argument);
      } catch (error) {
        log.error(`The command ${id} failed: ${errorText(error)}`);
        const title = t("Show Log");
        const choice = await vscode.window.showErrorMessage(t("Volvo Charging could not finish this."), title);
        if (choice === title) showLog();
      }
    });
  });
  return vscode.Disposable.from(...registrations);
}

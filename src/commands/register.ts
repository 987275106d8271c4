import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import {
  type CommandName,
  commandId,
  commandNames,
  type InternalCommandName,
  internalCommands,
} from "../contributions";

/**
 * Runs a command. Only the result of `getStatus` reaches its caller. `argument` can be anything, because it comes from
 * menus, links and other extensions.
 */
export type Handler = (argument: unknown) => unknown;

/** The handlers of all commands except `showLog`. */
export type CommandTable = Readonly<Record<Exclude<CommandName, "showLog"> | InternalCommandName, Handler>>;

export interface RegisterPorts {
  /** Loads the handlers when the first command runs. */
  readonly load: () => Promise<CommandTable>;
  /** Uses only code that is already loaded, so that it works even if loading fails. */
  readonly showLog: () => void;
  readonly log: Logger;
}

/**
 * The only caller of `registerCommand`. If a handler throws, one message is shown, and the log names the command and
 * the cause.
 */
export function registerCommands({ load, showLog, log }: RegisterPorts): Disposable {
  const names: readonly (CommandName | InternalCommandName)[] = [...commandNames, "menu", "reloadWindow"];
  const registrations = names.map((name) => {
    const id = name === "menu" || name === "reloadWindow" ? internalCommands[name] : commandId(name);
    return vscode.commands.registerCommand(id, async (argument: unknown) => {
      if (name === "showLog") {
        showLog();
        return undefined;
      }
      // Programs call it, so they get the error instead of a message.
      if (name === "getStatus") return (await load()).getStatus(argument);
      try {
        const table = await load();
        await table[name](argument);
        return undefined;
      } catch (error) {
        log.error(`The command ${id} failed: ${errorText(error)}`);
        const title = t("Show Log");
        const choice = await vscode.window.showErrorMessage(t("Volvo Charging couldn't complete this command."), title);
        if (choice === title) showLog();
        return undefined;
      }
    });
  });
  return vscode.Disposable.from(...registrations);
}

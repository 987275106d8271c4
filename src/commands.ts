import { showNotice as showNoticeNow } from "./commands/showNotice";
import { createCommands, type CommandDeps } from "./commands/table";
import type { CommandTable } from "./commands/register";
import { configureTexts } from "./host/texts";
import type { NoticePorts } from "./present/notification";
import type { Notice } from "./charging/notice";

// The bundle of what people do begins here: loaded at the first command.

/** Tells notice with its texts in VS Code's language. */
export function showNotice(notice: Notice, ports: NoticePorts): Promise<void> {
  configureTexts();
  return showNoticeNow(notice, ports);
}

/** What the commands do, with their texts in VS Code's language. */
export function commandTable(deps: CommandDeps): CommandTable {
  configureTexts();
  return createCommands(deps);
}

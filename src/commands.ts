import { showNotice as showNoticeNow } from "./commands/showNotice";
import { createCommands, type CommandDeps } from "./commands/table";
import type { CommandTable } from "./commands/register";
import { reportUnwritten } from "./commands/unwrittenSetting";
import { configureTexts } from "./host/texts";
import type { NoticePorts } from "./present/notification";
import type { Notice } from "./charging/notice";

// The bundle of what people do begins here: loaded at the first command.

/** Tells notice with its texts in VS Code's language. */
export function showNotice(notice: Notice, ports: NoticePorts): Promise<void> {
  configureTexts();
  return reportUnwritten(() => showNoticeNow(notice, ports), ports.log);
}

/** What the commands do, with their texts in VS Code's language. */
export function commandTable(deps: CommandDeps): CommandTable {
  configureTexts();
  const table = createCommands(deps);
  const reporting = Object.entries(table).map(([name, run]) => {
    return [name, (argument: unknown) => reportUnwritten(() => run(argument), deps.log)] as const;
  });
  return Object.fromEntries(reporting) as CommandTable;
}

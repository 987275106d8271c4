import { showAutomationFailed as showFailureNow } from "./commands/automations";
import { createStatusTool, type StatusToolDeps } from "./commands/statusTool";
import { showNotice as showNoticeNow } from "./commands/showNotice";
import { createCommands, type CommandDeps, type Commands } from "./commands/table";
import type { StatusTool } from "./host/statusTool";
import type { Automation } from "./charging/automation";
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

/** Tells that an automation has failed. */
export function showAutomationFailed(automation: Automation, error: unknown): Promise<void> {
  configureTexts();
  return showFailureNow(automation, error);
}

/** The tool of language models. */
export function statusTool(deps: StatusToolDeps): StatusTool {
  configureTexts();
  return createStatusTool(deps);
}

/** What the commands do, with their texts in VS Code's language. */
export function commands(deps: CommandDeps): Commands {
  configureTexts();
  const { table, restoreHistory } = createCommands(deps);
  const reporting = Object.entries(table).map(([name, run]) => {
    return [name, (argument: unknown) => reportUnwritten(() => run(argument), deps.log)] as const;
  });
  return { table: Object.fromEntries(reporting) as CommandTable, restoreHistory };
}

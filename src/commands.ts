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

// The entry of the commands bundle, which is loaded at the first command or notification.

/** Shows `notice` as a message, in VS Code's language. */
export function showNotice(notice: Notice, ports: NoticePorts): Promise<void> {
  configureTexts();
  return reportUnwritten(() => showNoticeNow(notice, ports), ports.log);
}

/** Shows a message that an automation has failed, in VS Code's language. */
export function showAutomationFailed(automation: Automation, error: unknown): Promise<void> {
  configureTexts();
  return showFailureNow(automation, error);
}

/** The tool that language models call. */
export function statusTool(deps: StatusToolDeps): StatusTool {
  configureTexts();
  return createStatusTool(deps);
}

/** The handlers of the commands, with their texts in VS Code's language. */
export function commands(deps: CommandDeps): Commands {
  configureTexts();
  const { table, restoreHistory } = createCommands(deps);
  const handlers = Object.entries(table).map(([name, run]) => {
    return [name, (argument: unknown) => reportUnwritten(() => run(argument), deps.log)] as const;
  });
  return { table: Object.fromEntries(handlers) as CommandTable, restoreHistory };
}

import { tellNews as showNews } from "./commands/tellNews";
import { createCommands, type CommandDeps } from "./commands/table";
import type { CommandTable } from "./commands/register";
import { speakEditorLanguage } from "./host/texts";
import type { NewsPorts } from "./present/notification";
import type { News } from "./sync/news";

// The bundle of what people do begins here: loaded at the first command.

/** Tells news with its texts in VS Code's language. */
export function tellNews(news: News, ports: NewsPorts): Promise<void> {
  speakEditorLanguage();
  return showNews(news, ports);
}

/** What the commands do, with their texts in VS Code's language. */
export function commandTable(deps: CommandDeps): CommandTable {
  speakEditorLanguage();
  return createCommands(deps);
}

import vscode = require("vscode");
import { enabledCommands } from "../present/links";

/** Markdown written by this extension: icons and line breaks are allowed, and links run only our own commands. */
export function markdown(text: string): vscode.MarkdownString {
  const result = new vscode.MarkdownString(text, true);
  result.isTrusted = { enabledCommands: [...enabledCommands] };
  result.supportHtml = true;
  return result;
}

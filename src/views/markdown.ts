import * as vscode from "vscode";
import { enabledCommands } from "../present/hover";

/** Markdown of our own making: icons and line breaks allowed, links only to our own commands. */
export function markdown(text: string): vscode.MarkdownString {
  const result = new vscode.MarkdownString(text, true);
  result.isTrusted = { enabledCommands: [...enabledCommands] };
  result.supportHtml = true;
  return result;
}

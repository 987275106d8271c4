import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

/** Lets `t` speak VS Code's language. Each bundle has a copy of the library, so each entry calls this once. */
export function speakEditorLanguage(): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
}

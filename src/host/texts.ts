import * as l10n from "@vscode/l10n";
import vscode = require("vscode");

/**
 * Sets the language of `t` to VS Code's. Each bundle has its own copy of the library, so each entry calls this once.
 */
export function configureTexts(): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
}

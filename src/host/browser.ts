import { t } from "@vscode/l10n";
import vscode = require("vscode");

/**
 * Opens a page in the user's browser. Resolves without opening it if the user declines VS Code's question, and rejects
 * if there is no browser. Passes the address as text, because VS Code decodes and encodes a `Uri` and so changes its
 * query (microsoft/vscode#85930).
 */
export async function openInBrowser(url: string): Promise<void> {
  await vscode.env.openExternal(url as unknown as vscode.Uri);
}

/** {@link openInBrowser} for a button. Shows a message on failure. Never rejects. */
export async function showPage(url: string): Promise<void> {
  try {
    await openInBrowser(url);
  } catch {
    void vscode.window.showWarningMessage(t("The browser couldn't be opened."));
  }
}

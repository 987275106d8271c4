import { t } from "@vscode/l10n";
import * as vscode from "vscode";

/**
 * Shows a page in the user's browser, or nothing where VS Code asks the user and they say no. Rejects where there is no
 * browser. The address goes as text: a `Uri` is decoded and encoded again on its way, which changes queries
 * (microsoft/vscode#85930).
 */
export async function openInBrowser(url: string): Promise<void> {
  await vscode.env.openExternal(url as unknown as vscode.Uri);
}

/** {@link openInBrowser} for a button, which says so where it does not succeed. Never rejects. */
export async function showPage(url: string): Promise<void> {
  try {
    await openInBrowser(url);
  } catch {
    void vscode.window.showWarningMessage(t("The browser could not be opened."));
  }
}

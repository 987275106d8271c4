import * as vscode from "vscode";

/**
 * Shows a page in the user's browser; `false` where the user was asked and said no. The address goes as text: a `Uri`
 * is decoded and encoded again on its way, which changes queries (microsoft/vscode#85930).
 */
export async function openInBrowser(url: string): Promise<boolean> {
  return vscode.env.openExternal(url as unknown as vscode.Uri);
}

import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { scopeItems } from "../present/scopeText";

/** Lets the user choose what to ask for; `openid` is always part of it. `undefined` when they leave. */
export async function askScopes(asked: readonly string[]): Promise<readonly string[] | undefined> {
  const chosen = await vscode.window.showQuickPick(scopeItems(asked), {
    canPickMany: true,
    ignoreFocusOut: true,
    title: t("Sign In with Volvo ID"),
    placeHolder: t("Choose the scopes that Volvo has approved for your application"),
  });
  return chosen && chosen.length > 0 ? ["openid", ...chosen.map(({ scope }) => scope)] : undefined;
}

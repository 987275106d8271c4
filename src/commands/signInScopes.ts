import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { scopeItems } from "../present/scopeText";

/** Lets the user choose the scopes to request, to which `openid` is always added. `undefined` if the user cancels. */
export async function askScopes(asked: readonly string[]): Promise<readonly string[] | undefined> {
  const chosen = await vscode.window.showQuickPick(scopeItems(asked), {
    canPickMany: true,
    ignoreFocusOut: true,
    title: t("Sign In with Volvo ID"),
    placeHolder: t("Choose the scopes that Volvo has approved for your application"),
  });
  return chosen && chosen.length > 0 ? ["openid", ...chosen.map(({ scope }) => scope)] : undefined;
}

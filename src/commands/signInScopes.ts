import { t } from "@vscode/l10n";
import * as vscode from "vscode";

/** The scopes that the product has a use for, and what for. */
function knownScopes(): readonly { readonly scope: string; readonly use: string }[] {
  return [
    { scope: "conve:vehicle_relation", use: t("finds your cars and their names") },
    { scope: "energy:state:read", use: t("Energy v2: everything about charging") },
    { scope: "energy:charging_connection_status", use: t("Energy v1: the charging connection") },
    { scope: "energy:capability:read", use: t("Energy v2: what a car supports") },
  ];
}

/** Lets the user choose what to ask for; `openid` is always part of it. `undefined` when they leave. */
export async function askScopes(asked: readonly string[]): Promise<readonly string[] | undefined> {
  const known = knownScopes();
  const others = asked.filter((scope) => scope !== "openid" && !known.some((entry) => entry.scope === scope));
  const items = [...known, ...others.map((scope) => ({ scope, use: "" }))].map(({ scope, use }) => ({
    label: scope,
    description: use,
    picked: asked.includes(scope),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: t("Sign In with Volvo ID"),
    placeHolder: t("Choose the scopes that Volvo has approved for your application"),
  });
  return chosen && chosen.length > 0 ? ["openid", ...chosen.map(({ label }) => label)] : undefined;
}

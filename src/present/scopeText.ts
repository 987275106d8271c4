import { t } from "@vscode/l10n";
import { capabilityScope, carListScope, energyV1Scope, energyV2Scope } from "../auth/scopes";
import { plainLine } from "./plainText";

/** A scope in the list that the user chooses from. */
export interface ScopeItem {
  readonly label: string;
  readonly description: string;
  readonly picked: boolean;
  readonly scope: string;
}

/** The scopes that the product uses, with their purposes. */
function knownScopes(): readonly { readonly scope: string; readonly use: string }[] {
  return [
    { scope: carListScope, use: t("finds your cars and their names") },
    { scope: energyV2Scope, use: t("Energy v2: everything about charging") },
    { scope: energyV1Scope, use: t("Energy v1: the charging connection") },
    { scope: capabilityScope, use: t("Energy v2: what a car supports") },
  ];
}

/**
 * The known scopes, then the other scopes of `asked`; those of `asked` are picked. `openid` is left out, because it is
 * always requested.
 */
export function scopeItems(asked: readonly string[]): readonly ScopeItem[] {
  const known = knownScopes();
  const others = asked.filter((scope) => scope !== "openid" && !known.some((entry) => entry.scope === scope));
  return [...known, ...others.map((scope) => ({ scope, use: "" }))].map(({ scope, use }) => ({
    label: plainLine(scope),
    description: use,
    picked: asked.includes(scope),
    scope,
  }));
}

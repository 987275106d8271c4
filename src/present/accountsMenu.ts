import type { SessionState } from "../auth/sessionState";
import { authenticationProvider } from "../contributions";
import { volvoIdAccount } from "./accountText";
import { plainLine } from "./plainText";

/** The part of a sign-in that other extensions can read. VS Code gives it to any extension that the user allows. */
export interface MenuSession {
  readonly id: string;
  /** Always empty: other extensions get no token for the user's car. */
  readonly accessToken: "";
  readonly account: { readonly id: string; readonly label: string };
  readonly scopes: readonly string[];
}

/** The sign-in as the Accounts menu shows it. The label shortens the e-mail address like the account row does. */
export function menuSession(session: SessionState): MenuSession | undefined {
  const account = volvoIdAccount(session);
  if (!account) return undefined;
  const { signInId: id, scopes } = account;
  const label = plainLine(account.label) || authenticationProvider.label;
  return { id, accessToken: "", account: { id, label }, scopes };
}

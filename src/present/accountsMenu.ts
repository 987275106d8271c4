import type { SessionState } from "../auth/sessionState";
import { authenticationProvider } from "../contributions";
import { volvoIdAccount } from "./accountText";
import { plainLine } from "./plainText";

/** What every extension can learn of a sign-in: VS Code hands it to whoever asks for and the user agrees to. */
export interface MenuSession {
  readonly id: string;
  /** Always empty: a token for somebody's car is nobody else's business. */
  readonly accessToken: "";
  readonly account: { readonly id: string; readonly label: string };
  readonly scopes: readonly string[];
}

/** The sign-in as the Accounts menu shows it, with no more of the e-mail address than the account row has. */
export function menuSession(session: SessionState): MenuSession | undefined {
  const account = volvoIdAccount(session);
  if (!account) return undefined;
  const { signInId: id, scopes } = account;
  const label = plainLine(account.label) || authenticationProvider.label;
  return { id, accessToken: "", account: { id, label }, scopes };
}

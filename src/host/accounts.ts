import type * as vscode from "vscode";
import type { Session } from "../auth/session";
import { Emitter, type Event } from "../base/event";
import { menuSession } from "../present/accountsMenu";

/** The sign-in with Volvo ID as VS Code's Accounts menu shows it. It carries no token. */
export interface Accounts {
  /** The sign-in, if there is one, once the stored credentials were read. */
  shown(): Promise<readonly vscode.AuthenticationSession[]>;
  readonly onDidChange: Event<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>;
  /** Runs the sign-in. Resolves once it is over, with or without success. */
  signIn(): Promise<void>;
  signOut(sessionId: string): Promise<void>;
}

export function createAccounts(
  session: Pick<Session, "current" | "onDidChange" | "signOut" | "loaded">,
  signIn: () => Promise<void>,
): Accounts {
  const changed = new Emitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  const shown = () => {
    const current = menuSession(session.current);
    return current ? [current] : [];
  };
  let before = shown();
  session.onDidChange(() => {
    const after = shown();
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    const [removed, added] = [before, after];
    before = after;
    changed.fire({ added, removed, changed: [] });
  });
  return {
    async shown() {
      await session.loaded();
      return shown();
    },
    onDidChange: changed.event,
    signIn,
    async signOut(sessionId) {
      if (shown().some(({ id }) => id === sessionId)) await session.signOut();
    },
  };
}

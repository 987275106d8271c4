import type * as vscode from "vscode";
import type { Session } from "../auth/session";
import { Emitter, type Event } from "../base/event";
import { menuSession } from "../present/accountsMenu";

/** The sign-in with Volvo ID for VS Code's Accounts menu. It contains no token. */
export interface Accounts {
  /** The sign-in, or an empty list. Resolves after the stored credentials are read. */
  shown(): Promise<readonly vscode.AuthenticationSession[]>;
  readonly onDidChange: Event<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>;
  /** Runs the sign-in. Resolves at its end, with or without success. */
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
  let reported = shown();
  session.onDidChange(() => {
    const added = shown();
    if (JSON.stringify(added) === JSON.stringify(reported)) return;
    const removed = reported;
    reported = added;
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

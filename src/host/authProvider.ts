import * as vscode from "vscode";
import type { Session } from "../auth/session";
import { type Disposable, DisposableStore } from "../base/disposable";
import { authenticationProvider } from "../contributions";
import { menuSession } from "../present/accountsMenu";

export interface AuthProviderPorts {
  readonly session: Pick<Session, "current" | "onDidChange" | "signOut">;
  /** Runs the sign-in. Resolves when it is over, also after a failure. */
  readonly signIn: () => Promise<void>;
}

/**
 * The sign-in in VS Code's Accounts menu, which can also sign out. It carries no token, because any extension may ask a
 * provider for a session. Our own code never asks it.
 */
export function registerAuthProvider({ session, signIn }: AuthProviderPorts): Disposable {
  const store = new DisposableStore();
  const changed = store.add(new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>());
  const shown = (): vscode.AuthenticationSession[] => {
    const current = menuSession(session.current);
    return current ? [current] : [];
  };
  let before = shown();
  store.add(
    session.onDidChange(() => {
      const after = shown();
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      const [removed, added] = [before, after];
      before = after;
      changed.fire({ added, removed, changed: [] });
    }),
  );
  const { id, label } = authenticationProvider;
  store.add(
    vscode.authentication.registerAuthenticationProvider(
      id,
      label,
      {
        onDidChangeSessions: changed.event,
        getSessions: () => Promise.resolve(shown()),
        async createSession() {
          await signIn();
          const [created] = shown();
          if (!created) throw new vscode.CancellationError();
          return created;
        },
        async removeSession(sessionId) {
          if (shown().some((candidate) => candidate.id === sessionId)) await session.signOut();
        },
      },
      { supportsMultipleAccounts: false },
    ),
  );
  return store;
}

import vscode = require("vscode");
import { type Disposable, DisposableStore } from "../base/disposable";
import { authenticationProvider } from "../contributions";
import type { Accounts } from "./accounts";

export interface AuthProviderPorts {
  /** The accounts; `undefined` while nothing was ever stored, so that nothing needs to be loaded. */
  readonly stored: () => Promise<Accounts | undefined>;
  readonly load: () => Promise<Accounts>;
}

/**
 * Registers the sign-in for VS Code's Accounts menu, which can sign out as well. Any extension can ask a provider for a
 * session, so the sessions carry no token, and our own code never asks for one. The provider is registered when a
 * window opens: requests for one that is not fail after five seconds.
 */
export function registerAuthProvider({ stored, load }: AuthProviderPorts): Disposable & {
  /** Reports the changes of `accounts` from now on. */
  follow(accounts: Accounts): void;
} {
  const store = new DisposableStore();
  const changed = store.add(new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>());
  const { id, label } = authenticationProvider;
  store.add(
    vscode.authentication.registerAuthenticationProvider(
      id,
      label,
      {
        onDidChangeSessions: changed.event,
        getSessions: async () => [...((await (await stored())?.shown()) ?? [])],
        async createSession() {
          const accounts = await load();
          await accounts.signIn();
          const [created] = await accounts.shown();
          if (!created) throw new vscode.CancellationError();
          return created;
        },
        removeSession: async (sessionId) => (await load()).signOut(sessionId),
      },
      { supportsMultipleAccounts: false },
    ),
  );
  return {
    follow: (accounts) => void store.add(accounts.onDidChange((change) => changed.fire(change))),
    dispose: () => store.dispose(),
  };
}

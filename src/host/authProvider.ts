import vscode = require("vscode");
import { type Disposable, DisposableStore } from "../base/disposable";
import { authenticationProvider } from "../contributions";
import type { Accounts } from "./accounts";

export interface AuthProviderPorts {
  /** The accounts; `undefined` if no credentials were ever stored, so that the product need not be loaded. */
  readonly stored: () => Promise<Accounts | undefined>;
  readonly load: () => Promise<Accounts>;
}

/**
 * Registers the sign-in for VS Code's Accounts menu, which can also sign out. Any extension can ask a provider for a
 * session, so the sessions contain no token, and our own code never asks for one. Call it when a window opens: VS Code
 * fails requests to a provider that is not registered after five seconds.
 */
export function registerAuthProvider({ stored, load }: AuthProviderPorts): Disposable & {
  /** Reports changes of `accounts` to VS Code from now on. */
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

import type * as vscode from "vscode";
import type { SecretStore } from "../auth/credentialStore";

/** Adapts VS Code's SecretStorage to the core's port. */
export function createSecretStore(secrets: vscode.SecretStorage): SecretStore {
  return {
    get: (key) => secrets.get(key),
    store: (key, value) => secrets.store(key, value),
    delete: (key) => secrets.delete(key),
    onDidChange: (listener) => secrets.onDidChange(({ key }) => listener(key)),
  };
}

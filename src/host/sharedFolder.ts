import { join } from "node:path";

/**
 * The folder that all windows of a user share, given the one that VS Code names for this window. Settings of the
 * extension apply to the whole application and its secrets are shared, so all profiles use the folder of the default
 * one, also where VS Code puts the storage of extensions into the profile (microsoft/vscode#329817).
 */
export function sharedFolderOf(globalStorage: string): string {
  const profiles = /^(.*)[\\/]profiles[\\/][^\\/]+[\\/]globalStorage[\\/]([^\\/]+)$/.exec(globalStorage);
  if (!profiles) return globalStorage;
  const [, user = "", name = ""] = profiles;
  return join(user, "globalStorage", name);
}

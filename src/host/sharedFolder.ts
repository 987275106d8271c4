import { join } from "node:path";

/**
 * The folder that all windows of a user share, given the storage folder of this window. Profiles share the settings and
 * secrets of the extension, so all of them use the folder of the default profile, even if VS Code stores the data of
 * extensions per profile (microsoft/vscode#329817).
 */
export function sharedFolderOf(globalStorage: string): string {
  const profiles = /^(.*)[\\/]profiles[\\/][^\\/]+[\\/]globalStorage[\\/]([^\\/]+)$/.exec(globalStorage);
  if (!profiles) return globalStorage;
  const [, user = "", name = ""] = profiles;
  return join(user, "globalStorage", name);
}

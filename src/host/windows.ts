import type * as vscode from "vscode";
import type { StateFolder } from "../base/folder";
import type { Observable, Windows } from "../core";
import { isNotificationOn, type Settings } from "../settings";

/** Under this name nothing is ever stored. */
const livenessKey = "volvoCharging.alive";

/**
 * What this window shares with the others. Whether it is still there is asked by the cheapest question that VS Code's
 * window, not its extension host, has to answer: it never settles when the window is gone.
 */
export function createWindows(
  folder: StateFolder,
  secrets: vscode.SecretStorage,
  settings: Observable<Settings>,
  loadReminder: NonNullable<Windows["loadReminder"]>,
): Windows {
  return {
    folder,
    alive: () => secrets.get(livenessKey),
    loadReminder,
    isWanted: (kind) => isNotificationOn(kind, settings.current),
  };
}

import type * as vscode from "vscode";
import type { StateFolder } from "../base/folder";
import type { Automations } from "../notify/automationWatch";
import type { Observable, Windows } from "../core/core";
import { isNoticeWanted, type Settings } from "../settings/settings";

/** Nothing is ever stored under this key. */
const livenessKey = "volvoCharging.alive";

/**
 * The state and services that this window shares with the others. `alive` makes the cheapest call that VS Code's
 * window, rather than its extension host, has to answer. It never settles if the window is gone.
 */
export function createWindows(
  folder: StateFolder,
  secrets: vscode.SecretStorage,
  settings: Observable<Settings>,
  automations: Automations,
): Windows {
  return {
    folder,
    alive: () => secrets.get(livenessKey),
    isWanted: (notice) => isNoticeWanted(notice, settings.current),
    automations,
  };
}

import type * as vscode from "vscode";
import type { StateFolder } from "../base/folder";
import type { Automations } from "../notify/automationWatch";
import type { Observable, Windows } from "../core/core";
import { isNoticeWanted, type Settings } from "../settings/settings";

/** A key without a secret. */
const livenessKey = "volvoCharging.alive";

/**
 * The state and services that this window shares with the others. `alive` reads a missing secret, the cheapest call
 * that reaches VS Code's window and not only its extension host. It never settles if the window is closed.
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

import vscode = require("vscode");
import type { Disposable } from "../base/disposable";
import type { Observable } from "../core/core";
import type { Settings } from "../settings/settings";

function hideMessages(): void {
  for (const command of ["notifications.hideToasts", "notifications.hideList"]) {
    void vscode.commands.executeCommand(command);
  }
}

/**
 * Hides all messages when presenter mode is turned on: a message on the screen can contain names and VINs, and VS Code
 * has no API to change it. The messages stay in its notification center.
 */
export function hideMessagesFromAudience(settings: Observable<Settings>, hide = hideMessages): Disposable {
  let wasOn = settings.current.presenterMode;
  return settings.onDidChange(({ presenterMode: isOn }) => {
    if (isOn && !wasOn) hide();
    wasOn = isOn;
  });
}

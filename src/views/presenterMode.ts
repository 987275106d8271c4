import * as vscode from "vscode";
import type { Disposable } from "../base/disposable";
import type { Observable } from "../core";
import type { Settings } from "../settings";

function hideMessages(): void {
  for (const command of ["notifications.hideToasts", "notifications.hideList"]) {
    void vscode.commands.executeCommand(command);
  }
}

/**
 * Takes messages from the screen when names and VINs are to be hidden: one that is shown already can hold some, and VS
 * Code lets nobody change it. They stay in its notification center.
 */
export function hideMessagesFromAudience(settings: Observable<Settings>, hide = hideMessages): Disposable {
  let wasOn = settings.current.presenterMode;
  return settings.onDidChange(({ presenterMode: isOn }) => {
    if (isOn && !wasOn) hide();
    wasOn = isOn;
  });
}

import * as vscode from "vscode";
import { systemClock } from "./base/clock";
import { DisposableStore } from "./base/disposable";
import { errorText, Redactor, redactingLogger } from "./base/log";
import { registerCommands } from "./commands/register";
import { speakEditorLanguage } from "./host/texts";
import { openWindow } from "./openWindow";

/** What must be done before the process ends; VS Code waits for it for 5 s. */
let finish: (() => Promise<void>) | undefined;

/**
 * Registers the commands, which VS Code may call as soon as this returns. All else has a turn of its own after: nobody
 * waits for it, and the extensions that are activated next need not either.
 */
export function activate(context: vscode.ExtensionContext): void {
  speakEditorLanguage();
  const parts = new DisposableStore();
  context.subscriptions.push(parts);

  const channel = parts.add(vscode.window.createOutputChannel("Volvo Charging", { log: true }));
  const redactor = new Redactor();
  const log = redactingLogger(channel, redactor);
  const clock = systemClock;
  const ofWindow = parts.add(new DisposableStore());
  const opened = new Promise<void>((resolve) => parts.add(clock.after(0, resolve))).then(() => {
    const window = openWindow({ parts: ofWindow, context, clock, redactor, log });
    finish = () => window.finish();
    return window;
  });
  opened.catch((error: unknown) => {
    log.error(`The window could not be set up: ${errorText(error)}`);
    ofWindow.dispose();
  });

  const commands = async () => (await opened).commands();
  parts.add(registerCommands({ load: commands, showLog: () => channel.show(), log }));
}

export async function deactivate(): Promise<void> {
  await finish?.();
}

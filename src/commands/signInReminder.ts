import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { SignInNotice } from "../auth/signInLifetime";
import { SignInNotifier, type SignInNotifierPorts } from "../notify/signInNotifier";
import { type Disposable, DisposableStore } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { commandId } from "../contributions";
import type { Core } from "../core/core";
import { editorLocale } from "../host/locale";
import { signInNoticeText } from "../present/accountText";

export interface ReminderPorts extends Pick<SignInNotifierPorts, "clock" | "focus"> {
  /** The user's own sign-in: the demo has none. */
  readonly core: Pick<Core, "session" | "isAlive" | "settings">;
  /** Shared by all windows. */
  readonly folder: Pick<StateFolder, "create">;
  readonly log: Logger;
}

/** Shows the notices about a sign-in, with the action that helps. */
export function notifyOfSignIn({ core, folder, log, ...ports }: ReminderPorts): Disposable {
  async function show(notice: SignInNotice): Promise<void> {
    const signIn = t("Sign In Again");
    const text = signInNoticeText(notice, editorLocale(core.settings.current));
    if ((await vscode.window.showWarningMessage(text, signIn)) !== signIn) return;
    await vscode.commands.executeCommand(commandId("signIn"));
  }

  const store = new DisposableStore();
  const create = (name: string) => folder.create(name, "");
  const { session, isAlive } = core;
  const notifier = store.add(new SignInNotifier({ ...ports, session, create, isAlive }));
  store.add(
    notifier.onDidClaim((notice) => {
      show(notice).catch((error: unknown) => log.error(`A message could not be shown: ${errorText(error)}`));
    }),
  );
  return store;
}

import type * as vscode from "vscode";
import { CredentialStore } from "./auth/credentialStore";
import type { Clock } from "./base/clock";
import type { DisposableStore } from "./base/disposable";
import { lazy } from "./base/lazy";
import type { Logger, Redactor } from "./base/log";
import { tellDemoFailed } from "./commands/demoFailed";
import type { CommandTable } from "./commands/register";
import { remindOfSignIn } from "./commands/signInReminder";
import { createCore } from "./core";
import { createDemoCore } from "./demoCore";
import { registerAuthProvider } from "./host/authProvider";
import { createSecretStore } from "./host/secretStore";
import { SettingsHost } from "./host/settings";
import { createStateFolder } from "./host/stateFolder";
import { createStoredMark } from "./host/storedMark";
import { registerCallbackUri } from "./host/uriHandler";
import { WindowFocus } from "./host/window";
import { createWindows } from "./host/windows";
import { Stage } from "./stage";
import { observedFetch } from "./sync/requestStatistics";
import { ContextKeys } from "./views/contextKeys";
import { coreViewState } from "./views/coreViewState";
import { createNotifier } from "./views/notifier";
import { Painter } from "./views/painter";
import { hideMessagesFromAudience } from "./views/presenterMode";
import { StatusBarView } from "./views/statusBarView";
import { TreeView } from "./views/treeView";
import { createVolvoId } from "./volvoId";

/** What a window is made with. */
export interface WindowPorts {
  /** Takes the parts, also of a window that could not be made to its end. */
  readonly parts: DisposableStore;
  readonly context: vscode.ExtensionContext;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Logger;
}

export interface OpenWindow {
  /** What the commands do, loaded at the first one that runs. */
  readonly commands: () => Promise<CommandTable>;
  /** What must be done before the process ends. */
  finish(): Promise<void>;
}

/** The composition root: builds the parts in order and joins them. */
export function openWindow({ parts, context, clock, redactor, log }: WindowPorts): OpenWindow {
  const settings = parts.add(new SettingsHost(log));
  const focus = parts.add(new WindowFocus(clock));
  const state = createStateFolder(context.globalStorageUri.fsPath);
  const mark = createStoredMark(state, log);
  const secrets = createSecretStore(context.secrets);
  const credentials = new CredentialStore({ secrets, mark, clock, redactor });
  const { fetch, requests } = observedFetch((url, init) => globalThis.fetch(url, init), clock);
  const volvoId = parts.add(createVolvoId({ folder: state.folder("refresh"), secrets, fetch, clock, redactor, log }));
  const windows = createWindows(state, context.secrets, settings, async () => (await import("./signIn")).ReminderWatch);
  const shared = { clock, log, redactor, settings, focus, random: Math.random };
  const real = createCore({ ...shared, credentials, fetch, volvoId: volvoId.ports, windows });
  const createDemo = async () => createDemoCore((await import("./demo")).createDemoWorld(clock), shared);
  const demoFailed = () => void tellDemoFailed(settings, log);
  const stage = parts.add(new Stage(real, { settings, createDemo, demoFailed, log }));

  const viewState = () => coreViewState(stage.current, clock.now());
  const statusBar = parts.add(new StatusBarView());
  const tree = parts.add(new TreeView());
  const painted = { clock, viewState, own: real, focus, statusBar, tree, keys: new ContextKeys() };
  parts.add(new Painter(painted, [stage.onDidChange, focus.onDidChange]));
  parts.add(hideMessagesFromAudience(settings));
  parts.add(createNotifier({ core: real, settings, clock, tree, log, load: () => import("./signIn") }));
  parts.add(remindOfSignIn({ core: real, clock, log, focus, folder: state.folder("announced") }));

  const deps = { ...shared, stage, viewState, volvoId: volvoId.connection, relay: volvoId.relay, requests };
  const commands = lazy(async () => (await import("./signIn")).commandTable(deps));
  const signIn = async () => (await commands()).signIn(undefined);
  parts.add(registerAuthProvider({ session: real.session, signIn }));
  parts.add(registerCallbackUri(volvoId.relay));
  stage.start();

  return { commands, finish: () => real.finish() };
}

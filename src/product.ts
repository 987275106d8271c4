import type * as vscode from "vscode";
import { CredentialStore } from "./auth/credentialStore";
import type { Clock } from "./base/clock";
import type { DisposableStore } from "./base/disposable";
import { lazy } from "./base/lazy";
import type { Logger } from "./base/log";
import { Redactor } from "./base/redactor";
import { showDemoFailed } from "./commands/demoFailed";
import type { CommandTable } from "./commands/register";
import { notifyOfSignIn } from "./commands/signInReminder";
import { createCore } from "./core/core";
import { createDemoCore } from "./demo/demoCore";
import { type Accounts, createAccounts } from "./host/accounts";
import { createAutomationRunner } from "./host/automationRunner";
import { HostAutomations } from "./host/automations";
import type { StatusTool } from "./host/statusTool";
import { coreViewState } from "./host/coreViewState";
import { createSecretStore } from "./host/secretStore";
import type { SettingsHost } from "./host/settings";
import { sharedFolderOf } from "./host/sharedFolder";
import { createStateFolder } from "./host/stateFolder";
import { createStoredMark } from "./host/credentialsMarker";
import { configureTexts } from "./host/texts";
import { limitedFolder } from "./windows/limitedFolder";
import { WindowFocus } from "./host/window";
import { createWindows } from "./host/windows";
import { DemoSwitch } from "./demo/demoSwitch";
import { automationsFolder } from "./notify/automationWatch";
import { observedFetch } from "./polling/requestStatistics";
import { ContextKeys } from "./views/contextKeys";
import { createNotifier } from "./views/notifier";
import { Painter } from "./views/painter";
import { hideMessagesFromAudience } from "./views/presenterMode";
import type { StatusBarView } from "./views/statusBarView";
import { TreeView } from "./views/treeView";
import { createVolvoId } from "./auth/volvoId";

/** The parts of a window that exist before the product is loaded. */
export interface ProductPorts {
  /** Owns the parts of the product, even if the set-up fails halfway. */
  readonly parts: DisposableStore;
  readonly context: Pick<vscode.ExtensionContext, "globalStorageUri" | "secrets">;
  readonly settings: SettingsHost;
  readonly statusBar: StatusBarView;
  readonly clock: Clock;
  readonly log: Logger;
  /** Makes the log mask with `redact` from now on. */
  readonly redactWith: (redact: (text: string) => string) => void;
}

/** The product, as extension.ts uses it. */
export interface Product {
  /** The handlers of the commands, loaded at the first command that runs. */
  readonly commands: () => Promise<CommandTable>;
  /** The tool that language models call, loaded at its first use. */
  readonly statusTool: () => Promise<StatusTool>;
  /** Fills a history panel that VS Code has restored after a reload of the window. */
  readonly restoreHistory: (panel: vscode.WebviewPanel, state: unknown) => Promise<void>;
  /** The sign-in as VS Code's Accounts menu shows it. */
  readonly accounts: Accounts;
  /**
   * Offers the parameters of the address that the browser opened VS Code with at the end of a sign-in. `false` if no
   * window took them.
   */
  readonly receiveCallback: (parameters: URLSearchParams) => Promise<boolean>;
  /** Must be awaited before the process ends. */
  readonly finish: () => Promise<void>;
}

/** The composition root: builds the parts in order and joins them. This is the entry of the product bundle. */
export function createProduct(ports: ProductPorts): Product {
  const { parts, context, settings, statusBar, clock, log, redactWith } = ports;
  configureTexts();
  const redactor = new Redactor();
  redactWith((text) => redactor.redact(text));
  const focus = parts.add(new WindowFocus(clock));
  const folder = limitedFolder(createStateFolder(sharedFolderOf(context.globalStorageUri.fsPath)), clock);
  const mark = createStoredMark(folder, log);
  const secrets = createSecretStore(context.secrets);
  const credentials = new CredentialStore({ secrets, mark, clock, redactor });
  const { fetch, requests } = observedFetch((url, init) => globalThis.fetch(url, init), clock);
  const volvoId = parts.add(createVolvoId({ folder: folder.folder("refresh"), secrets, fetch, clock, redactor, log }));
  const automations = parts.add(new HostAutomations(settings, log));
  const windows = createWindows(folder, context.secrets, settings, automations);
  const shared = { clock, log, redactor, settings, focus, random: Math.random };
  const real = createCore({ ...shared, credentials, fetch, volvoId: volvoId.ports, windows });
  const createDemo = async () => createDemoCore((await import("./demo")).createDemoWorld(clock), shared);
  const demoFailed = () => void showDemoFailed(settings, log);
  const demoSwitch = parts.add(new DemoSwitch(real, { settings, createDemo, demoFailed, log }));

  const viewState = () => coreViewState(demoSwitch.current, clock.now());
  const isChecking = () => demoSwitch.current.carStore.current.checking.length > 0;
  const tree = parts.add(new TreeView(clock));
  const painterPorts = { clock, viewState, isChecking, own: real, focus, statusBar, tree, keys: new ContextKeys() };
  // The painter repaints at once when the computer wakes up.
  parts.add(new Painter(painterPorts, [demoSwitch.onDidChange, focus.onDidChange, real.wallTimer.onDidJump]));
  parts.add(hideMessagesFromAudience(settings));
  const ownViewState = () => coreViewState(real, clock.now());
  const loadBundle = () => import("./commands");
  parts.add(createNotifier({ core: real, settings, viewState: ownViewState, tree, log, load: loadBundle }));
  parts.add(notifyOfSignIn({ core: real, clock, log, focus, folder: folder.folder("announced") }));

  parts.add(
    createAutomationRunner({
      ...{ onDidAutomate: real.onDidAutomate, viewState: ownViewState, folder: folder.folder(automationsFolder), log },
      showFailure: async (automation, error) => (await loadBundle()).showAutomationFailed(automation, error),
    }),
  );

  const { connection, relay } = volvoId;
  const deps = {
    ...shared,
    demoSwitch,
    viewState,
    volvoId: connection,
    relay,
    requests,
    selectedCar: () => tree.selectedCar,
    parts,
    automations,
    idOf: () => demoSwitch.current.history.carIds(),
    history: () => demoSwitch.current.history,
  };
  const created = lazy(async () => (await loadBundle()).commands(deps));
  const commands = async () => (await created()).table;
  const signIn = async () => {
    await (await commands()).signIn(undefined);
  };
  const accounts = createAccounts(real.session, signIn);
  demoSwitch.start();

  return {
    commands,
    statusTool: async () => (await loadBundle()).statusTool(deps),
    restoreHistory: async (panel, state) => (await created()).restoreHistory(panel, state),
    accounts,
    receiveCallback: (parameters) => relay.receive(parameters),
    finish: () => real.finish(),
  };
}

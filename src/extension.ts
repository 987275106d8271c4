import { existsSync } from "node:fs";
import { join } from "node:path";
import vscode = require("vscode");
import { systemClock } from "./base/clock";
import { DisposableStore } from "./base/disposable";
import { lazy } from "./base/lazy";
import { errorText, redactingLogger } from "./base/log";
import { maskText } from "./base/redactor";
import { historyPanelId } from "./contributions";
import { registerCommands } from "./commands/register";
import { registerAuthProvider } from "./host/authProvider";
import { filesNow } from "./host/filesNow";
import { editorLocale } from "./host/locale";
import { SettingsHost } from "./host/settings";
import { sharedFolderOf } from "./host/sharedFolder";
import { storedMarkFile } from "./host/credentialsMarker";
import { registerStatusTool } from "./host/statusTool";
import { configureTexts } from "./host/texts";
import { registerCallbackUri } from "./host/uriHandler";
import type { Product } from "./product";
import type { Settings } from "./settings/settings";
import { paintLastKnown, paintSetUp } from "./views/firstPaint";
import { StatusBarView } from "./views/statusBarView";
import { lastKnownCars } from "./windows/lastKnown";

/** The time for VS Code to send the item to the screen, in later turns of the event loop (ms). */
const loadDelayMs = 10;

/** Must be awaited before the process ends. VS Code waits for up to 5 s. */
let finish: (() => Promise<void>) | undefined;

/**
 * The entry of every window. Registers the commands, the authentication provider and the address handler, each of which
 * loads the product when it is called. If the extension is configured, the product is loaded after the first painting.
 */
export function activate(context: vscode.ExtensionContext): void {
  configureTexts();
  const parts = new DisposableStore();
  context.subscriptions.push(parts);
  const channel = parts.add(vscode.window.createOutputChannel("Volvo Charging", { log: true }));
  // Once the product has read the secrets, the log also masks them by value.
  let redact: (text: string) => string = maskText;
  const log = redactingLogger(channel, { redact: (text) => redact(text) });
  const clock = systemClock;
  const settings = parts.add(new SettingsHost(log));
  const statusBar = parts.add(new StatusBarView());

  const product = lazy(async (): Promise<Product> => {
    const { createProduct } = await import("./product");
    const productParts = parts.add(new DisposableStore());
    try {
      const created = createProduct({
        parts: productParts,
        context,
        settings,
        statusBar,
        clock,
        log,
        redactWith: (full) => (redact = full),
      });
      finish = created.finish;
      provider.follow(created.accounts);
      return created;
    } catch (error) {
      log.error(`The window could not be set up: ${errorText(error)}`);
      productParts.dispose();
      statusBar.show(undefined, settings.current);
      throw error;
    }
  });
  const accounts = async () => (await product()).accounts;
  const folder = sharedFolderOf(context.globalStorageUri.fsPath);
  const isNeeded = () => needsProduct(settings.current) || existsSync(join(folder, storedMarkFile));

  const stored = async () => (isNeeded() ? accounts() : undefined);
  const provider = parts.add(registerAuthProvider({ stored, load: accounts }));
  const commands = async () => (await product()).commands();
  parts.add(registerCommands({ load: commands, showLog: () => channel.show(), log }));
  const tool = registerStatusTool(async () => (await product()).statusTool());
  if (tool) parts.add(tool);
  const restorePanel = async (panel: vscode.WebviewPanel, state: unknown) =>
    (await product()).restoreHistory(panel, state);
  parts.add(vscode.window.registerWebviewPanelSerializer(historyPanelId, { deserializeWebviewPanel: restorePanel }));
  parts.add(registerCallbackUri({ receive: async (parameters) => (await product()).receiveCallback(parameters) }));

  const loadWhereNeeded = () => {
    if (isNeeded()) void product().catch(() => undefined);
  };
  parts.add(settings.onDidChange(loadWhereNeeded));
  parts.add(context.secrets.onDidChange(() => void product().catch(() => undefined)));
  // The rest runs later, so that the activation of other extensions does not have to wait for it.
  parts.add(
    clock.after(0, () => {
      const { current } = settings;
      if (!isNeeded()) return void paintSetUp(statusBar, current);
      const viewInputs = { settings: current, now: clock.now(), locale: editorLocale(current) };
      if (!current.demo) paintLastKnown(statusBar, lastKnownCars(filesNow(folder), current.vehicles), viewInputs);
      // The item is sent to the screen before the product is loaded.
      parts.add(clock.after(loadDelayMs, loadWhereNeeded));
    }),
  );
}

export async function deactivate(): Promise<void> {
  await finish?.();
}

function needsProduct({ vehicles, faults, demo }: Settings): boolean {
  return demo || vehicles.length > 0 || faults.some(({ key }) => key === "vehicles");
}

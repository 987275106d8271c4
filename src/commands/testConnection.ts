import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { Clock } from "../base/clock";
import { DisposableStore } from "../base/disposable";
import type { Redactor } from "../base/redactor";
import { createConnectionTest, type TestConnection } from "../connectionTest/connectionTest";
import { editorLocale } from "../host/locale";
import type { SettingsHost } from "../host/settings";
import { type ConnectionLine, copiedResult } from "../connectionTest/resultText";
import type { Action } from "../present/links";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { Verdict } from "../connectionTest/row";

export interface TestConnectionDeps {
  readonly demoSwitch: DemoSwitch;
  readonly settings: SettingsHost;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** "Test Connection": shows each part of the connection with its result. Choosing a row runs the action that helps. */
export function createTestConnection({
  demoSwitch,
  settings,
  clock,
  redactor,
}: TestConnectionDeps): () => Promise<void> {
  return async () => {
    if (!(await leaveDemo(settings))) return;
    const test = createConnectionTest(demoSwitch.real, clock, editorLocale(settings.current));
    const action = await showResult(test, redactor);
    if (action) await vscode.commands.executeCommand(action.command, action.argument);
  };
}

/** Offers to stop the demo, which makes no requests. Resolves with `true` if the demo is off. */
async function leaveDemo(settings: SettingsHost): Promise<boolean> {
  if (!settings.current.demo) return true;
  const stop = t("Stop Demo");
  const text = t("The demo is on; it needs no connection to Volvo.");
  if ((await vscode.window.showInformationMessage(text, stop)) !== stop) return false;
  await settings.setDemo(false);
  return true;
}

interface LineItem extends vscode.QuickPickItem {
  readonly action?: Action;
}

const icons: Readonly<Record<Verdict, string>> = {
  works: "pass",
  limited: "warning",
  fails: "error",
  untested: "circle-slash",
};

/**
 * Shows the list during and after the test. Resolves with the chosen action, or with `undefined` if the user cancels.
 */
function showResult(test: TestConnection, redactor: Redactor): Promise<Action | undefined> {
  const parts = new DisposableStore();
  const abort = new AbortController();
  const box = parts.add(vscode.window.createQuickPick<LineItem>());
  const again = { iconPath: new vscode.ThemeIcon("refresh"), tooltip: t("Test Again") };
  const copy = { iconPath: new vscode.ThemeIcon("copy"), tooltip: t("Copy Result") };
  let shown: readonly ConnectionLine[] = [];
  box.title = t("Test Connection");
  box.ignoreFocusOut = true;
  box.matchOnDetail = true;

  async function run(): Promise<void> {
    box.busy = true;
    box.buttons = [];
    box.items = [];
    box.placeholder = t("Testing the connection to Volvo…");
    const { lines, summary } = await test(abort.signal);
    if (abort.signal.aborted) return;
    shown = lines;
    const items = lines.map(itemOf);
    box.items = items;
    // Enter runs the action of the first failed part.
    box.activeItems = items.filter((_, index) => lines[index]?.verdict === "fails").slice(0, 1);
    box.placeholder = summary;
    box.buttons = [again, copy];
    box.busy = false;
  }

  return new Promise<Action | undefined>((resolve, reject) => {
    const start = () => {
      run().catch((error: unknown) => {
        if (!abort.signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
      });
    };
    parts.add(
      box.onDidTriggerButton((button) => {
        if (button === again) start();
        else void copyText(copiedResult(shown, redactor));
      }),
    );
    parts.add(
      box.onDidAccept(() => {
        const [item] = box.selectedItems;
        if (item?.action) resolve(item.action);
      }),
    );
    parts.add(box.onDidHide(() => resolve(undefined)));
    box.show();
    start();
  }).finally(() => {
    abort.abort();
    parts.dispose();
  });
}

function itemOf({ verdict, label, detail, action }: ConnectionLine): LineItem {
  return {
    label: `$(${icons[verdict]}) ${label}`,
    detail,
    alwaysShow: true,
    ...(action && { description: action.title, action }),
  };
}

async function copyText(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(t("The result is on the clipboard."), 3000);
}

import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { extensionId, focusViewCommand, walkthrough } from "../contributions";
import type { SettingsHost } from "../host/settings";
import type { ViewState } from "../present/viewState";
import { getStatus } from "../status/getStatus";
import { type AutomationDeps, createRunAutomation } from "./automations";
import { type CarDeps, carCommands, keyOf } from "./cars";
import { credentialCommands } from "./credentials";
import { createFindVehicles } from "./findVehicles";
import { historyCommands } from "./history";
import { HistoryPanel } from "./historyPanel";
import { showMenu } from "./menu";
import { modeCommands } from "./mode";
import { createRefresh } from "./refresh";
import type { CommandTable } from "./register";
import { createShowDiagnostics, type DiagnosticsDeps } from "./showDiagnostics";
import { createSignIn, type SignInDeps } from "./signInCommand";
import { createTestConnection } from "./testConnection";
import { createTryOut } from "./tryOut";

export interface CommandDeps extends DiagnosticsDeps, AutomationDeps {
  readonly settings: SettingsHost;
  readonly viewState: () => ViewState;
  readonly volvoId: SignInDeps["volvoId"];
  readonly relay: SignInDeps["relay"];
  readonly selectedCar: CarDeps["selectedCar"];
}

/** The handlers of the commands, and the one that restores the history panel. */
export interface Commands {
  readonly table: CommandTable;
  /** Fills a history panel that VS Code has restored after a reload of the window. */
  readonly restoreHistory: (panel: vscode.WebviewPanel, state: unknown) => void;
}

/** The handlers of the extension's commands. */
export function createCommands(deps: CommandDeps): Commands {
  const { demoSwitch, settings, viewState, clock, idOf } = deps;
  const refresh = createRefresh(demoSwitch, viewState);
  const tryOut = createTryOut(deps);
  const { table, chosen, carOf } = carCommands({ ...deps, tryOut });
  const findVehicles = createFindVehicles(demoSwitch, clock, settings, viewState, table.addVehicle);
  const signIn = createSignIn({ ...deps, onSignedIn: (since) => credentials.signedIn(since) });
  const credentials = credentialCommands({ demoSwitch, settings, viewState, findVehicles, signIn, tryOut });
  const historyPanel = new HistoryPanel({ ...deps, history: () => demoSwitch.current.history });
  const all: CommandTable = {
    ...table,
    findVehicles,
    ...credentials.table,
    refresh: () => refresh(),
    refreshVehicle: async (argument) => {
      const car = await chosen(argument, t("Refresh This Vehicle"));
      if (car) await refresh([car.vin]);
    },
    ...modeCommands(deps),
    ...historyCommands({ demoSwitch, settings, clock, carOf }),
    menu: () => showMenu(viewState()),
    reloadWindow: async () => {
      await vscode.commands.executeCommand("workbench.action.reloadWindow");
    },
    togglePresenterMode: () => settings.setPresenterMode(!settings.current.presenterMode),
    startDemo: async () => {
      await settings.setDemo(true);
      await vscode.commands.executeCommand(focusViewCommand);
    },
    stopDemo: () => settings.setDemo(false),
    testConnection: createTestConnection(deps),
    openWalkthrough: async () => {
      await vscode.commands.executeCommand(walkthrough.openCommand, `${extensionId}#${walkthrough.id}`, false);
    },
    showHistory: (argument) => historyPanel.show(keyOf(argument)),
    showDiagnostics: createShowDiagnostics(deps),
    getStatus: async (argument) => {
      const ids = await idOf();
      return getStatus(argument, { ...viewState(), idOf: ids });
    },
    runAutomation: createRunAutomation(deps),
    openSettings: async () => {
      await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${extensionId}`);
    },
  };
  return { table: all, restoreHistory: (panel, state) => historyPanel.restore(panel, state) };
}

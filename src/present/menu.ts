import { t } from "@vscode/l10n";
import { isSignedIn } from "../auth/sessionState";
import { type CommandName, commandId, focusViewCommand } from "../contributions";
import { modeAction, modeIcon, modeText } from "./modeText";
import { shownProblem } from "./shownProblem";
import type { ViewState } from "./viewState";

/** An entry of the menu that a click on the status-bar item opens. */
export interface MenuEntry {
  readonly icon: string;
  readonly label: string;
  readonly description?: string;
  readonly command: string;
}

/** The entries that apply now, in three groups: cars, account, everything else. */
export function menu(view: ViewState): readonly (readonly MenuEntry[])[] {
  const cars = carEntries(view);
  // The action that helps against a problem can also be one of the permanent entries.
  const account = without(accountEntries(view), cars);
  const others = without(otherEntries(view), account);
  return [cars, account, others].filter((group) => group.length > 0);
}

function without(entries: readonly MenuEntry[], others: readonly MenuEntry[]): readonly MenuEntry[] {
  return entries.filter(({ command }) => !others.some((entry) => entry.command === command));
}

function carEntries(view: ViewState): readonly MenuEntry[] {
  const { cars, settings, session } = view;
  const canCheck = cars.length > 0 && session.kind === "ready";
  const pinned = cars.find(({ isPinned }) => isPinned);
  const entries: MenuEntry[] = [];
  if (canCheck) entries.push(commandEntry("refresh", t("Refresh"), "refresh"), ...modeEntries(view));
  entries.push({ icon: "list-tree", label: t("Show Vehicles"), command: focusViewCommand });
  if (cars.length > 0) entries.push(commandEntry("graph", t("Show History"), "showHistory"));
  // In the demo these commands would change the user's own cars, which are not shown.
  if (settings.demo) return entries;
  if (cars.length > 1) entries.push(commandEntry("pin", t("Show Another Vehicle in Status Bar"), "pinVehicle"));
  if (pinned) {
    entries.push({
      ...commandEntry("pinned", t("Stop Showing in Status Bar"), "unpinVehicle"),
      description: pinned.name,
    });
  }
  entries.push(commandEntry("add", t("Add Vehicle"), "addVehicle"));
  if (session.kind === "ready") entries.push(commandEntry("search", t("Find My Vehicles"), "findVehicles"));
  return entries;
}

/** The end of the active mode, or the modes to start: one mode must end before another can start. */
function modeEntries(view: ViewState): readonly MenuEntry[] {
  const { mode } = view;
  if (mode) {
    const { title, command } = modeAction(mode);
    const icon = mode.kind === "paused" ? "debug-continue" : modeIcon(mode);
    return [{ icon, label: title, description: modeText(view), command }];
  }
  return [
    commandEntry("debug-pause", t("Pause Checking"), "pausePolling"),
    commandEntry("eye", t("Watch Closely"), "watchClosely"),
  ];
}

/** Empty in the demo, which has no account. */
function accountEntries(view: ViewState): readonly MenuEntry[] {
  const { problem, settings, session } = view;
  if (settings.demo) return [];
  const { sentence, action } = problem ? shownProblem(problem, view) : {};
  const connect = commandEntry("plug", t("Connect My Car"), "connect");
  const entries: MenuEntry[] = [];
  if (action && sentence !== undefined && action.command !== connect.command) {
    entries.push({ icon: "warning", label: action.title, description: sentence, command: action.command });
  }
  entries.push(connect);
  if (isSignedIn(session)) {
    const isToken = session.kind === "ready" && session.account.kind === "testToken";
    entries.push(
      commandEntry("beaker", t("Test Connection"), "testConnection"),
      isToken
        ? commandEntry("trash", t("Remove Access Token"), "signOut")
        : commandEntry("sign-out", t("Sign Out"), "signOut"),
    );
  }
  return entries;
}

function otherEntries({ settings }: ViewState): readonly MenuEntry[] {
  return [
    settings.presenterMode
      ? commandEntry("eye", t("Show Names and VINs Again"), "togglePresenterMode")
      : commandEntry("eye-closed", t("Hide Names and VINs"), "togglePresenterMode"),
    settings.demo
      ? commandEntry("debug-stop", t("Stop Demo"), "stopDemo")
      : commandEntry("play", t("Start Demo"), "startDemo"),
    commandEntry("gear", t("Settings"), "openSettings"),
    commandEntry("output", t("Show Log"), "showLog"),
  ];
}

function commandEntry(icon: string, label: string, name: CommandName): MenuEntry {
  return { icon, label, command: commandId(name) };
}

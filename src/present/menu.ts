import { t } from "@vscode/l10n";
import { isSignedIn } from "../auth/sessionState";
import { type CommandName, commandId, focusViewCommand } from "../contributions";
import { carViews, commonProblem, type Picture } from "./picture";
import { problemText } from "./problemText";

/** A line of the menu that a click on the status-bar item opens. */
export interface MenuEntry {
  readonly icon: string;
  readonly label: string;
  readonly description?: string;
  readonly command: string;
}

/** What can be done now, in groups: for the cars, for the account, for everything else. */
export function menu(picture: Picture): readonly (readonly MenuEntry[])[] {
  const [cars, account, others] = [carEntries(picture), accountEntries(picture), otherEntries(picture)];
  // What helps against a problem can be one of those that are always there.
  const left = others.filter(({ command }) => !account.some((entry) => entry.command === command));
  return [cars, account, left].filter((group) => group.length > 0);
}

function carEntries(picture: Picture): readonly MenuEntry[] {
  const cars = carViews(picture);
  const { settings, session } = picture;
  const pinned = cars.find(({ isPinned }) => isPinned);
  const entries: MenuEntry[] = [];
  if (cars.length > 0 && session.kind === "ready") entries.push(own("refresh", t("Refresh"), "refresh"));
  entries.push({ icon: "list-tree", label: t("Show Vehicles"), command: focusViewCommand });
  // The settings name the user's own cars; those of the demo are in none.
  if (settings.demo) return entries;
  if (cars.length > 1) entries.push(own("pin", t("Show Another Car in the Status Bar"), "pinVehicle"));
  if (pinned) {
    entries.push({ ...own("pinned", t("Stop Showing in Status Bar"), "unpinVehicle"), description: pinned.name });
  }
  entries.push(own("add", t("Add Vehicle"), "addVehicle"));
  if (session.kind === "ready") entries.push(own("search", t("Find My Vehicles"), "findVehicles"));
  return entries;
}

/** Nothing while the demo runs: its account is nobody's. */
function accountEntries(picture: Picture): readonly MenuEntry[] {
  const { settings, session, now, locale } = picture;
  if (settings.demo) return [];
  const problem = commonProblem(picture);
  const { sentence, action } = problem ? problemText(problem, now, locale) : {};
  const connect = own("plug", t("Connect My Car"), "connect");
  const entries: MenuEntry[] = [];
  if (action && sentence !== undefined && action.command !== connect.command) {
    entries.push({ icon: "warning", label: action.title, description: sentence, command: action.command });
  }
  entries.push(connect);
  if (isSignedIn(session)) {
    entries.push(own("beaker", t("Test Connection"), "testConnection"), own("sign-out", t("Sign Out"), "signOut"));
  }
  return entries;
}

function otherEntries({ settings }: Picture): readonly MenuEntry[] {
  return [
    settings.presenterMode
      ? own("eye", t("Show Names and VINs Again"), "togglePresenterMode")
      : own("eye-closed", t("Hide Names and VINs"), "togglePresenterMode"),
    settings.demo ? own("debug-stop", t("Stop Demo"), "stopDemo") : own("play", t("Start Demo"), "startDemo"),
    own("gear", t("Settings"), "openSettings"),
    own("output", t("Show Log"), "showLog"),
  ];
}

function own(icon: string, label: string, name: CommandName): MenuEntry {
  return { icon, label, command: commandId(name) };
}

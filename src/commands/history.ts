import { t } from "@vscode/l10n";
import os from "node:os";
import vscode = require("vscode");
import type { Clock } from "../base/clock";
import type { Car } from "../charging/car";
import type { DemoSwitch } from "../demo/demoSwitch";
import { editorLocale } from "../host/locale";
import type { SettingsHost } from "../host/settings";
import { carNames } from "../present/carNames";
import {
  type ExportedCar,
  exportExtension,
  exportFileName,
  type ExportFormat,
  exportText,
} from "../present/historyExport";
import { unlessDemo } from "./unlessDemo";

interface HistoryCommandDeps {
  readonly demoSwitch: DemoSwitch;
  readonly settings: SettingsHost;
  readonly clock: Clock;
  /** The car that an argument names; `undefined` if it names none. */
  readonly carOf: (argument: unknown) => Car | undefined;
}

/** Asks, then deletes the history of `car` or of all cars, and confirms that. */
export async function deleteHistory(
  demoSwitch: DemoSwitch,
  car: { vin: Car["vin"]; name: string } | "all",
): Promise<void> {
  const confirm = t("Delete History");
  const isAll = car === "all";
  const detail = isAll
    ? t(
        "This deletes all recorded connections and charges, including those of cars that are no longer on the list. It can't be undone.",
      )
    : t("This deletes all recorded connections and charges of this car. It can't be undone.");
  const question = isAll ? t("Delete the history of all cars?") : t("Delete the history of {0}?", car.name);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
  await demoSwitch.real.deleteHistory(isAll ? "all" : [car.vin]);
  void vscode.window.showInformationMessage(
    isAll ? t("The history has been deleted.") : t("The history of {0} has been deleted.", car.name),
  );
}

/** The commands that export and delete the history. */
export function historyCommands({ demoSwitch, settings, clock, carOf }: HistoryCommandDeps) {
  /** The car that a menu passes, or all cars without an argument. */
  function carsFor(argument: unknown): readonly NamedCar[] {
    const { cars } = demoSwitch.current.carStore.current;
    const names = carNames(cars, settings.current);
    const named = cars.map((car, index): NamedCar => ({ car, name: names[index] ?? "", index }));
    return isNone(argument) ? named : named.filter(({ car }) => car.vin === carOf(argument)?.vin);
  }

  async function exportHistory(argument: unknown): Promise<void> {
    const title = t("Export History");
    const { history } = demoSwitch.current;
    const histories = history.hasHistory ? await history.read() : [];
    const recorded = carsFor(argument).filter(({ index }) => histories[index]?.rows.length);
    if (recorded.length === 0) {
      void vscode.window.showInformationMessage(t("There is no history yet. It starts with the first check."));
      return;
    }
    const picked = recorded.length === 1 ? recorded : await pick(recorded, title);
    if (!picked) return;
    const chosen = await vscode.window.showQuickPick(formats(), { title, placeHolder: t("Choose a format") });
    if (!chosen) return;
    const { format } = chosen;
    const extension = exportExtension(format);
    const locale = editorLocale(settings.current);
    const only = picked.length === 1 ? picked[0]?.name : undefined;
    const target = await vscode.window.showSaveDialog({
      title,
      defaultUri: defaultTarget(exportFileName(format, only, clock.now(), locale)),
      filters: { [extension.toUpperCase()]: [extension] },
    });
    if (!target) return;
    const { showFullVins, presenterMode } = settings.current;
    const cars = picked.flatMap(({ car, name, index }): readonly ExportedCar[] => {
      const carHistory = histories[index];
      return carHistory ? [{ name, ...(showFullVins && !presenterMode && { vin: car.vin }), history: carHistory }] : [];
    });
    const text = exportText(format, cars, clock.now(), locale);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    const open = t("Open");
    const choice = await vscode.window.showInformationMessage(t("The history has been exported."), open);
    if (choice === open) await vscode.commands.executeCommand("vscode.open", target);
  }

  return {
    exportHistory,
    deleteHistory: (argument: unknown) =>
      unlessDemo(demoSwitch, async () => {
        const cars = carsFor(argument);
        const picked = isNone(argument) ? await pick(cars, t("Delete History")) : cars;
        const [first] = picked ?? [];
        if (isNone(argument) && picked === cars) await deleteHistory(demoSwitch, "all");
        else if (first) await deleteHistory(demoSwitch, { vin: first.car.vin, name: first.name });
      }),
  };
}

interface NamedCar {
  readonly car: Car;
  readonly name: string;
  /** Its index in the list of cars. */
  readonly index: number;
}

function isNone(argument: unknown): boolean {
  return argument === undefined || argument === null;
}

/** The cars that the user picks: `cars` itself for all; `undefined` if the user cancels. */
async function pick(cars: readonly NamedCar[], title: string): Promise<readonly NamedCar[] | undefined> {
  const all = { label: t("All Cars"), cars };
  const items = [all, ...cars.map((each) => ({ label: each.name, cars: [each] }))];
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t("Choose a car") }))?.cars;
}

function formats(): readonly (vscode.QuickPickItem & { readonly format: ExportFormat })[] {
  return [
    { format: "sessions", label: t("Sessions as CSV"), description: t("for programs") },
    { format: "excel", label: t("Sessions as CSV for Excel"), description: t("in the formats of your language") },
    { format: "readings", label: t("Readings as CSV"), description: t("every recorded change") },
    { format: "json", label: t("Sessions as JSON") },
    { format: "markdown", label: t("Sessions as Markdown") },
  ];
}

/** A file in the first open folder that is on a disk, else in the home folder. */
function defaultTarget(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return vscode.Uri.joinPath(folder?.uri ?? vscode.Uri.file(os.homedir()), name);
}

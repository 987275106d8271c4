import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { carKey } from "../charging/carKey";
import type { Clock } from "../base/clock";
import type { Vin } from "../charging/vin";
import { selectedRow } from "../contributions";
import { carNames, vinText } from "../present/carNames";
import { plainLine } from "../present/plainText";
import { vehicleEntries } from "../settings/vehicleEntries";
import type { SettingsHost } from "../host/settings";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { Car, ConfiguredCar } from "../charging/car";
import { deleteHistory } from "./history";
import { askSteps } from "./steps";
import type { TryOut } from "./tryOut";
import { unlessDemo } from "./unlessDemo";

export interface CarDeps {
  readonly demoSwitch: DemoSwitch;
  readonly settings: SettingsHost;
  /** The key of the car whose row is selected in the view. */
  readonly selectedCar: () => string | undefined;
  readonly clock: Clock;
  readonly tryOut: TryOut;
}

/** The commands for the configured cars. They write only the setting, which is the only source of the list. */
export function carCommands({ demoSwitch, settings, selectedCar, clock, tryOut }: CarDeps) {
  const now = () => clock.now();

  /** The car that a menu, a link or another extension passes, else the one that the user picks. */
  async function chosen(argument: unknown, title: string): Promise<Car | undefined> {
    const { cars } = demoSwitch.current.carStore.current;
    const key = argument === selectedRow ? (selectedCar() ?? "") : keyOf(argument);
    if (key !== undefined) return cars.find((car) => carKey(car.vin) === key);
    if (argument !== undefined && argument !== null) return undefined;
    if (cars.length <= 1) return cars[0];
    const names = carNames(cars, settings.current);
    const items = cars.map((car, index) => ({
      label: names[index] ?? "",
      description: vinText(car, settings.current) ?? "",
      car,
    }));
    return (await vscode.window.showQuickPick(items, { title, placeHolder: t("Choose a car") }))?.car;
  }

  async function update(change: (cars: readonly ConfiguredCar[]) => readonly ConfiguredCar[]): Promise<void> {
    await settings.setVehicles((written) => vehicleEntries(written, change(settings.current.vehicles)));
  }

  function move(vin: Vin, by: -1 | 1): (cars: readonly ConfiguredCar[]) => readonly ConfiguredCar[] {
    return (cars) => {
      const from = cars.findIndex((car) => car.vin === vin);
      const to = from + by;
      const moved = cars[from];
      if (!moved || to < 0 || to >= cars.length) return cars;
      const rest = cars.filter((car) => car.vin !== vin);
      return [...rest.slice(0, to), moved, ...rest.slice(to)];
    };
  }

  async function withCar(argument: unknown, title: string, action: (car: Car) => Promise<void>): Promise<void> {
    const car = await chosen(argument, title);
    if (car) await action(car);
  }

  function withOwnCar(argument: unknown, title: string, action: (car: Car) => Promise<void>): Promise<void> {
    return unlessDemo(demoSwitch, () => withCar(argument, title, action));
  }

  /** Asks for a VIN that is not on the list. The box begins with `start`; `prompt` replaces the usual one. */
  async function askForVin(title: string, start: string, prompt?: string): Promise<Vin | undefined> {
    const outcome = await askSteps(["vin"], {
      title,
      known: { vin: start },
      configured: settings.current.vehicles.filter(({ vin }) => vin !== start),
      hidesVin: settings.current.presenterMode,
      ...(prompt !== undefined && { prompts: { vin: prompt } }),
    });
    return outcome.kind === "entered" ? (outcome.values.vin as Vin | undefined) : undefined;
  }

  async function addVehicle(): Promise<void> {
    const title = t("Add Vehicle");
    const vin = await askForVin(title, "");
    if (vin === undefined) return;
    const name = await vscode.window.showInputBox({
      title,
      prompt: t("A name for the car (optional)"),
      password: settings.current.presenterMode,
      ignoreFocusOut: true,
    });
    if (name === undefined) return;
    const since = now();
    await update((cars) => [...cars, named({ vin }, name)]);
    await tryOut({ since, untried: "", vin });
  }

  async function changeVin({ vin: before }: Car): Promise<void> {
    const shown = vinText({ vin: before }, settings.current);
    const prompt =
      shown === undefined
        ? t("The car keeps its name and place.")
        : t("Replaces {0}. The car keeps its name and place.", shown);
    // The box begins with the VIN only if the user wants full VINs on the screen.
    const vin = await askForVin(t("Change VIN"), shown === before ? before : "", prompt);
    if (vin === undefined || vin === before) return;
    const { pinned } = settings.current;
    const since = now();
    await update((cars) => cars.map((car) => (car.vin === before ? { ...car, vin } : car)));
    if (pinned === before) await settings.setPinned(vin);
    await tryOut({ since, untried: "", vin });
  }

  /**
   * Removes the car at once and offers to undo that, which restores its name and place. The history is kept, since
   * another account or browser may show it; the message offers to delete it.
   */
  async function removeVehicle({ vin }: Car): Promise<void> {
    const { cars } = demoSwitch.current.carStore.current;
    const name = carNames(cars, settings.current)[cars.findIndex((car) => car.vin === vin)] ?? "";
    const place = settings.current.vehicles.findIndex((car) => car.vin === vin);
    const removed = settings.current.vehicles[place];
    if (!removed) return;
    const hasHistory = demoSwitch.real.history.hasRows(vin);
    await update((list) => list.filter((car) => car.vin !== vin));
    const [undo, forget] = [t("Undo"), t("Delete History")];
    const choice = await (hasHistory
      ? vscode.window.showInformationMessage(t("Removed {0}. Its history is kept.", name), undo, forget)
      : vscode.window.showInformationMessage(t("Removed {0}.", name), undo));
    if (choice === forget) await deleteHistory(demoSwitch, { vin, name });
    if (choice !== undo) return;
    await update((list) =>
      list.some((car) => car.vin === vin) ? list : [...list.slice(0, place), removed, ...list.slice(place)],
    );
  }

  function carOf(argument: unknown): Car | undefined {
    const key = keyOf(argument);
    return demoSwitch.current.carStore.current.cars.find((car) => carKey(car.vin) === key);
  }

  return {
    chosen,
    carOf,
    table: {
      addVehicle: () => unlessDemo(demoSwitch, addVehicle),
      changeVin: (argument: unknown) => withOwnCar(argument, t("Change VIN"), changeVin),
      renameVehicle: (argument: unknown) =>
        withOwnCar(argument, t("Rename Vehicle"), async ({ vin, name }) => {
          const typed = await vscode.window.showInputBox({
            title: t("Rename Vehicle"),
            prompt: t("Leave empty to use the model name."),
            value: name ?? "",
            password: settings.current.presenterMode,
          });
          if (typed === undefined) return;
          await update((cars) => cars.map((car) => (car.vin === vin ? named(car, typed) : car)));
        }),
      removeVehicle: (argument: unknown) => withOwnCar(argument, t("Remove Vehicle"), removeVehicle),
      pinVehicle: (argument: unknown) =>
        withOwnCar(argument, t("Show in Status Bar"), ({ vin }) => settings.setPinned(vin)),
      unpinVehicle: () => unlessDemo(demoSwitch, () => settings.setPinned(undefined)),
      moveVehicleUp: (argument: unknown) => withOwnCar(argument, t("Move Up"), ({ vin }) => update(move(vin, -1))),
      moveVehicleDown: (argument: unknown) => withOwnCar(argument, t("Move Down"), ({ vin }) => update(move(vin, 1))),
      copyVin: (argument: unknown) =>
        withCar(argument, t("Copy VIN"), async ({ vin }) => {
          await vscode.env.clipboard.writeText(vin);
          vscode.window.setStatusBarMessage(t("The VIN is on the clipboard."), 3000);
        }),
    },
  };
}

function named({ name: _, ...car }: ConfiguredCar, name: string): ConfiguredCar {
  const clean = plainLine(name);
  return clean === "" ? car : { ...car, name: clean };
}

/** The key of a car in an argument: menus pass the row, links the key itself. All other arguments identify no car. */
export function keyOf(argument: unknown): string | undefined {
  if (typeof argument === "object" && argument !== null && "car" in argument) return keyOf(argument.car);
  return typeof argument === "string" ? argument : undefined;
}

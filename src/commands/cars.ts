import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { carKey } from "../charging/carKey";
import { checkVin, type Vin } from "../charging/vin";
import { carNames, vinText } from "../present/carNames";
import { plainLine } from "../present/plainText";
import { vinCheckText } from "../present/inputText";
import type { SettingsHost } from "../host/settings";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { Car, ConfiguredCar } from "../charging/car";

/** The commands that change or name the configured cars. They write only the setting, which is the single source. */
export function carCommands(demoSwitch: DemoSwitch, settings: SettingsHost) {
  /** The car that a menu, a link or another extension passes, else the one that the user picks. */
  async function chosen(argument: unknown, title: string): Promise<Car | undefined> {
    const { cars } = demoSwitch.current.carStore.current;
    const key = keyOf(argument);
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
    await settings.setVehicles(change(settings.current.vehicles));
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

  /** Runs `change` unless the demo is on: the settings contain the user's own cars, not the simulated ones. */
  async function unlessDemo(change: () => Promise<void>): Promise<void> {
    if (!demoSwitch.current.isDemo) await change();
    else void vscode.window.showInformationMessage(t("These cars are simulated. Stop the demo to change your own."));
  }

  function withOwnCar(argument: unknown, title: string, action: (car: Car) => Promise<void>): Promise<void> {
    return unlessDemo(() => withCar(argument, title, action));
  }

  /** Asks for a VIN and adds it. Resolves with the VIN, or with `undefined` if the user cancels. */
  async function askForCar(withName: boolean): Promise<Vin | undefined> {
    const typed = await vscode.window.showInputBox({
      title: t("Add Vehicle"),
      prompt: t("The VIN has 17 characters. It is on the registration papers and behind the windshield."),
      placeHolder: t("VIN, for example YV1…"),
      password: settings.current.presenterMode,
      ignoreFocusOut: true,
      validateInput: (text) => vinCheckText(text, settings.current.vehicles),
    });
    const check = checkVin(typed ?? "");
    if (check.kind !== "valid") return undefined;
    const name = withName
      ? await vscode.window.showInputBox({
          title: t("Add Vehicle"),
          prompt: t("A name for the car (optional)"),
          password: settings.current.presenterMode,
          ignoreFocusOut: true,
        })
      : "";
    await update((cars) => [...cars, named(check.vin, name ?? "")]);
    return check.vin;
  }

  return {
    chosen,
    askForCar,
    table: {
      addVehicle: async () => {
        await askForCar(true);
      },
      renameVehicle: (argument: unknown) =>
        withOwnCar(argument, t("Rename Vehicle"), async ({ vin, name }) => {
          const typed = await vscode.window.showInputBox({
            title: t("Rename Vehicle"),
            prompt: t("Leave it empty to use the model's name."),
            value: name ?? "",
            password: settings.current.presenterMode,
          });
          if (typed === undefined) return;
          await update((cars) => cars.map((car) => (car.vin === vin ? named(vin, typed) : car)));
        }),
      removeVehicle: (argument: unknown) =>
        withOwnCar(argument, t("Remove Vehicle"), async ({ vin }) => {
          const { cars } = demoSwitch.current.carStore.current;
          const name = carNames(cars, settings.current)[cars.findIndex((car) => car.vin === vin)] ?? "";
          const remove = t("Remove");
          const options = { modal: true, detail: t("This only removes the car from the list; you can add it again.") };
          const choice = await vscode.window.showWarningMessage(t("Remove {0}?", name), options, remove);
          if (choice === remove) await update((list) => list.filter((car) => car.vin !== vin));
        }),
      pinVehicle: (argument: unknown) =>
        withOwnCar(argument, t("Show in Status Bar"), ({ vin }) => settings.setPinned(vin)),
      unpinVehicle: () => unlessDemo(() => settings.setPinned(undefined)),
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

function named(vin: Vin, name: string): ConfiguredCar {
  const clean = plainLine(name);
  return clean === "" ? { vin } : { vin, name: clean };
}

/** Menus pass the row, links pass the key itself. All other arguments identify no car. */
function keyOf(argument: unknown): string | undefined {
  if (typeof argument === "object" && argument !== null && "car" in argument) return keyOf(argument.car);
  return typeof argument === "string" ? argument : undefined;
}

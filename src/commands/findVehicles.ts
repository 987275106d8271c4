import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { Clock } from "../base/clock";
import type { Vin } from "../charging/vin";
import { vehicleEntries } from "../settings/vehicleEntries";
import type { SettingsHost } from "../host/settings";
import { listedName, vinText } from "../present/carNames";
import { fuelText } from "../present/fuelText";
import { emptyListText, listText } from "../present/listText";
import type { ViewState } from "../present/viewState";
import type { DemoSwitch } from "../demo/demoSwitch";
import { type ListedCar, listCars } from "../polling/carList";
import { showProblem } from "./refresh";

/** "Find My Vehicles": lists the account's cars, lets the user choose several and writes the setting. */
export function createFindVehicles(
  demoSwitch: DemoSwitch,
  clock: Clock,
  settings: SettingsHost,
  viewState: () => ViewState,
  addByVin: () => Promise<void>,
) {
  return async (): Promise<void> => {
    const found = await search();
    if (!found) return;
    if (found.length === 0) {
      const add = t("Add Vehicle");
      if ((await vscode.window.showWarningMessage(emptyListText(), add)) === add) await addByVin();
      return;
    }
    const configured = settings.current.vehicles;
    const knownVins = [...new Set([...configured, ...found].map(({ vin }) => vin))];
    const items = found.map(({ vin, model }) => ({
      label: settings.current.presenterMode
        ? t("Car {0}", knownVins.indexOf(vin) + 1)
        : listedName({ ...configured.find((car) => car.vin === vin), ...(model && { model }) }),
      description: [vinText({ vin }, settings.current), model?.fuel === undefined ? undefined : fuelText(model.fuel)]
        .filter((part) => part !== undefined)
        .join(" · "),
      picked: configured.length === 0 || configured.some((car) => car.vin === vin),
      vin,
    }));
    const options = {
      canPickMany: true,
      title: t("Find My Vehicles"),
      placeHolder: t("Choose the cars to show"),
    } as const;
    const chosen = await vscode.window.showQuickPick(items, options);
    if (!chosen) return;
    const isChosen = (vin: Vin) => chosen.some((item) => item.vin === vin);
    const isListed = (vin: Vin) => found.some((car) => car.vin === vin);
    const kept = configured.filter(({ vin }) => isChosen(vin) || !isListed(vin));
    const added = chosen.filter(({ vin }) => !configured.some((car) => car.vin === vin)).map(({ vin }) => ({ vin }));
    await settings.setVehicles((written) => vehicleEntries(written, [...kept, ...added]));
  };

  /** The account's cars, with their models if known. On failure, shows the cause and resolves with `undefined`. */
  async function search(): Promise<readonly ListedCar[] | undefined> {
    const { client, carStore, turns } = demoSwitch.real;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: t("Getting your cars from Volvo…"),
      cancellable: true,
    };
    return await vscode.window.withProgress(options, async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      try {
        const list = await listCars({ client, carStore, turns, clock }, abort.signal);
        if (list.kind === "found") return list.cars;
        const { now, locale } = viewState();
        void showProblem(listText(list, now, locale));
        return undefined;
      } catch (error) {
        if (abort.signal.aborted) return undefined;
        throw error;
      }
    });
  }
}

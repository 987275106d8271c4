import { t } from "@vscode/l10n";
import { agedSentence, carSentence } from "../present/carText";
import { namesWithoutVins } from "../present/carNames";
import { percentText } from "../present/numbers";
import { problemText } from "../present/problemText";
import type { Locale } from "../present/times";
import type { CarView } from "../present/viewState";
import type { StatusState } from "./status";

/** A line about each of `cars` for other programs, in the language of VS Code and without VINs. */
export function statusText(cars: readonly CarView[], state: StatusState, now: number, locale: Locale): string {
  const names = namesWithoutVins(state.carStore.cars, state.settings);
  return cars
    .map((car) => t("{0}: {1}", names[state.cars.indexOf(car)] ?? "", facts(car, now, locale).join(" · ")))
    .join("\n");
}

function facts(car: CarView, now: number, locale: Locale): readonly string[] {
  const { reading, problem, stale } = car;
  const level = reading?.details.batteryLevel;
  return [
    reading ? agedSentence(reading, now) : carSentence(car),
    ...(stale ? [t("out of date")] : []),
    ...(level ? [percentText(level.value, locale)] : []),
    ...(problem ? [problemText(problem, now, locale).sentence] : []),
  ];
}

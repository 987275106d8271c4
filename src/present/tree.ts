import { t } from "@vscode/l10n";
import type { Problem } from "../charging/problem";
import type { WelcomeCause } from "../contributions";
import { blockingFault } from "../settings";
import { accountRow } from "./accountRow";
import { carIcon, carSentence, shownTimes, spokenCar } from "./carText";
import { chargerText, connectionSentence, connectionWord, type Icon } from "./connectionText";
import { contradiction, detailTexts } from "./detailText";
import { blocks, carHead, carNotes, problemLine } from "./hover";
import { type CarView, carViews, commonProblem, type Picture, vinText } from "./picture";
import { escapeMarkdown } from "./plainText";
import { problemText, problemWord } from "./problemText";
import { settingFaultText } from "./settingText";
import { ageText, dateTimeText, isoText } from "./times";

/** A row of the tree as plain data. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** Markdown. */
  readonly tooltip: string;
  readonly spoken: string;
  /** What menus go by. */
  readonly context: string;
  readonly command?: { readonly title: string; readonly command: string };
  /** The car the row belongs to, as its key. */
  readonly car: string;
  readonly children: readonly Row[];
}

/** The view "Vehicles" as plain data. */
export interface TreeModel {
  readonly rows: readonly Row[];
  /** The number of cars with a fault, for the badge. */
  readonly faults: number;
  readonly badgeText: string;
  /** Above the rows; empty for none. */
  readonly message: string;
  /** Beside the title; empty for none. */
  readonly description: string;
  /** The times that decide how long all of it stays true: past ones by their ages, those ahead when they come. */
  readonly shownTimes: readonly number[];
}

/** The whole view. */
export function treeModel(picture: Picture): TreeModel {
  const { demo } = picture.settings;
  const rows = tree(picture);
  const faults = picture.garage.cars.filter((car) => car.reading?.connection.value.kind === "fault").length;
  return {
    rows,
    faults,
    badgeText: t("Cars with a charging fault: {0}", faults),
    // Where there are no rows it would hide what the view invites to.
    message: demo ? t("Demo: these cars are simulated.") : rows.length > 0 ? settingsMessage(picture) : "",
    description: demo ? t("Demo") : "",
    shownTimes: carViews(picture).flatMap((car) => shownTimes(car, picture)),
  };
}

/** What is wrong with settings that work all the same, two at most; what stops all is told as a problem of every car. */
function settingsMessage({ settings, session }: Picture): string {
  const blocking = blockingFault(settings, session);
  const others = settings.faults.filter((fault) => fault !== blocking);
  return others.slice(0, 2).map(settingFaultText).join(" ");
}

/** The rows: one per configured car, and below them the account. */
export function tree(picture: Picture): readonly Row[] {
  const cars = carViews(picture).map((car, index, all) => carRow(car, index, all.length, picture));
  return cars.length === 0 ? [] : [...cars, ...accountRow(picture)];
}

/** Which welcome view an empty tree shows. */
export function welcomeCause(picture: Picture): WelcomeCause {
  if (picture.garage.cars.length > 0) return "none";
  const { session } = picture;
  if (commonProblem(picture)?.kind === "misconfigured") return "misconfigured";
  switch (session.kind) {
    case "starting":
      return "none";
    case "incomplete":
      return "setUp";
    case "unavailable":
      return "secretsLost";
    case "stopped":
      return session.cause === "signInEnded" ? "signInEnded" : "noCar";
    case "ready":
      return "noCar";
  }
}

function carRow(car: CarView, index: number, count: number, picture: Picture): Row {
  const marks = [
    "car",
    car.isPinned ? "pinned" : "unpinned",
    ...(index > 0 ? ["canMoveUp"] : []),
    ...(index < count - 1 ? ["canMoveDown"] : []),
  ];
  return {
    id: car.key,
    label: car.name,
    description: carDescription(car, picture),
    icon: carIcon(car),
    tooltip: carTooltip(car, picture),
    spoken: spokenCar(car, picture),
    context: marks.join(" "),
    car: car.key,
    children: children(car, picture),
  };
}

function carDescription(car: CarView, { now }: Picture): string {
  const parts = car.reading
    ? [
        connectionWord(car.reading.connection.value),
        agePart(car.reading.connection.measuredAt, now),
        car.stale ? t("out of date") : "",
      ]
    : [carSentence(car)];
  return [...parts, car.problem ? problemWord(car.problem) : ""].filter((part) => part !== "").join(" · ");
}

function agePart(at: number | undefined, now: number): string {
  return at === undefined ? t("time unknown") : ageText(at, now);
}

function carTooltip(car: CarView, picture: Picture): string {
  const problem = car.problem ? problemLine("", problemText(car.problem, picture.now, picture.locale)) : "";
  return blocks([carHead(car), carNotes(car, picture, true), problem]);
}

function children(car: CarView, picture: Picture): readonly Row[] {
  const { now, locale } = picture;
  const { reading } = car;
  const rows: Row[] = [];
  const add = (id: string, label: string, value: string, extra: Partial<Row> = {}) => {
    rows.push({
      id: `${car.key}/${id}`,
      label,
      description: value,
      tooltip: escapeMarkdown(t("{0}: {1}", label, value)),
      spoken: t("{0}: {1}", label, value),
      context: id,
      car: car.key,
      children: [],
      ...extra,
    });
  };
  const addTime = (id: string, label: string, at: number | undefined) => {
    if (at === undefined) add(id, label, t("time unknown"));
    else add(id, label, dateTimeText(at, locale), { tooltip: escapeMarkdown(t("{0}: {1}", label, isoText(at))) });
  };

  if (car.problem) rows.push(problemRow(car, car.problem, picture));
  if (reading) {
    const { connection } = reading;
    const contrary = contradiction(reading);
    if (contrary !== undefined) add("contradiction", t("Contradiction"), contrary, { icon: { id: "warning" } });
    add("connection", t("Connection"), connectionSentence(connection.value));
    const charger = chargerText(connection.value);
    if (charger !== undefined) add("charger", t("Charger"), charger);
    addTime("measuredAt", t("Measured at"), connection.measuredAt);
    addTime("checkedAt", t("Checked at"), reading.fetchedAt);
  }
  if (car.problem && car.attemptedAt !== undefined && car.attemptedAt !== reading?.fetchedAt) {
    addTime("triedAt", t("Last tried at"), car.attemptedAt);
  }
  if (reading) {
    for (const { id, label, value, ownAge } of detailTexts(reading, now, locale)) {
      add(id, label, ownAge === undefined ? value : `${value} · ${ownAge}`);
    }
    add("servedBy", t("Source"), t("served by Energy API {0}", reading.servedBy));
  }
  const vin = vinText(car, picture.settings);
  if (vin !== undefined) add("vin", t("VIN"), vin);
  return rows;
}

function problemRow(car: CarView, problem: Problem, picture: Picture): Row {
  const text = problemText(problem, picture.now, picture.locale);
  const { sentence, action } = text;
  return {
    id: `${car.key}/problem`,
    label: sentence,
    ...(action && { description: action.title, command: action }),
    icon: { id: "warning", color: "problemsWarningIcon.foreground" },
    tooltip: problemLine("", text),
    spoken: t("Problem: {0}", action ? `${sentence} ${action.title}` : sentence),
    context: "problem",
    car: car.key,
    children: [],
  };
}

import { t } from "@vscode/l10n";
import type { Problem } from "../charging/problem";
import type { Reading } from "../charging/reading";
import { expectedDoneAt } from "../charging/targetReached";
import { isOtherFinish } from "../history/finishTime";
import { commandId, type WelcomeCause } from "../contributions";
import { accountRow } from "./accountRow";
import { vinText } from "./carNames";
import { carIcon, carSentence, failedTryAt, shownTimes, spokenCar, spokenProblem } from "./carText";
import { connectionSentence, connectionWord, connectionWords } from "./connectionText";
import { contradiction, type DetailId, detailTexts } from "./detailText";
import { shownWaitEnd } from "./glance";
import { carHead, carNotes, problemLine } from "./hover";
import { lastChargeText } from "./lastChargeText";
import { blocks } from "./links";
import { modeAction, modeIcon, modeText } from "./modeText";
import { escapeMarkdown } from "./plainText";
import { problemHeadline } from "./problemText";
import { retryAt, retryText, shownProblem } from "./shownProblem";
import { type Row, rowOfNoCar, warningIcon } from "./row";
import { openSetting, settingRows } from "./settingRow";
import { ageText, isoText, shortTimeText } from "./times";
import type { CarView, ViewState } from "./viewState";

/** The view "Vehicles" as plain data. */
export interface TreeModel {
  /** The rows. The first call builds them, because the view is hidden during most paintings. */
  readonly rows: () => readonly Row[];
  /** The number of cars with a fault, for the badge. */
  readonly faults: number;
  readonly badgeText: string;
  /** Shown above the rows; empty for none. */
  readonly message: string;
  /**
   * The times (ms since the epoch) at which the view changes: a past time changes it as its age grows, a future time
   * when it arrives.
   */
  readonly shownTimes: readonly number[];
}

export function treeModel(view: ViewState): TreeModel {
  const { demo } = view.settings;
  let rows: readonly Row[] | undefined;
  const retry = view.problem && retryAt(view.problem, view);
  const faults = view.cars.filter((car) => car.reading?.connection.value.kind === "fault").length;
  return {
    rows: () => (rows ??= tree(view)),
    faults,
    badgeText: t("Cars with a charging fault: {0}", faults),
    message: demo ? t("Demo: these cars are simulated.") : "",
    shownTimes: [
      ...view.cars.flatMap((car) => shownTimes(car, view)),
      ...(view.mode?.until === undefined ? [] : [view.mode.until]),
      ...(retry === undefined ? [] : [retry]),
    ],
  };
}

/**
 * The mode in force, the problem that all cars share, unusable settings, one row per configured car, then the account.
 * Without a car there are no rows, since they would hide the welcome view.
 */
export function tree(view: ViewState): readonly Row[] {
  const cars = view.cars.map((car, index, all) => carRow(car, index, all.length, view));
  const shared = view.problem && !isPausedAnyway(view.problem, view) ? [problemRow(view.problem, view)] : [];
  return cars.length === 0 ? [] : [...modeRow(view), ...shared, ...settingRows(view), ...cars, ...accountRow(view)];
}

/**
 * True if the problem needs no row below that of the pause: there is nothing to click, and the next check comes at the
 * end of the pause, which is in that row.
 */
function isPausedAnyway(problem: Problem, view: ViewState): boolean {
  const isPaused = view.mode?.kind === "paused";
  return isPaused && !shownProblem(problem, view).action && shownWaitEnd({ problem }, view) === undefined;
}

/** The row of the mode in force, with the command that ends it. */
function modeRow(view: ViewState): readonly Row[] {
  const { mode, problem } = view;
  if (!mode) return [];
  const label = modeText(view);
  const action = modeAction(mode);
  const hiddenProblem = problem && isPausedAnyway(problem, view) ? shownProblem(problem, view).sentence : "";
  const facts = [`${label}. ${action.title}`, hiddenProblem].filter((fact) => fact !== "");
  return [
    rowOfNoCar({
      id: "mode",
      label,
      // The whole title would be cut off beside the time.
      description: mode.kind === "paused" ? t("Resume") : t("Stop"),
      command: action,
      icon: { id: modeIcon(mode) },
      tooltip: blocks(facts.map(escapeMarkdown)),
      spoken: facts.join(". "),
      context: "mode",
    }),
  ];
}

/** The welcome view that an empty tree shows. */
export function welcomeCause(view: ViewState): WelcomeCause {
  if (view.cars.length > 0) return "none";
  const { session } = view;
  if (view.problem?.kind === "misconfigured") return "misconfigured";
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

function carRow(car: CarView, index: number, count: number, view: ViewState): Row {
  const marks = [
    "car",
    car.isPinned ? "pinned" : "unpinned",
    ...(index > 0 ? ["canMoveUp"] : []),
    ...(index < count - 1 ? ["canMoveDown"] : []),
  ];
  return {
    id: car.key,
    label: car.shortName,
    description: carDescription(car, view),
    icon: carIcon(car),
    tooltip: carTooltip(car, view),
    spoken: spokenCar(car, view, view.problem ? [] : [spokenProblem(car, view)]),
    context: marks.join(" "),
    car: car.key,
    children: children(car, view),
  };
}

function carDescription(car: CarView, view: ViewState): string {
  const { now } = view;
  const parts = car.reading
    ? [
        connectionWord(car.reading.connection.value),
        agePart(car.reading.connection, now),
        car.stale ? t("out of date") : "",
      ]
    : [carSentence(car)];
  // A problem that all cars share has a row above them.
  const problem = car.problem && !view.problem ? shownProblem(car.problem, view, car).word : "";
  const pin = car.isPinned ? t("pinned") : "";
  return [...parts, problem, pin].filter((part) => part !== "").join(" · ");
}

function agePart({ value, measuredAt }: Reading["connection"], now: number): string {
  if (measuredAt !== undefined) return ageText(measuredAt, now);
  return value.kind === "unknown" ? "" : t("time unknown");
}

function carTooltip(car: CarView, view: ViewState): string {
  const problem = car.problem ? problemLine("", shownProblem(car.problem, view, car)) : "";
  return blocks([carHead(car), carNotes(car, view), problem]);
}

/** The rows below a car, in the order in which a driver reads them; values for a diagnosis come last. */
function children(car: CarView, view: ViewState): readonly Row[] {
  const { now, locale } = view;
  const { reading } = car;
  const rows: Row[] = [];
  const add = (
    id: string,
    icon: string,
    label: string,
    value: string,
    {
      tooltip = t("{0}: {1}", label, value),
      spoken = value,
      note = "",
    }: { tooltip?: string; spoken?: string; note?: string } = {},
  ) => {
    rows.push({
      id: `${car.key}/${id}`,
      label,
      description: value,
      icon: { id: icon },
      tooltip: blocks([tooltip, note].filter((part) => part !== "").map(escapeMarkdown)),
      spoken: t("{0}: {1}", label, spoken),
      context: id,
      car: car.key,
      children: [],
    });
  };
  const addTime = (id: string, icon: string, label: string, at: number | undefined) => {
    if (at === undefined) add(id, icon, label, t("time unknown"));
    else {
      const time = `${shortTimeText(at, now, locale)} · ${ageText(at, now)}`;
      add(id, icon, label, time, { tooltip: t("{0}: {1}", label, isoText(at)) });
    }
  };
  const addDetails = (shown: (id: DetailId) => boolean) => {
    if (!reading) return;
    for (const { id, label, value, ownAge } of detailTexts(reading, now, locale)) {
      if (!shown(id)) continue;
      const observed = id === "doneAt" ? otherFinish(car, view) : undefined;
      const full =
        observed === undefined
          ? value
          : t("{0} · at the observed rate {1}", value, shortTimeText(observed, now, locale));
      add(id, detailIcons[id], label, ownAge === undefined ? full : `${full} · ${ownAge}`);
    }
  };

  if (car.problem && !view.problem) rows.push(problemRow(car.problem, view, car));
  if (reading) {
    const { connection } = reading;
    const contradictionText = contradiction(reading);
    if (contradictionText !== undefined) add("contradiction", "warning", t("Contradiction"), contradictionText);
    addDetails((id) => id !== "currentLimit");
    // The sentence would be cut off in a side bar of ordinary width.
    const sentence = connectionSentence(connection.value);
    add("connection", "plug", t("Connection"), connectionWords(connection.value), {
      tooltip: t("{0}: {1}", t("Connection"), sentence),
      spoken: sentence,
    });
    addTime("measuredAt", "history", t("Measured"), connection.measuredAt);
    addTime("checkedAt", "check", t("Checked"), reading.fetchedAt);
  }
  const triedAt = failedTryAt(car);
  if (car.problem && triedAt !== undefined) addTime("triedAt", "sync", t("Last tried"), triedAt);
  const lastCharge = view.history?.lastCharge(car.vin);
  if (lastCharge) {
    const { label, text, ...others } = lastChargeText(lastCharge, now, locale);
    add("lastCharge", "calendar", label, text, others);
  }
  if (reading) {
    addDetails((id) => id === "currentLimit");
    add("servedBy", "server", t("Source"), t("Energy API {0}", reading.servedBy));
  }
  const vin = vinText(car, view.settings);
  if (vin !== undefined) add("vin", "tag", t("VIN"), vin);
  return rows;
}

const detailIcons: Readonly<Record<DetailId, string>> = {
  battery: "percentage",
  range: "milestone",
  charging: "pulse",
  power: "zap",
  doneAt: "watch",
  target: "target",
  currentLimit: "dashboard",
};

/** The end of charging at the observed rate (ms since the epoch), if it differs from the car's own estimate. */
function otherFinish({ vin, reading }: CarView, { history, now }: ViewState): number | undefined {
  const ofCar = reading && expectedDoneAt(reading, now);
  const observed = ofCar === undefined ? undefined : history?.observedFinish(vin);
  if (ofCar === undefined || observed === undefined || observed <= now) return undefined;
  return isOtherFinish(observed, ofCar) ? observed : undefined;
}

/**
 * The row of a problem: of `car`, or of all cars if `car` is absent. It shows the cause or its end, the command that
 * helps, and the time of the next check. It shows the sentence only if there is nothing else beside the label.
 */
function problemRow(problem: Problem, view: ViewState, car?: CarView): Row {
  const text = shownProblem(problem, view, car);
  const { sentence } = text;
  const action = problem.kind === "misconfigured" ? openSetting(problem.setting) : text.action;
  const retry = retryText(problem, view);
  const title = action?.title ?? "";
  // A narrow view cuts the end off, and the time is more useful than the offer to refresh.
  const isRefresh = action?.command === commandId("refresh");
  const parts = (isRefresh ? [retry, title] : [title, retry]).filter((part) => part !== "");
  const description = parts.length > 0 ? parts.join(" · ") : "until" in problem ? "" : sentence;
  return {
    id: car ? `${car.key}/problem` : "problem",
    label: problemHeadline(text, view.locale),
    description,
    ...(action && { command: action }),
    icon: warningIcon,
    tooltip: blocks([problemLine("", text), escapeMarkdown(retry)]),
    spoken: t("Problem: {0}", [sentence, retry && `${retry}.`, action?.title].filter(Boolean).join(" ")),
    context: "problem",
    car: car?.key ?? "",
    children: [],
  };
}

import { t } from "@vscode/l10n";
import { carToShow } from "../charging/attention";
import { needsUser, type Problem } from "../charging/problem";
import { commandId, focusViewCommand, iconIds, internalCommands } from "../contributions";
import type { Settings } from "../settings";
import { shownTimes, spokenCar } from "./carText";
import { connectionWord } from "./connectionText";
import { countdownTimes, hover, invitationHover, nextCheckText } from "./hover";
import { distanceText, percentText } from "./numbers";
import { type Action, commandAction, type Page, problemText, problemWord } from "./problemText";
import { settingFaultText } from "./settingText";
import { fillTemplate, templateNames, type TemplateValues } from "./template";
import { ageText, waitChangesAt, waitText } from "./times";
import { type CarView, pausedUntil, type ViewState } from "./viewState";

/** The part of the status-bar item that is visible without hovering. */
export interface Glance {
  readonly text: string;
  readonly background: "none" | "warning" | "error";
  readonly command: string;
}

/** The status-bar item as plain data. */
export interface StatusBarModel extends Glance {
  /** Markdown. */
  readonly tooltip: string;
  /** The label for screen readers, with the information that icon, color and hover show. */
  readonly spoken: string;
  /**
   * The times (ms since the epoch) at which the item changes: a past time changes it as its age grows, a future time
   * when it arrives.
   */
  readonly shownTimes: readonly number[];
}

/** Replaces a template that is empty once filled in. */
const plainTemplate = "{icon} {name} {state}";

/** The car that is shown, or an invitation in its place. A click on an invitation runs the first of `actions`. */
type Content =
  | { readonly kind: "car"; readonly car: CarView }
  | {
      readonly kind: "invitation";
      readonly text: string;
      readonly sentence: string;
      readonly actions: readonly [Action, ...Action[]];
      readonly page?: Page | undefined;
      readonly background: Glance["background"];
    };

/** The status-bar item; `undefined` while nothing is known yet. */
export function statusBar(view: ViewState): StatusBarModel | undefined {
  const content = contentOf(view);
  return content && { ...glanceOf(content, view), ...descriptionOf(content, view) };
}

/**
 * The item without hover and screen-reader label. With the default template it does not use `Intl`, because its first
 * use in a process takes longer than everything else at start-up.
 */
export function glance(view: ViewState): Glance | undefined {
  const content = contentOf(view);
  return content && glanceOf(content, view);
}

function contentOf(view: ViewState): Content | undefined {
  const { session, settings, cars, problem } = view;
  if (session.kind === "starting" && !cars.some((car) => car.reading)) return undefined;
  if (session.kind === "incomplete" && problem?.kind !== "misconfigured") return setUpInvitation();
  const car = carToShow(cars, settings.pinned);
  if (car) return { kind: "car", car };
  return problem && needsUser(problem) ? problemInvitation(problem, view) : carInvitation(settings);
}

function setUpInvitation(): Content {
  const sentence = t("Connect your Volvo to see whether it is plugged in.");
  return invitation(t("Volvo: set up"), sentence, [
    commandAction(t("Connect My Car"), "connect"),
    commandAction(t("Try the Demo"), "startDemo"),
  ]);
}

function carInvitation({ faults }: Settings): Content {
  const unread = faults.find(({ key }) => key === "vehicles");
  const sentence = unread ? settingFaultText(unread) : t("No car is on the list yet.");
  return invitation(t("Volvo: add a car"), sentence, [
    commandAction(t("Find My Vehicles"), "findVehicles"),
    commandAction(t("Add Vehicle by VIN"), "addVehicle"),
  ]);
}

function problemInvitation(problem: Problem, { now, locale }: ViewState): Content {
  const { sentence, action, page } = problemText(problem, now, locale);
  const isLost = problem.kind === "secretsUnavailable" && problem.cause === "lost";
  const text = isLost ? t("Volvo: set up") : t("Volvo: {0}", problemWord(problem, now, locale));
  const actions = [action ?? commandAction(t("Connect My Car"), "connect")] as const;
  return { kind: "invitation", text, sentence, actions, page, background: "warning" };
}

function invitation(text: string, sentence: string, actions: readonly [Action, ...Action[]]): Content {
  return { kind: "invitation", text, sentence, actions, background: "none" };
}

function glanceOf(content: Content, view: ViewState): Glance {
  if (content.kind === "car") return carGlance(content.car, view);
  const { text, background, actions } = content;
  return { text: `$(${iconIds.car}) ${text}`, background, command: actions[0].command };
}

function carGlance(car: CarView, view: ViewState): Glance {
  const { settings, now } = view;
  const others = view.cars.length - 1;
  const values = templateValues(car, view);
  const filled = fillTemplate(settings.statusBarText, values) || fillTemplate(plainTemplate, values);
  const pause = pausedUntil(car);
  const marks = [
    filled,
    car.stale || (car.doubtful && pause === undefined) ? "$(clock)" : "",
    pause === undefined ? "" : `$(debug-pause) ${waitText(pause, now)}`,
    others > 0 && !templateNames(settings.statusBarText, "count") ? `+${others}` : "",
    settings.demo ? `· ${t("Demo")}` : "",
  ];
  const isFault = car.reading?.connection.value.kind === "fault";
  const isWarning = car.problem !== undefined && needsUser(car.problem);
  return {
    text: marks.filter((mark) => mark !== "").join(" "),
    background: isFault ? "error" : isWarning ? "warning" : "none",
    command: clickCommand(settings),
  };
}

function descriptionOf(content: Content, view: ViewState): Omit<StatusBarModel, keyof Glance> {
  if (content.kind === "invitation") {
    const { text, sentence, actions, page } = content;
    return { tooltip: invitationHover(sentence, actions, page), spoken: `${text}. ${sentence}`, shownTimes: [] };
  }
  const { car } = content;
  const { cars, now } = view;
  const others = cars.length - 1;
  const pause = pausedUntil(car);
  return {
    tooltip: hover(view),
    spoken: spokenCar(car, view, [nextCheckText(view), others > 0 ? t("Other cars: {0}", others) : ""]),
    shownTimes: [
      ...cars.flatMap((each) => shownTimes(each, view)),
      ...(pause === undefined ? [] : [waitChangesAt(pause, now)]),
      ...countdownTimes(view),
    ],
  };
}

function templateValues(car: CarView, { cars, now, locale }: ViewState): TemplateValues {
  const others = cars.length - 1;
  const connection = car.reading?.connection;
  const details = car.reading?.details;
  const unread = car.checking ? t("Checking…") : t("Unknown");
  return {
    icon: `$(${iconIds[connection?.value.kind ?? "unknown"]})`,
    name: car.shortName,
    state: connection ? connectionWord(connection.value) : unread,
    get soc() {
      return details?.batteryLevel && percentText(details.batteryLevel.value, locale);
    },
    get range() {
      return details?.range && distanceText(details.range.value, locale);
    },
    age: connection?.measuredAt === undefined ? undefined : ageText(connection.measuredAt, now),
    count: others > 0 ? `+${others}` : undefined,
  };
}

function clickCommand({ clickAction }: Settings): string {
  switch (clickAction) {
    case "focusView":
      return focusViewCommand;
    case "refresh":
      return commandId("refresh");
    case "menu":
      return internalCommands.menu;
  }
}

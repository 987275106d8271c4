import { t } from "@vscode/l10n";
import { commandId, focusViewCommand, iconIds, internalCommands } from "../contributions";
import type { Settings } from "../settings/settings";
import { connectionWord } from "./connectionText";
import { expectedDoneAt, powerText } from "./detailText";
import { distanceText, percentText } from "./numbers";
import { type Action, commandAction, type Page } from "./links";
import { modeIcon } from "./modeText";
import { needOf, needsUser } from "./need";
import { fillTemplate, templateNames, type TemplateValues } from "./template";
import { ageText, shortTimeText, waitText } from "./times";
import { type CarView, pausedUntil, type ViewState, waitEnd } from "./viewState";

/** The part of the status-bar item that is visible without hovering. */
export interface Glance {
  readonly text: string;
  readonly background: "none" | "warning" | "error";
  readonly command: string;
}

/** Replaces a template that is empty once filled in. */
const plainTemplate = "{icon} {name} {state}";

/** Shown in the place of a car. A click runs the first of `actions`. */
export interface Invitation {
  readonly kind: "invitation";
  readonly text: string;
  readonly sentence: string;
  readonly actions: readonly [Action, ...Action[]];
  readonly page?: Page | undefined;
  readonly background: Glance["background"];
}

/** The invitation of a window in which nothing is set up. */
export function setUpInvitation(): Invitation {
  const sentence = t("Connect your Volvo to see whether it is plugged in.");
  return invitation(t("Set Up Volvo"), sentence, [
    commandAction(t("Connect My Car"), "connect"),
    commandAction(t("Try the Demo"), "startDemo"),
  ]);
}

export function invitation(text: string, sentence: string, actions: readonly [Action, ...Action[]]): Invitation {
  return { kind: "invitation", text, sentence, actions, background: "none" };
}

/**
 * The item for a car. While it says what the user has to do, a click does that. With the default template it does not
 * use `Intl`, because its first use in a process takes longer than everything else at start-up.
 */
export function carGlance(car: CarView, view: ViewState): Glance {
  const { settings } = view;
  const { problem } = car;
  const need = problem && needsUser(problem) ? needOf(problem, view.carStore.account) : undefined;
  const others = view.cars.length - 1;
  const values = templateValues(car, view);
  const filled = fillTemplate(settings.statusBarText, values) || fillTemplate(plainTemplate, values);
  const marks = [
    need ? `${filled} · ${need.word}` : filled,
    car.stale || (car.doubtful && !need && pausedUntil(car, view.now) === undefined) ? "$(watch)" : "",
    waitMark(car, view),
    others > 0 && !templateNames(settings.statusBarText, "count") ? `+${others}` : "",
    settings.demo ? `· ${t("Demo")}` : "",
  ];
  const isFault = car.reading?.connection.value.kind === "fault";
  return {
    text: marks.filter((mark) => mark !== "").join(" "),
    background: isFault ? "error" : (need?.background ?? "none"),
    command: need?.command ?? clickCommand(settings),
  };
}

/**
 * Whether the setting lets the item be in the status bar, for `car` or for an invitation in its place: a fault, and what
 * needs the user, count like a car that is plugged in.
 */
export function isItemShown(car: CarView | undefined, { statusBarVisibility }: Settings): boolean {
  if (statusBarVisibility !== "whenPluggedIn") return statusBarVisibility === "always";
  if (!car || (car.problem && needsUser(car.problem))) return true;
  const kind = car.reading?.connection.value.kind ?? "unknown";
  return kind !== "unknown" && kind !== "disconnected";
}

/** "$(debug-pause) 55 min" during a wait, without a time if it has no end; an eye while the cars are watched closely. */
function waitMark(car: CarView, view: ViewState): string {
  const end = waitEnd(car, view);
  if (end === undefined) return view.mode ? `$(${modeIcon(view.mode)})` : "";
  return end === Infinity ? "$(debug-pause)" : `$(debug-pause) ${waitText(end, view.now)}`;
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
    get power() {
      return car.reading && powerText(car.reading, locale);
    },
    get doneAt() {
      const at = car.reading && expectedDoneAt(car.reading, now);
      return at === undefined ? undefined : shortTimeText(at, now, locale);
    },
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

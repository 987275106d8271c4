import { t } from "@vscode/l10n";
import { wereCredentialsAccepted } from "../charging/account";
import { expectedDoneAt } from "../charging/targetReached";
import { commandId, focusViewCommand, iconIds, internalCommands } from "../contributions";
import type { Settings } from "../settings/settings";
import { connectionWord } from "./connectionText";
import { powerText } from "./detailText";
import { distanceText, percentText } from "./numbers";
import { type Action, commandAction, type Page } from "./links";
import { modeIcon } from "./modeText";
import { type Need, needOf, needsUser, needWord } from "./need";
import { fillTemplate, templateNames, type TemplateValues } from "./template";
import { ageText, shortTimeText, waitText } from "./times";
import { type CarView, type ViewState, waitEnd } from "./viewState";

/** The part of the status-bar item that is visible without hovering. */
export interface Glance {
  readonly text: string;
  readonly background: "none" | "warning" | "error";
  readonly command: string;
}

/** Replaces a template that is empty once filled in. */
const plainTemplate = "{icon} {name} {state}";

/** Shown in place of a car. A click runs the first of `actions`. */
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

/** The cause of a problem, as the item names it beside the state. A click runs `command`, if there is one. */
export type Cause = Pick<Need, "word" | "background"> & { readonly command?: string | undefined };

/**
 * The cause that the item names in words. All other problems of a car that was read before pass by themselves, so a
 * clock is enough. A refused key is named from the first refusal, as in the rows. A click asks for another key only if
 * the key has never worked, because Volvo sometimes refuses valid keys.
 */
export function causeOf({ problem }: CarView, { carStore: { account } }: ViewState): Cause | undefined {
  if (!problem) return undefined;
  if (needsUser(problem)) return needOf(problem, account);
  if (problem.kind !== "serviceUnavailable" || problem.cause !== "keyRefused") return undefined;
  const command = wereCredentialsAccepted(account) ? undefined : commandId("setApiKey");
  return { word: needWord("apiKeyRejected"), command, background: "none" };
}

/**
 * The item for a car. While it names something that the user has to do, a click does it. With the default template it
 * does not use `Intl`, because its first use in a process takes longer than everything else at start-up.
 */
export function carGlance(car: CarView, view: ViewState, cause = causeOf(car, view)): Glance {
  const { settings } = view;
  const others = view.cars.length - 1;
  const values = templateValues(car, view);
  const filled = fillTemplate(settings.statusBarText, values) || fillTemplate(plainTemplate, values);
  // The count comes before all marks, because after a mark it would look like a number of problems. It does not come
  // right after the name, because there the state would seem to be that of all cars.
  const marks = [
    filled,
    others > 0 && !templateNames(settings.statusBarText, "count") ? `+${others}` : "",
    cause ? `· ${cause.word}` : "",
    clockMark(car, view, cause !== undefined),
    modeMark(view),
    settings.demo ? `· ${t("Demo")}` : "",
  ];
  const isFault = car.reading?.connection.value.kind === "fault";
  return {
    text: marks.filter((mark) => mark !== "").join(" "),
    background: isFault ? "error" : (cause?.background ?? "none"),
    command: cause?.command ?? clickCommand(settings),
  };
}

/**
 * Whether the setting shows the item for `car`, or for an invitation if `car` is `undefined`. A fault, or a problem
 * that needs the user, counts like a car that is plugged in.
 */
export function isItemShown(car: CarView | undefined, { statusBarVisibility }: Settings): boolean {
  if (statusBarVisibility !== "whenPluggedIn") return statusBarVisibility === "always";
  if (!car || (car.problem && needsUser(car.problem))) return true;
  const kind = car.reading?.connection.value.kind ?? "unknown";
  return kind !== "unknown" && kind !== "disconnected";
}

/**
 * "$(watch) retry in 16 h" while Volvo asks to wait; a clock alone beside a doubtful reading. The time is that of the
 * next check. It needs a verb, because "Fault in 6 min" would announce a fault.
 */
function clockMark(car: CarView, view: ViewState, isCauseNamed: boolean): string {
  const end = shownWaitEnd(car, view);
  if (end !== undefined) return `$(watch) ${t("retry in {0}", waitText(end, view.now))}`;
  return car.stale || (car.doubtful && !isCauseNamed) ? "$(watch)" : "";
}

/** "$(debug-pause) 55 min" while the user has paused the checks; an eye while the cars are watched closely. */
function modeMark({ mode, now }: ViewState): string {
  if (!mode) return "";
  const icon = `$(${modeIcon(mode)})`;
  return mode.kind === "paused" && mode.until !== undefined ? `${icon} ${waitText(mode.until, now)}` : icon;
}

/** The end of Volvo's wait (ms since the epoch); `undefined` if there is none, or if the user's pause ends later. */
export function shownWaitEnd(car: Pick<CarView, "problem">, { mode, now }: ViewState): number | undefined {
  const end = waitEnd(car, now);
  if (end === undefined || mode?.kind !== "paused") return end;
  return end > (mode.until ?? Infinity) ? end : undefined;
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

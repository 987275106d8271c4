import { t } from "@vscode/l10n";
import { wereAccepted } from "../charging/account";
import { commandId, focusViewCommand, iconIds, internalCommands } from "../contributions";
import type { Settings } from "../settings/settings";
import { connectionWord } from "./connectionText";
import { expectedDoneAt, powerText } from "./detailText";
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

/** What the item says about a problem beside the state. A click runs `command`, if there is one. */
export type Cause = Pick<Need, "word" | "background"> & { readonly command?: string | undefined };

/**
 * The cause that the item names in words. For all other problems of a car that was read before, a clock is enough: they
 * pass by themselves. A refused key is named from the first time, as in the rows, but a key that has worked is not asked
 * for again: Volvo has refused valid ones.
 */
export function causeOf({ problem }: CarView, { carStore: { account } }: ViewState): Cause | undefined {
  if (!problem) return undefined;
  if (needsUser(problem)) return needOf(problem, account);
  if (problem.kind !== "serviceUnavailable" || problem.cause !== "keyRefused") return undefined;
  const command = wereAccepted(account) ? undefined : commandId("setApiKey");
  return { word: needWord("apiKeyRejected"), command, background: "none" };
}

/**
 * The item for a car. While it says what the user has to do, a click does that. With the default template it does not
 * use `Intl`, because its first use in a process takes longer than everything else at start-up.
 */
export function carGlance(car: CarView, view: ViewState, cause = causeOf(car, view)): Glance {
  const { settings } = view;
  const others = view.cars.length - 1;
  const values = templateValues(car, view);
  const filled = fillTemplate(settings.statusBarText, values) || fillTemplate(plainTemplate, values);
  // The count stands before every mark: behind one it reads as one more problem. And not beside the name, where the
  // state would be said of all cars.
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
 * Whether the setting lets the item be in the status bar, for `car` or for an invitation in its place: a fault, and what
 * needs the user, count like a car that is plugged in.
 */
export function isItemShown(car: CarView | undefined, { statusBarVisibility }: Settings): boolean {
  if (statusBarVisibility !== "whenPluggedIn") return statusBarVisibility === "always";
  if (!car || (car.problem && needsUser(car.problem))) return true;
  const kind = car.reading?.connection.value.kind ?? "unknown";
  return kind !== "unknown" && kind !== "disconnected";
}

/**
 * "$(watch) retry in 16 h" while Volvo asks to wait, until the next check; a clock alone beside a reading in doubt. The
 * time says of what: "Fault in 6 min" would announce a fault.
 */
function clockMark(car: CarView, view: ViewState, isCauseNamed: boolean): string {
  const end = shownWaitEnd(car, view);
  if (end !== undefined) return `$(watch) ${t("retry in {0}", waitText(end, view.now))}`;
  return car.stale || (car.doubtful && !isCauseNamed) ? "$(watch)" : "";
}

/** "$(debug-pause) 55 min" while the user has paused the checks, an eye while the cars are watched closely. */
function modeMark({ mode, now }: ViewState): string {
  if (!mode) return "";
  const icon = `$(${modeIcon(mode)})`;
  return mode.kind === "paused" && mode.until !== undefined ? `${icon} ${waitText(mode.until, now)}` : icon;
}

/** The end of Volvo's wait (ms since the epoch), unless the user's pause lasts longer and ends later. */
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

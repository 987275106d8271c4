import { t } from "@vscode/l10n";
import { carToShow } from "../charging/carToShow";
import { commandId, iconIds } from "../contributions";
import type { Settings } from "../settings/settings";
import { shownTimes, spokenCar, spokenProblem } from "./carText";
import {
  carGlance,
  type Cause,
  causeOf,
  type Glance,
  type Invitation,
  invitation,
  isItemShown,
  setUpInvitation,
  shownWaitEnd,
} from "./glance";
import { hover } from "./hover";
import { commandAction, invitationHover } from "./links";
import { modeText } from "./modeText";
import { needOf, needsUser, type UserProblem } from "./need";
import { countdownTimes, nextCheckText } from "./nextCheck";
import { isVinUnknown, shownProblem } from "./shownProblem";
import { settingFaultText } from "./settingText";
import { waitChangesAt } from "./times";
import type { CarView, ViewState } from "./viewState";

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

/** The car that is shown, or an invitation in its place. */
type Content = { readonly kind: "car"; readonly car: CarView } | Invitation;

/** The status-bar item; `undefined` if nothing is known yet, or if the settings hide it. */
export function statusBar(view: ViewState): StatusBarModel | undefined {
  const content = contentOf(view);
  if (content && !isItemShown(content.kind === "car" ? content.car : undefined, view.settings)) return undefined;
  return content && { ...glanceOf(content, view), ...descriptionOf(content, view) };
}

function contentOf(view: ViewState): Content | undefined {
  const { session, settings, cars, problem } = view;
  if (session.kind === "starting" && !cars.some((car) => car.reading)) return undefined;
  if (session.kind === "incomplete" && problem?.kind !== "misconfigured") return setUpInvitation();
  const car = carToShow(cars, settings.pinned);
  if (car) return { kind: "car", car };
  return problem && needsUser(problem) ? problemInvitation(problem, view) : carInvitation(settings);
}

function carInvitation({ faults }: Settings): Content {
  const unread = faults.find(({ key }) => key === "vehicles");
  const sentence = unread ? settingFaultText(unread) : t("There are no cars on the list yet.");
  return invitation(t("Add Your Volvo"), sentence, [
    commandAction(t("Find My Vehicles"), "findVehicles"),
    commandAction(t("Add Vehicle"), "addVehicle"),
  ]);
}

function problemInvitation(problem: UserProblem, view: ViewState): Content {
  const { sentence, word, action, page } = shownProblem(problem, view);
  const isLost = problem.kind === "secretsUnavailable" && problem.cause === "lost";
  const text = isLost ? t("Set Up Volvo") : t("Volvo: {0}", word);
  const actions = [action ?? commandAction(t("Connect My Car"), "connect")] as const;
  return {
    kind: "invitation",
    text,
    sentence,
    actions,
    page,
    background: needOf(problem, view.carStore.account).background,
  };
}

/**
 * The cause that the item names. For a car that was never read, this includes causes that may pass, because "Unknown"
 * alone would not explain anything. A click changes a VIN that Volvo does not know.
 */
function shownCause(car: CarView, view: ViewState): Cause | undefined {
  const { reading, problem } = car;
  const cause = causeOf(car, view);
  if (cause || reading || !problem) return cause;
  const { word } = shownProblem(problem, view, car);
  return { word, background: "none", command: isVinUnknown(problem, car) ? commandId("changeVin") : undefined };
}

function glanceOf(content: Content, view: ViewState): Glance {
  if (content.kind === "car") return carGlance(content.car, view, shownCause(content.car, view));
  const { text, background, actions } = content;
  return { text: `$(${iconIds.car}) ${text}`, background, command: actions[0].command };
}

function descriptionOf(content: Content, view: ViewState): Omit<StatusBarModel, keyof Glance> {
  if (content.kind === "invitation") {
    const { text, sentence, actions, page } = content;
    return { tooltip: invitationHover(sentence, actions, page), spoken: `${text}. ${sentence}`, shownTimes: [] };
  }
  const { car } = content;
  const { cars, mode, now } = view;
  const others = cars.length - 1;
  const pauseEnd = mode?.kind === "paused" ? mode.until : undefined;
  const ends = [shownWaitEnd(car, view), pauseEnd];
  return {
    tooltip: hover(view),
    spoken: spokenCar(car, view, [
      spokenProblem(car, view),
      modeText(view),
      nextCheckText(view),
      others > 0 ? t("Other cars: {0}", others) : "",
    ]),
    shownTimes: [
      ...cars.flatMap((each) => shownTimes(each, view)),
      ...ends.flatMap((end) => (end === undefined ? [] : [waitChangesAt(end, now)])),
      ...(mode?.until === undefined ? [] : [mode.until]),
      ...countdownTimes(view),
    ],
  };
}

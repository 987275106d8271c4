import { t } from "@vscode/l10n";
import { carToShow } from "../charging/carToShow";
import { iconIds } from "../contributions";
import type { Settings } from "../settings/settings";
import { shownTimes, spokenCar } from "./carText";
import { carGlance, type Glance, type Invitation, invitation, isItemShown, setUpInvitation } from "./glance";
import { countdownTimes, hover, nextCheckText } from "./hover";
import { commandAction, invitationHover } from "./links";
import { modeText } from "./modeText";
import { needOf, needsUser, type UserProblem } from "./need";
import { shownProblem } from "./shownProblem";
import { settingFaultText } from "./settingText";
import { waitChangesAt } from "./times";
import { type CarView, type ViewState, waitEnd } from "./viewState";

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

/** The status-bar item; `undefined` while nothing is known yet, and where the settings hide it. */
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
  const sentence = unread ? settingFaultText(unread) : t("No car is on the list yet.");
  return invitation(t("Volvo: add a car"), sentence, [
    commandAction(t("Find My Vehicles"), "findVehicles"),
    commandAction(t("Add Vehicle by VIN"), "addVehicle"),
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

function glanceOf(content: Content, view: ViewState): Glance {
  if (content.kind === "car") return carGlance(content.car, view);
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
  const end = waitEnd(car, view);
  return {
    tooltip: hover(view),
    spoken: spokenCar(car, view, [modeText(view), nextCheckText(view), others > 0 ? t("Other cars: {0}", others) : ""]),
    shownTimes: [
      ...cars.flatMap((each) => shownTimes(each, view)),
      ...(end === undefined || end === Infinity ? [] : [waitChangesAt(end, now)]),
      ...(mode?.until === undefined ? [] : [mode.until]),
      ...countdownTimes(view),
    ],
  };
}

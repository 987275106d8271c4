import { t } from "@vscode/l10n";
import { type Reading, staleAt } from "../charging/reading";
import { expectedDoneAt } from "../charging/targetReached";
import { colorIds, iconIds } from "../contributions";
import { connectionIcon, connectionSentence, type Icon } from "./connectionText";
import { contradiction, type DetailId, type DetailText, detailTexts } from "./detailText";
import { shownProblem } from "./shownProblem";
import { ageText, dateTimeText, shortTimeText, spokenAge } from "./times";
import { type CarView, type ViewState, waitEnd } from "./viewState";

/** The icon for the state of a car; the icon of an unknown state without a reading. */
export function carIcon({ reading }: CarView): Icon {
  return reading ? connectionIcon(reading.connection.value) : { id: iconIds.unknown, color: colorIds.unknown };
}

/** The state of the connection, or the reason why it is unknown. */
export function carSentence(car: CarView): string {
  if (car.reading) return connectionSentence(car.reading.connection.value);
  if (car.checking) return t("Checking…");
  return car.problem ? t("Unknown") : t("Not checked yet");
}

/** The connection of a reading and the age of its measurement. `now` in ms since the epoch. */
export function agedSentence({ connection }: Reading, now: number): string {
  const { value, measuredAt } = connection;
  const age = measuredAt === undefined ? t("time unknown") : ageText(measuredAt, now);
  return `${connectionSentence(value)} · ${age}`;
}

/**
 * The time at which the connection was measured. The absolute time comes first because it stays true while a hover is
 * open.
 */
function measuredText(car: CarView, view: ViewState): string {
  const at = car.reading?.connection.measuredAt;
  const text = at === undefined ? t("time unknown") : agedTime(at, view);
  return car.stale ? t("{0}, out of date", text) : text;
}

/** A past time (ms since the epoch) in the short form for today, with its age. */
export function agedTime(at: number, { now, locale }: ViewState): string {
  return `${shortTimeText(at, now, locale)} (${ageText(at, now)})`;
}

/** The notes about a car below its sentence, then its times, for hovers. */
export interface CarFacts {
  /** Contradictory values, the advice for a fault, and the details that Energy v2 reports beside the connection. */
  readonly notes: readonly string[];
  /** The times of the measurement, of Volvo's last answer, and of the last try if it failed. */
  readonly times: readonly string[];
}

/** The order in which a driver reads the details. */
const driversOrder: readonly DetailId[] = ["charging", "battery", "doneAt", "power", "range", "target", "currentLimit"];

export function carFacts(car: CarView, view: ViewState): CarFacts {
  const { reading } = car;
  const triedAt = failedTryAt(car);
  const tried = triedAt === undefined ? [] : [triedText(triedAt, view)];
  if (!reading) return { notes: [], times: tried };
  const isFault = reading.connection.value.kind === "fault";
  const details = hoverDetails(reading, view).map(detailLine).join(" · ");
  const advice = isFault ? t("Check the cable and the charger.") : "";
  return {
    notes: [contradiction(reading) ?? "", advice, details].filter((note) => note !== ""),
    times: [t("Measured: {0}", measuredText(car, view)), checkedText(reading.fetchedAt, view), ...tried],
  };
}

/** The time of the last check if it brought no fresh reading (ms since the epoch); `undefined` if it did. */
export function failedTryAt({ reading, problem, attemptedAt }: CarView): number | undefined {
  if (!reading) return attemptedAt;
  return problem && attemptedAt !== reading.fetchedAt ? attemptedAt : undefined;
}

export function checkedText(at: number, view: ViewState): string {
  return t("Checked: {0}", agedTime(at, view));
}

/** Has no age, which would not fit on the line beside two other times. */
export function triedText(at: number, { now, locale }: ViewState): string {
  return t("Last tried: {0}", shortTimeText(at, now, locale));
}

/** Target and current limit matter only while the car charges. */
function hoverDetails(reading: Reading, { now, locale }: ViewState): readonly DetailText[] {
  const isCharging = reading.details.chargingStatus?.value === "charging";
  const place = ({ id }: DetailText) => driversOrder.indexOf(id);
  return detailTexts(reading, now, locale)
    .filter(({ id }) => isCharging || (id !== "target" && id !== "currentLimit"))
    .sort((a, b) => place(a) - place(b));
}

function aged(text: string, age: string | undefined): string {
  return age === undefined ? text : `${text} (${age})`;
}

/** A detail as part of a line. The status needs no label. */
function detailLine({ id, label, value, ownAge }: DetailText): string {
  return aged(id === "charging" ? value : `${label} ${value}`, ownAge);
}

/** The problem of a car for screen readers; empty for none. */
export function spokenProblem(car: CarView, view: ViewState): string {
  return car.problem ? shownProblem(car.problem, view, car).sentence : "";
}

/**
 * All facts about a car except its problem, then `more`, one sentence per fact: the label of the item or row for screen
 * readers.
 */
export function spokenCar(car: CarView, view: ViewState, more: readonly string[] = []): string {
  const { now, locale, settings } = view;
  const { reading, attemptedAt } = car;
  const facts = [settings.demo ? t("Demo: {0}", car.name) : car.name, carSentence(car)];
  if (reading) {
    const { measuredAt } = reading.connection;
    facts.push(
      contradiction(reading) ?? "",
      ...detailTexts(reading, now, locale).map(detailLine),
      measuredAt === undefined
        ? t("Time of measurement unknown")
        : t("Measured {0}, {1}", dateTimeText(measuredAt, locale), spokenAge(measuredAt, now, locale)),
      car.stale ? t("Out of date") : "",
      t("Checked {0}", spokenAge(reading.fetchedAt, now, locale)),
    );
  } else if (attemptedAt !== undefined) {
    facts.push(t("Last tried {0}", spokenAge(attemptedAt, now, locale)));
  }
  return [...facts, ...more]
    .filter((fact) => fact !== "")
    .map((fact) => fact.replace(/\.$/, ""))
    .join(". ");
}

/**
 * The times (ms since the epoch) at which the texts about a car change: a past time changes them as its age grows, a
 * future time when it arrives.
 */
export function shownTimes(car: CarView, { now, locale, settings }: ViewState): readonly number[] {
  const { reading, attemptedAt, problem } = car;
  const wait = waitEnd(car, now);
  const ends = wait === undefined ? [] : [wait];
  if (!reading) return attemptedAt === undefined ? ends : [...ends, attemptedAt];
  const { measuredAt } = reading.connection;
  const outdatedAt = staleAt(reading, settings.staleAfterMs);
  const doneAt = expectedDoneAt(reading, now);
  return [
    ...ends,
    reading.fetchedAt,
    ...(problem && attemptedAt !== undefined ? [attemptedAt] : []),
    ...(measuredAt === undefined ? [] : [measuredAt]),
    ...(outdatedAt > now ? [outdatedAt] : []),
    ...(doneAt === undefined ? [] : [doneAt]),
    ...detailTexts(reading, now, locale).flatMap(({ ownTime }) => (ownTime === undefined ? [] : [ownTime])),
  ];
}

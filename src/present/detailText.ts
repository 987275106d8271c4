import { t } from "@vscode/l10n";
import { hourMs } from "../base/clock";
import { isPluggedIn } from "../charging/connection";
import { isContradictory, type Measured, type Reading } from "../charging/reading";
import { expectedDoneAt, isTargetReached, stopOf } from "../charging/targetReached";
import { ampereText, distanceText, kilowattText, percentText } from "./numbers";
import { plainLine } from "./plainText";
import { ageText, type Locale, shortTimeText } from "./times";

export type DetailId = "battery" | "range" | "charging" | "power" | "target" | "currentLimit" | "doneAt";

/** One value of a reading in words. */
export interface DetailText {
  readonly id: DetailId;
  readonly label: string;
  readonly value: string;
  /**
   * The age of this value. Present only if the value was measured more than an hour before or after the connection, or
   * if only one of the two times is known.
   */
  readonly ownAge?: string;
  /** The time from which `ownAge` counts, ms since the epoch. */
  readonly ownTime?: number;
}

const noticeableMs = hourMs;

/** The details of a reading beside the connection, in display order. Missing values are left out. */
export function detailTexts(reading: Reading, now: number, locale: Locale): readonly DetailText[] {
  const { details } = reading;
  const doneAt = expectedDoneAt(reading, now);
  const texts: DetailText[] = [];

  function add<T>(
    id: DetailId,
    label: string,
    source: Measured<T> | undefined,
    text: (value: T) => string | undefined,
  ) {
    const value = source && text(source.value);
    if (!source || value === undefined) return;
    texts.push({ id, label, value, ...ownAge(source.measuredAt, reading.connection.measuredAt, now) });
  }

  add("battery", t("Battery"), details.batteryLevel, (level) => percentText(level, locale));
  add("range", t("Range"), details.range, (range) => distanceText(range, locale));
  add("charging", t("Status"), details.chargingStatus ?? details.powerStatus, () => chargingSentence(reading, locale));
  add("power", t("Power"), details.power, () => powerText(reading, locale));
  add("doneAt", t("Done at"), details.minutesToTarget, () =>
    doneAt === undefined ? undefined : shortTimeText(doneAt, now, locale),
  );
  add("target", t("Target"), details.targetLevel, (level) => percentText(level, locale));
  add("currentLimit", t("Current limit"), details.currentLimit, (ampere) => ampereText(ampere, locale));
  return texts;
}

function ownAge(
  at: number | undefined,
  connectionAt: number | undefined,
  now: number,
): Pick<DetailText, "ownAge" | "ownTime"> {
  if (at === undefined) return connectionAt === undefined ? {} : { ownAge: t("time unknown") };
  const isNoticeable = connectionAt === undefined || Math.abs(at - connectionAt) > noticeableMs;
  return isNoticeable ? { ownAge: ageText(at, now), ownTime: at } : {};
}

/** The charging power; `undefined` if the car is not charging. */
export function powerText({ details }: Reading, locale: Locale): string | undefined {
  const watts = details.power?.value ?? 0;
  return details.chargingStatus?.value === "charging" && watts > 0 ? kilowattText(watts, locale) : undefined;
}

/**
 * The charging state and its cause, derived from the charging status and the charger's power status. `undefined` if the
 * car reports neither. The power status alone never counts as a fault, because cars that have finished charging report
 * one (home-assistant/core#150205).
 */
export function chargingSentence(reading: Reading, locale: Locale): string | undefined {
  const sentence = statusSentence(reading, locale);
  const power = reading.details.powerStatus?.value;
  if (typeof power !== "object") return sentence;
  return sentence === undefined
    ? unknownWord(power.raw)
    : t("{0}, charger power unknown ({1})", sentence, plainLine(power.raw, 40));
}

function statusSentence(reading: Reading, locale: Locale): string | undefined {
  const status = reading.details.chargingStatus?.value;
  if (typeof status === "object") return unknownWord(status.raw);
  switch (status) {
    case "charging":
      return t("Charging");
    case "scheduled":
      return t("Waiting for its schedule");
    case "done":
      // The status may be from an earlier plug-in.
      if (!isPluggedIn(reading.connection.value) || isTargetReached(reading)) return t("Done");
      return idleSentence(reading, locale) ?? t("Not charging");
    case "discharging":
      return t("Discharging");
    case "fault":
      return t("Fault while charging");
    case "idle":
      return idleSentence(reading, locale) ?? t("Not charging");
    case undefined:
      return idleSentence(reading, locale);
  }
}

/** The reason why a car that is plugged in does not charge; `undefined` if it is not known. */
function idleSentence(reading: Reading, locale: Locale): string | undefined {
  const { connection, details, charge } = reading;
  if (!isPluggedIn(connection.value)) return undefined;
  if (isTargetReached(reading)) return reachedSentence(reading);
  const hasNoPower = details.powerStatus?.value === "noPowerAvailable";
  switch (stopOf(reading)) {
    case "interrupted":
      return hasNoPower ? t("Charging interrupted, no power") : t("Charging interrupted");
    case "stopped":
      return details.batteryLevel && t("Stopped at {0}", percentText(details.batteryLevel.value, locale));
    case undefined:
  }
  // A car that has fed power to the house does not expect power from it.
  if (hasNoPower) return charge?.discharged ? undefined : t("Plugged in, no power");
  switch (details.powerStatus?.value) {
    case "powerAvailableButNotActivated":
      return t("Power available but not started");
    case "initialising":
      return t("Starting up");
    default:
      return undefined;
  }
}

function reachedSentence({ details }: Reading): string {
  if (details.targetLevel) return t("Target reached");
  return Math.round(details.batteryLevel?.value ?? 0) >= 100 ? t("Fully charged") : t("Done");
}

/** A value that this version does not know, shown as received. */
function unknownWord(raw: string): string {
  return t("Unknown ({0})", plainLine(raw, 40));
}

/** A sentence about two values of one reading that cannot both be true; `undefined` if there are none. */
export function contradiction(reading: Reading): string | undefined {
  return isContradictory(reading) ? t("The car reports no cable, but also that it is charging.") : undefined;
}

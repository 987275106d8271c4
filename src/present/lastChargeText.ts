import { t } from "@vscode/l10n";
import type { Energy, Session } from "../history/model";
import { countText, kilowattHourText, percentText } from "./numbers";
import { type Locale, weekTimeText } from "./times";

/** The last charge of a car in words. */
export interface LastChargeText {
  readonly label: string;
  /** "Fri 18:10 – 22:40 · 41 → 80 % · ≈ 31 kWh", "since 18:10 · 41 → 63 %". */
  readonly text: string;
  /** The same for screen readers, without symbols. */
  readonly spoken: string;
  /** How the energy was estimated; empty if there is none. */
  readonly note: string;
}

/**
 * The last charge of a car. An end that was not observed is left out. While the car charges, the energy is only spoken:
 * a row with it would be cut off in a side bar of ordinary width, and it is not yet the energy of the whole charge.
 */
export function lastChargeText(session: Session, now: number, locale: Locale): LastChargeText {
  const { levelFrom, levelTo, energy } = session;
  const time = timeTexts(session, now, locale);
  const texts = [time.text];
  const spoken = [time.spoken];
  if (levelFrom !== undefined && levelTo !== undefined) {
    const to = percentText(levelTo, locale);
    texts.push(`${countText(levelFrom, locale)} → ${to}`);
    spoken.push(t("from {0} to {1}", percentText(levelFrom, locale), to));
  }
  const isOpen = isStillCharging(session);
  if (energy) {
    const amount = kilowattHourText(energy.kwh, locale);
    if (!isOpen) texts.push(`≈ ${amount}`);
    spoken.push(t("about {0}, estimated", amount));
  }
  return {
    label: isOpen ? t("This charge") : t("Last charge"),
    text: texts.join(" · "),
    spoken: spoken.join(", "),
    note: energy && !isOpen ? energyNote(energy) : "",
  };
}

/** How an energy was estimated. */
export function energyNote({ method }: Energy): string {
  return method === "level"
    ? t("The energy is estimated from the levels and the capacity of the battery, not for billing.")
    : t("The energy is estimated from the reported power, not for billing.");
}

/** Whether the car was still charging when it was seen last. */
export function isStillCharging({ end, phases, lastSeenAt }: Session): boolean {
  const last = phases.at(-1);
  return end === undefined && last?.isOpen === true && last.to >= lastSeenAt;
}

function timeTexts(session: Session, now: number, locale: Locale): { readonly text: string; readonly spoken: string } {
  const { phases, start, end } = session;
  const [first] = phases;
  const last = phases.at(-1);
  const from = weekTimeText(first?.from ?? start.latest, now, locale);
  if (isStillCharging(session)) {
    return { text: t("since {0}", from), spoken: t("Charging since {0}", from) };
  }
  const endedAt = last ? (last.isOpen ? undefined : last.to) : end?.latest;
  if (endedAt === undefined) return { text: from, spoken: from };
  const to = weekTimeText(endedAt, now, locale, first?.from ?? start.latest);
  return { text: `${from} – ${to}`, spoken: t("{0} to {1}", from, to) };
}

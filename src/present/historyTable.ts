import { t } from "@vscode/l10n";
import type { MomentRange, Session, Span } from "../history/model";
import { rowsPerPage, type TableContent } from "../historyPage/content";
import { countText, kilowattHourText, percentText } from "./numbers";
import { durationText, weekdayTimeText } from "./historyTimes";
import type { Locale } from "./times";

/**
 * The sessions of a range, newest first. `page` counts from 0; if there are fewer pages, the last one is shown. The
 * totals are those of all pages.
 */
export function historyTable(
  sessions: readonly Session[],
  range: Span,
  page: number,
  locale: Locale,
): TableContent & { readonly page: number; readonly count: number } {
  const shown = sessions.filter((session) => overlaps(session, range)).reverse();
  const lastPage = Math.max(0, Math.ceil(shown.length / rowsPerPage) - 1);
  const current = Math.min(page, lastPage);
  const first = current * rowsPerPage;
  const rows = shown.slice(first, first + rowsPerPage);
  const count = (value: number) => countText(value, locale);
  return {
    page: current,
    count: shown.length,
    caption: shown.length === 0 ? t("No charging sessions were seen during this time.") : t("Charging sessions"),
    columns: [
      t("Plugged in"),
      t("Unplugged"),
      t("Charger"),
      t("Battery"),
      t("Charged for"),
      t("Energy (estimated)"),
      t("Remarks"),
    ],
    rows: rows.map((session) => cells(session, locale)),
    totals: shown.length === 0 ? [] : totals(shown, locale),
    notes: notes(shown, range),
    pages:
      lastPage === 0 ? "" : t("{0} – {1} of {2}", count(first + 1), count(first + rows.length), count(shown.length)),
    hasNextPage: current < lastPage,
  };
}

function earliestStart({ start }: Session): number {
  return start.earliest ?? start.latest;
}

function latestEnd({ end, lastSeenAt }: Session): number {
  return end?.latest ?? lastSeenAt;
}

function overlaps(session: Session, { from, to }: Span): boolean {
  return earliestStart(session) < to && latestEnd(session) >= from;
}

function cells(session: Session, locale: Locale): readonly string[] {
  const { start, end, charger, chargedMs, energy } = session;
  return [
    momentText(start, locale),
    end ? momentText(end, locale) : t("Still plugged in"),
    charger === "in" ? t("Plugged in") : charger === "ac" ? t("AC") : t("DC"),
    levelsText(session, locale),
    durationText(chargedMs) ?? "–",
    energy ? energyText(energy, locale) : "–",
    remarks(session, locale).join(" · "),
  ];
}

/** A time, or the range in which it lies. */
export function momentText({ earliest, latest, isOneTime }: MomentRange, locale: Locale): string {
  if (isOneTime) return weekdayTimeText(latest, locale);
  if (earliest === undefined) return t("Before {0}", weekdayTimeText(latest, locale));
  return t("Between {0} and {1}", weekdayTimeText(earliest, locale), weekdayTimeText(latest, locale));
}

function levelsText({ levelFrom, levelTo }: Session, locale: Locale): string {
  if (levelFrom === undefined && levelTo === undefined) return "–";
  const [from, to] = [levelFrom ?? levelTo ?? 0, levelTo ?? levelFrom ?? 0];
  const last = percentText(to, locale);
  return Math.round(from) === Math.round(to) ? last : `${countText(from, locale)} → ${last}`;
}

function energyText({ kwh, method }: NonNullable<Session["energy"]>, locale: Locale): string {
  const amount = kilowattHourText(kwh, locale);
  return method === "level" ? t("≈ {0}, by level", amount) : t("≈ {0}, by power", amount);
}

function remarks(session: Session, locale: Locale): readonly string[] {
  return [
    ...(session.isTargetReached ? [t("Target reached")] : []),
    ...(session.isAfterUnseenUnplug ? [t("Probably unplugged before this session (not observed)")] : []),
    ...(session.isBeforeUnseenUnplug ? [t("Probably unplugged after this session (not observed)")] : []),
    ...session.seenAgain.map(({ to }) => t("Seen again {0}; may have been away", weekdayTimeText(to, locale))),
  ];
}

function totals(sessions: readonly Session[], locale: Locale): readonly string[] {
  const charged = sessions.reduce((sum, { chargedMs }) => sum + chargedMs, 0);
  const energies = sessions.flatMap(({ energy }) => energy?.kwh ?? []);
  const kwh = energies.reduce((sum, value) => sum + value, 0);
  const coverage = t("known for {0} of {1}", countText(energies.length, locale), countText(sessions.length, locale));
  return [
    t("Total: {0}", countText(sessions.length, locale)),
    "",
    "",
    "",
    durationText(charged) ?? "–",
    energies.length === 0 ? "–" : t("≈ {0}", kilowattHourText(kwh, locale)),
    energies.length > 0 && energies.length < sessions.length ? coverage : "",
  ];
}

function notes(sessions: readonly Session[], { from, to }: Span): readonly string[] {
  const extendsBeyond = (session: Session) => earliestStart(session) < from || latestEnd(session) >= to;
  return [
    ...(sessions.some(({ energy }) => energy)
      ? [
          t(
            "Energy is estimated, not for billing: “by level” from the battery's level and capacity, “by power” from the reported power.",
          ),
        ]
      : []),
    ...(sessions.some(extendsBeyond) ? [t("A session that extends beyond this time is counted in full.")] : []),
  ];
}

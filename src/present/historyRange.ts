import { dayMs, hourMs, minuteMs } from "../base/clock";
import type { Span } from "../history/model";
import type { Tick } from "../historyPage/content";
import type { HistoryView, RangeUnit } from "../historyPage/view";
import { clockText, dateText, datesText, dayLabel } from "./historyTimes";
import { languageOf, type Locale } from "./times";

/** A day, week or month of the local calendar. Days have 23 to 25 hours. Times in ms since the epoch. */
export interface HistoryRange extends Span {
  readonly title: string;
  /** A moment of the range before this one and of the one after it. */
  readonly before: number;
  readonly after: number;
  readonly isPresent: boolean;
}

/** The range that `view` names; without a moment that of `now`. */
export function historyRange(
  { unit, at }: Pick<HistoryView, "unit" | "at">,
  now: number,
  locale: Locale,
): HistoryRange {
  const { from, to } = boundsOf(unit, at ?? now, locale);
  const title = unit === "week" ? datesText(from, to - 1, locale) : dateText(from, locale, unit);
  return { from, to, title, before: from - 1, after: to, isPresent: now >= from && now < to };
}

function boundsOf(unit: RangeUnit, at: number, locale: Locale): Span {
  const { year, month, day } = localDate(at, locale);
  const from = (first: LocalDate) => startOfDay(first, locale);
  switch (unit) {
    case "day":
      return { from: from({ year, month, day }), to: from({ year, month, day: day + 1 }) };
    case "week": {
      // The day of the week is that of the date, wherever it is.
      const weekday = new Date(Date.UTC(year, month, day)).getUTCDay() || 7;
      const first = day - ((weekday - firstWeekday(locale) + 7) % 7);
      return { from: from({ year, month, day: first }), to: from({ year, month, day: first + 7 }) };
    }
    case "month":
      return { from: from({ year, month, day: 1 }), to: from({ year, month: month + 1, day: 1 }) };
  }
}

/** From 1, Monday, to 7. */
function firstWeekday(locale: Locale): number {
  const language = new Intl.Locale(languageOf(locale));
  const region = language.region ?? locale.region;
  const local = region === undefined ? language : new Intl.Locale(language, { region });
  // A method in newer hosts, a property in older ones, unknown to the types of both.
  const { getWeekInfo, weekInfo } = local as { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };
  return (getWeekInfo?.call(local) ?? weekInfo)?.firstDay ?? 1;
}

interface WeekInfo {
  readonly firstDay: number;
}

/** Months from 0, days from 1; days and months outside their range count on, as in `Date.UTC`. */
interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The first moment of a local day, also where midnight is skipped or comes twice. */
function startOfDay({ year, month, day }: LocalDate, locale: Locale): number {
  const wall = Date.UTC(year, month, day);
  const moments = [wall - offsetAt(wall - dayMs, locale), wall - offsetAt(wall + dayMs, locale)].sort((a, b) => a - b);
  return moments.find((at) => Math.floor(wallTime(at, locale) / dayMs) === wall / dayMs) ?? wall;
}

function localDate(at: number, locale: Locale): LocalDate {
  const wall = new Date(wallTime(at, locale));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), day: wall.getUTCDate() };
}

function offsetAt(at: number, locale: Locale): number {
  return wallTime(at, locale) - at;
}

const wallFormats = new Map<string, Intl.DateTimeFormat>();

/** What local clocks show at `at`, as if it were UTC (ms since the epoch), to the second. */
function wallTime(at: number, { timeZone }: Locale): number {
  const key = timeZone ?? "";
  const found =
    wallFormats.get(key) ??
    new Intl.DateTimeFormat("en-US-u-hc-h23", {
      ...(timeZone !== undefined && { timeZone }),
      ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
    });
  wallFormats.set(key, found);
  const parts = Object.fromEntries(found.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The labels of the time axis: every three hours of a day, every day of a week or month. */
export function timeTicks({ from, to }: Span, unit: RangeUnit, locale: Locale): readonly Tick[] {
  const ticks: Tick[] = [];
  for (let at = from; at < to; at = nextTick(at, unit, locale)) {
    ticks.push({ at, label: unit === "day" ? clockText(at, locale) : dayLabel(at, locale, unit) });
  }
  return ticks;
}

function nextTick(at: number, unit: RangeUnit, locale: Locale): number {
  if (unit !== "day") return boundsOf("day", at, locale).to;
  const hours = (moment: number) => Math.floor(wallTime(moment, locale) / hourMs);
  const wanted = hours(at) + 3;
  // Where clocks are set back an hour comes twice; where they are set forward one is missing.
  for (let next = at + 2 * hourMs; next < at + 5 * hourMs; next += 30 * minuteMs) {
    if (hours(next) >= wanted) return next;
  }
  return at + 3 * hourMs;
}

/** How far apart the stops of the cursor are, and how far PageUp and PageDown move it (ms). */
export const cursorSteps: Readonly<Record<RangeUnit, { readonly stepMs: number; readonly leapMs: number }>> = {
  day: { stepMs: 15 * minuteMs, leapMs: 3 * hourMs },
  week: { stepMs: hourMs, leapMs: dayMs },
  month: { stepMs: 4 * hourMs, leapMs: 7 * dayMs },
};

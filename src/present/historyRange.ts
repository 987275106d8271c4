import { dayMs, hourMs, minuteMs } from "../base/clock";
import type { Span } from "../history/model";
import type { Tick } from "../historyPage/content";
import type { ViewChange } from "../historyPage/request";
import type { HistoryView, RangeUnit } from "../historyPage/view";
import { clockText, dateText, datesText, dayLabel } from "./historyTimes";
import type { Locale } from "./times";

/**
 * A day or a month of the local calendar, or seven days. A week can end on any day: the current one ends today, so that
 * it is not mostly in the future on a Monday. Days have 23 to 25 hours. Times in ms since the epoch.
 */
export interface HistoryRange extends Span {
  readonly title: string;
  /** The last moments of the previous and of the next range. */
  readonly before: number;
  readonly after: number;
  readonly isPresent: boolean;
}

/** The range that contains `at`, or `now` if `at` is absent. A week ends with that day. */
export function historyRange(
  { unit, at }: Pick<HistoryView, "unit" | "at">,
  now: number,
  locale: Locale,
): HistoryRange {
  const { from, to } = boundsOf(unit, at ?? now, locale);
  const title = unit === "week" ? datesText(from, to - 1, locale) : dateText(from, locale, unit);
  const { year, month, day } = localDate(to, locale);
  const next: Readonly<Record<RangeUnit, LocalDate>> = {
    day: { year, month, day: day + 1 },
    week: { year, month, day: day + 7 },
    month: { year, month: month + 1, day: 1 },
  };
  const after = startOfDay(next[unit], locale) - 1;
  return { from, to, title, before: from - 1, after, isPresent: now >= from && now < to };
}

/** The unit in which a history that begins at `keptSince` opens: a day if it began today, else a week. */
export function firstUnit(keptSince: number, now: number, locale: Locale): RangeUnit {
  return keptSince >= boundsOf("day", now, locale).from ? "day" : "week";
}

/**
 * `view` after `change`. Steps stop at the present and at `keptSince`, when the history of the car begins (ms since the
 * epoch; `undefined` if not known yet). The page cannot enforce this, because steps may come faster than it is painted.
 */
export function changedView(
  view: HistoryView,
  change: ViewChange,
  { now, locale, keptSince = -Infinity }: { now: number; locale: Locale; keptSince: number | undefined },
): HistoryView {
  const first = { ...view, page: 0 };
  switch (change.kind) {
    case "car":
      return { ...first, car: change.car };
    case "unit":
      return { ...first, unit: change.unit };
    case "today":
      return { ...first, at: undefined };
    case "page":
      return { ...view, page: Math.max(0, view.page + change.by) };
    case "step": {
      const { from, before, after } = historyRange(view, now, locale);
      if (change.by > 0) return { ...first, at: Math.min(after, now) };
      return from > keptSince ? { ...first, at: before } : view;
    }
  }
}

function boundsOf(unit: RangeUnit, at: number, locale: Locale): Span {
  const { year, month, day } = localDate(at, locale);
  const from = (first: LocalDate) => startOfDay(first, locale);
  switch (unit) {
    case "day":
      return { from: from({ year, month, day }), to: from({ year, month, day: day + 1 }) };
    case "week":
      return { from: from({ year, month, day: day - 6 }), to: from({ year, month, day: day + 1 }) };
    case "month":
      return { from: from({ year, month, day: 1 }), to: from({ year, month: month + 1, day: 1 }) };
  }
}

/** Months from 0, days from 1; days and months outside their range count on, as in `Date.UTC`. */
interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The first moment of a local day, even if midnight is skipped or comes twice. */
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

/** The local date and time at `at`, read as if it were UTC (ms since the epoch), to the second. */
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
  // When clocks are set back, an hour comes twice. When they are set forward, an hour is missing.
  for (let next = at + 2 * hourMs; next < at + 5 * hourMs; next += 30 * minuteMs) {
    if (hours(next) >= wanted) return next;
  }
  return at + 3 * hourMs;
}

/** The distance between stops of the cursor, and the distance that PageUp and PageDown move it (ms). */
export const cursorSteps: Readonly<Record<RangeUnit, { readonly stepMs: number; readonly leapMs: number }>> = {
  day: { stepMs: 15 * minuteMs, leapMs: 3 * hourMs },
  week: { stepMs: hourMs, leapMs: dayMs },
  month: { stepMs: 4 * hourMs, leapMs: 7 * dayMs },
};

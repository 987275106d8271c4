import { t } from "@vscode/l10n";
import { minuteMs } from "../base/clock";
import { dateFormat, type Locale } from "./times";

// Times and dates that only the history shows. They are not in times.ts, because every window loads that file.

const styles = {
  clock: { timeStyle: "short" },
  weekdayTime: { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  dayOfWeek: { weekday: "short", day: "numeric" },
  dayOfMonth: { day: "numeric" },
  fullDate: { dateStyle: "full" },
  longDate: { dateStyle: "long" },
  month: { month: "long", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

function formatOf(locale: Locale, style: keyof typeof styles): Intl.DateTimeFormat {
  return dateFormat(locale, style, styles[style]);
}

function format(at: number, locale: Locale, style: keyof typeof styles): string {
  return plainSpaces(formatOf(locale, style).format(at));
}

/** Replaces the thin spaces before AM and PM and around dashes, which some fonts and speech engines cannot handle. */
function plainSpaces(text: string): string {
  return text.replaceAll(/[\u2009\u202f]/g, " ");
}

/** Local time of day. */
export function clockText(at: number, locale: Locale): string {
  return format(at, locale, "clock");
}

/** Local day of the week, date and time without the year: "Fri, Nov 27, 6:10 PM". */
export function weekdayTimeText(at: number, locale: Locale): string {
  return format(at, locale, "weekdayTime");
}

/** Local date in narrow places: "Fri 27" for the day of a week, "27" for that of a month. */
export function dayLabel(at: number, locale: Locale, within: "week" | "month"): string {
  return format(at, locale, within === "week" ? "dayOfWeek" : "dayOfMonth");
}

/** Local date: "Friday, November 27, 2026", "November 2026". */
export function dateText(at: number, locale: Locale, unit: "day" | "month"): string {
  return format(at, locale, unit === "day" ? "fullDate" : "month");
}

/** From one local date to another, both included: "November 23 – 29, 2026". */
export function datesText(from: number, to: number, locale: Locale): string {
  return plainSpaces(formatOf(locale, "longDate").formatRange(from, to));
}

/** A duration with its minutes, "4 h 30 min", rounded down; `undefined` below a minute. */
export function durationText(spanMs: number): string | undefined {
  const minutes = Math.floor(Math.max(0, spanMs) / minuteMs);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (minutes < 1) return undefined;
  if (hours === 0) return t("{0} min", rest);
  return rest === 0 ? t("{0} h", hours) : t("{0} h {1} min", hours, rest);
}

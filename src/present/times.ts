import { t } from "@vscode/l10n";
import { dayMs, hourMs, minuteMs } from "../base/clock";

/** The format of numbers, dates and times. */
export interface Locale {
  /** The editor's display language. */
  readonly language: string;
  /** The region (ISO 3166 code) whose date and time formats apply. Has no effect if the language names one. */
  readonly region?: string;
  /** The clock that the user has chosen, if any. */
  readonly clock?: "12h" | "24h";
  /** By default that of the computer. */
  readonly timeZone?: string;
}

/** From this age on, an age is shown in days: "47 h ago", then "2 d ago". */
const daysFromMs = 2 * dayMs;

/** The unit in which an age is shown, in ms. */
function ageStep(ageMs: number): number {
  if (ageMs < hourMs) return minuteMs;
  return ageMs < daysFromMs ? hourMs : dayMs;
}

/** "just now", "12 min ago", "3 h ago", "2 d ago", always rounded down. A time after `now` counts as now. */
export function ageText(at: number, now: number): string {
  const age = Math.max(0, now - at);
  const step = ageStep(age);
  const steps = Math.floor(age / step);
  if (steps === 0) return t("just now");
  if (step === minuteMs) return t("{0} min ago", steps);
  return step === hourMs ? t("{0} h ago", steps) : t("{0} d ago", steps);
}

/** The same age in whole words, for screen readers. */
export function spokenAge(at: number, now: number, locale: Locale): string {
  const age = Math.max(0, now - at);
  const step = ageStep(age);
  const steps = Math.floor(age / step);
  if (steps === 0) return t("just now");
  const unit = step === minuteMs ? "minute" : step === hourMs ? "hour" : "day";
  return relativeFormat(languageOf(locale)).format(-steps, unit);
}

/**
 * The time (ms) for which a text about `at` stays true: an age until its next step, a future time until it arrives.
 * Always above zero.
 */
export function ageHoldsFor(at: number, now: number): number {
  if (at > now) return at - now;
  const age = now - at;
  const step = ageStep(age);
  return step - (age % step);
}

/** A waiting time, "12 min" or "3 h", rounded up so that the wait is never longer than shown. */
export function waitText(until: number, now: number): string {
  const wait = Math.max(0, until - now);
  const steps = Math.max(1, Math.ceil(wait / waitStep(wait)));
  return waitStep(wait) === minuteMs ? t("{0} min", steps) : t("{0} h", steps);
}

/** A duration, "20 min" or "3 h", rounded down so that it is never longer than the real one. */
export function spanText(spanMs: number): string {
  const span = Math.max(0, spanMs);
  return span < hourMs ? t("{0} min", Math.floor(span / minuteMs)) : t("{0} h", Math.floor(span / hourMs));
}

/** The next time at which the result of {@link waitText} changes, ms since the epoch. */
export function waitChangesAt(until: number, now: number): number {
  const wait = Math.max(0, until - now);
  const step = waitStep(wait);
  return until - (Math.max(1, Math.ceil(wait / step)) - 1) * step;
}

function waitStep(waitMs: number): number {
  return waitMs <= hourMs ? minuteMs : hourMs;
}

/** Local date and time, "Nov 23, 2026, 8:40 AM" in English. */
export function dateTimeText(at: number, locale: Locale): string {
  return format(at, locale, "dateTime");
}

/** Local date, "Nov 23, 2026" in English. */
export function dayText(at: number, locale: Locale): string {
  return format(at, locale, "day");
}

/** Local time of day, with the date without the year if it is not today's. */
export function shortTimeText(at: number, now: number, locale: Locale): string {
  return format(at, locale, isSameDay(at, now, locale) ? "time" : "dayTime");
}

/** "until 9:40 AM" within a sentence. Most languages use different words before a date and before a time of day. */
export function untilText(at: number, now: number, locale: Locale): string {
  const short = shortTimeText(at, now, locale);
  const isTwelveHours = !/\d$/.test(short);
  const time = isTwelveHours ? short : t({ message: "{0}", args: [short], comment: ["24-hour time in a sentence"] });
  return isSameDay(at, now, locale)
    ? t({ message: "until {0}", args: [time], comment: ["Time"] })
    : t({ message: "until {0}", args: [time], comment: ["Date and time"] });
}

/**
 * Local time of day, with the weekday if it is within six days of `now`, else with the date. The day is left out if it
 * is that of `after`, the time that precedes it in the text.
 */
export function weekTimeText(at: number, now: number, locale: Locale, after = now): string {
  if (isSameDay(at, after, locale)) return format(at, locale, "time");
  return format(at, locale, Math.abs(now - at) < 6 * dayMs ? "weekTime" : "dayTime");
}

function isSameDay(at: number, other: number, locale: Locale): boolean {
  return format(at, locale, "date") === format(other, locale, "date");
}

/** ISO 8601 in UTC, to the second. */
export function isoText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/**
 * The language as a tag that `Intl` accepts. English if VS Code's language is not a valid tag, because `--locale`
 * accepts any text.
 */
export function languageOf(locale: Locale): string {
  try {
    return Intl.getCanonicalLocales(locale.language)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** English on a Swedish computer is "en-SE": "29 Nov 2026, 22:13". */
function dateLanguageOf(locale: Locale): string {
  const language = languageOf(locale);
  const { region } = new Intl.Locale(language);
  if (region !== undefined || locale.region === undefined) return language;
  return new Intl.Locale(language, { region: locale.region }).toString();
}

const hourCycles = { "12h": "h12", "24h": "h23" } as const;

const styles = {
  dateTime: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "medium" },
  date: { dateStyle: "short" },
  dayTime: { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  weekTime: { weekday: "short", hour: "numeric", minute: "2-digit" },
  time: { timeStyle: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Creating a format costs a hundred times more than using it, and painting twelve cars uses one fifty times. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

function format(at: number, locale: Locale, style: keyof typeof styles): string {
  // Newer ICU data puts a narrow no-break space before AM and PM, which some fonts and speech engines cannot handle.
  return dateFormat(locale, style, styles[style]).format(at).replaceAll("\u202f", " ");
}

/** The format with these options in the language, region and clock of `locale`, kept by `name`. */
export function dateFormat(locale: Locale, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { language, region, clock, timeZone } = locale;
  const key = [name, language, region, clock, timeZone].join("/");
  const found = dateFormats.get(key) ?? newFormat(locale, options);
  dateFormats.set(key, found);
  return found;
}

/**
 * Creates a format. Without two digits for the hour, German and Italian would write "08:40" alone, but "8:40" after a
 * date.
 */
function newFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { clock, timeZone } = locale;
  const create = (more: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(dateLanguageOf(locale), { ...more, ...(clock && { hourCycle: hourCycles[clock] }) });
  const isPadded =
    options.hour &&
    create({ ...styles.time, timeZone: "UTC" })
      .format(8 * hourMs)
      .startsWith("0");
  return create({ ...options, ...(isPadded && { hour: "2-digit" }), timeZone });
}

function relativeFormat(language: string): Intl.RelativeTimeFormat {
  const found = relativeFormats.get(language) ?? new Intl.RelativeTimeFormat(language, { numeric: "always" });
  relativeFormats.set(language, found);
  return found;
}

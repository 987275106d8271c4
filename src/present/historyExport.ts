import { t } from "@vscode/l10n";
import type { CarHistory, MomentRange, Row, Session } from "../history/model";
import { plainLine } from "./plainText";
import { languageOf, type Locale } from "./times";

export const exportFormats = ["sessions", "excel", "readings", "json", "markdown"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A car with its history. `vin` is present only if VINs may be shown. */
export interface ExportedCar {
  readonly name: string;
  readonly vin?: string;
  readonly history: CarHistory;
}

export function exportExtension(format: ExportFormat): "csv" | "json" | "md" {
  return format === "json" ? "json" : format === "markdown" ? "md" : "csv";
}

const longestNameInFile = 40;

/**
 * The name of the file: its content, the car if there is only one, and the local day of `now` (ms), so that a later
 * export does not replace it. Only letters and digits of the car's name are used, which every file system accepts.
 */
export function exportFileName(format: ExportFormat, car: string | undefined, now: number, locale: Locale): string {
  const content = format === "readings" ? "readings" : format === "excel" ? "sessions-excel" : "sessions";
  const words = plainLine(car ?? "").match(/(?:\p{L}|\p{M}|\p{N})+/gu) ?? [];
  const name = Array.from(words.join("-")).slice(0, longestNameInFile).join("");
  const parts = ["volvo-charging", content, ...(name === "" ? [] : [name]), offsetTime(now, locale).slice(0, 10)];
  return `${parts.join("-")}.${exportExtension(format)}`;
}

/** The text of the file. Times are ISO 8601 with the offset of this computer. */
export function exportText(format: ExportFormat, cars: readonly ExportedCar[], now: number, locale: Locale): string {
  switch (format) {
    case "sessions":
      return csv([sessionHead, ...sessionRows(cars, locale)], ",");
    case "excel":
      return excel(cars, locale);
    case "readings":
      return csv([readingHead, ...cars.flatMap((car) => readingRows(car, locale))], ",");
    case "json":
      return `${JSON.stringify(json(cars, now, locale), null, 2)}\n`;
    case "markdown":
      return markdown(cars, locale);
  }
}

type Cell = string | number | undefined;

const sessionHead = [
  ...["vehicle", "vin", "plugged_in_after", "plugged_in", "unplugged_after", "unplugged", "charger"],
  ...["level_from", "level_to", "charging_minutes", "energy_kwh", "energy_method", "target_reached", "note"],
];

/** CSV by RFC 4180. Text that a spreadsheet would read as a formula begins with an apostrophe. */
function csv(rows: readonly (readonly Cell[])[], separator: string, decimal = "."): string {
  const text = (cell: Cell) => {
    if (cell === undefined) return "";
    if (typeof cell === "number") return String(cell).replace(".", decimal);
    const guarded = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /["\r\n]/.test(guarded) || guarded.includes(separator) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  };
  return rows.map((row) => `${row.map(text).join(separator)}\r\n`).join("");
}

function sessionRows(cars: readonly ExportedCar[], locale: Locale): readonly (readonly Cell[])[] {
  const at = offsetTimes(locale);
  return cars.flatMap(({ name, vin, history }) =>
    history.sessions.map((session) => [
      ...[plainLine(name), vin, at(session.start.earliest), at(session.start.latest)],
      ...[at(session.end?.earliest), at(session.end?.latest), session.charger, session.levelFrom, session.levelTo],
      ...[minutes(session.chargedMs), kwh(session), session.energy?.method],
      ...[session.isTargetReached ? "yes" : "no", notes(session).join("; ")],
    ]),
  );
}

function offsetTimes(locale: Locale): (at: number | undefined) => string | undefined {
  return (at) => (at === undefined ? undefined : offsetTime(at, locale));
}

function chargerName({ charger }: Session): string {
  return charger === "in" ? "" : charger.toUpperCase();
}

function minutes(ms: number): number {
  return Math.round(ms / 60_000);
}

function kwh({ energy }: Session): number | undefined {
  return energy && Math.round(energy.kwh * 10) / 10;
}

function notes(session: Session): readonly string[] {
  return [
    session.start.earliest === undefined ? "start unknown" : "",
    session.end === undefined ? "still plugged in when last seen" : "",
    session.isAfterUnseenUnplug ? "probably unplugged before" : "",
    session.isBeforeUnseenUnplug ? "probably unplugged after" : "",
    session.seenAgain.length > 0 ? "seen again after a gap, duration unknown" : "",
    session.energy ? "energy estimated, not for billing" : "",
  ].filter((note) => note !== "");
}

const readingHead = [
  ...["vehicle", "vin", "time", "reading_before", "not_observed_before", "connection", "connection_measured"],
  ...["level", "target", "status", "power_w", "api"],
];

function readingRows({ name, vin, history }: ExportedCar, locale: Locale): readonly (readonly Cell[])[] {
  const at = offsetTimes(locale);
  return history.rows.map(({ t: time, p, c, m, b, g, s, w, k, x }: Row) => [
    ...[plainLine(name), vin, at(time), at(p), x === 1 ? "yes" : "no", c, at(m), b, g, s, w],
    k === undefined ? undefined : `v${k}`,
  ]);
}

/** CSV for Excel in VS Code's language: local times that Excel recognizes, and the separators of the language. */
function excel(cars: readonly ExportedCar[], locale: Locale): string {
  const decimal = new Intl.NumberFormat(languageOf(locale)).format(0.5).includes(",") ? "," : ".";
  const at = (time: number | undefined) => time && localTime(time, locale);
  const head = [
    ...[t("Car"), t("VIN"), t("Plugged in after"), t("Plugged in"), t("Unplugged after"), t("Unplugged"), t("Charger")],
    ...[t("Level from (%)"), t("Level to (%)"), t("Charging (min)"), t("Energy, estimated (kWh)"), t("Target reached")],
  ];
  const rows = cars.flatMap(({ name, vin, history }) =>
    history.sessions.map((session): readonly Cell[] => [
      ...[plainLine(name), vin, at(session.start.earliest), at(session.start.latest)],
      ...[
        at(session.end?.earliest),
        session.end ? at(session.end.latest) : t("Still plugged in"),
        chargerName(session),
      ],
      ...[session.levelFrom, session.levelTo, minutes(session.chargedMs), kwh(session)],
      session.isTargetReached ? t("yes") : t("no"),
    ]),
  );
  return `\ufeff${csv([head, ...rows], decimal === "," ? ";" : ",", decimal)}`;
}

function json(cars: readonly ExportedCar[], now: number, locale: Locale): unknown {
  const at = offsetTimes(locale);
  const range = (moment: MomentRange | undefined) =>
    moment && { earliest: at(moment.earliest), latest: at(moment.latest) };
  return {
    format: "volvo-charging-history-export",
    version: 1,
    exportedAt: at(now),
    vehicles: cars.map(({ name, vin, history }) => ({
      id: history.id,
      name,
      vin,
      keptSince: at(history.keptSince),
      sessions: history.sessions.map((session) => ({
        start: range(session.start),
        end: range(session.end),
        charger: session.charger,
        levelFrom: session.levelFrom,
        levelTo: session.levelTo,
        charging: session.phases.map(({ from, to }) => ({ from: at(from), to: at(to) })),
        energy: session.energy && { kwh: kwh(session), method: session.energy.method, isEstimated: true },
        isTargetReached: session.isTargetReached,
        notes: notes(session),
      })),
    })),
  };
}

function markdown(cars: readonly ExportedCar[], locale: Locale): string {
  const at = (moment: MomentRange) => {
    const latest = localTime(moment.latest, locale);
    if (moment.isOneTime) return latest;
    return moment.earliest === undefined
      ? t("before {0}", latest)
      : t("between {0} and {1}", localTime(moment.earliest, locale), latest);
  };
  const cell = (text: string) => plainLine(text).replace(/[\\`*_[\]<>|#]/g, "\\$&");
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const head = [
    t("Plugged in"),
    t("Unplugged"),
    t("Charger"),
    t("Level"),
    t("Charging (min)"),
    t("Energy, estimated (kWh)"),
  ];
  return cars
    .map(({ name, vin, history }) => {
      const rows = history.sessions.map((session) =>
        line([
          ...[at(session.start), session.end ? at(session.end) : t("Still plugged in")],
          chargerName(session),
          session.levelFrom === undefined
            ? ""
            : `${Math.round(session.levelFrom)} → ${Math.round(session.levelTo ?? 0)} %`,
          ...[String(minutes(session.chargedMs)), kwh(session)?.toString() ?? ""],
        ]),
      );
      const title = `## ${cell(name)}${vin === undefined ? "" : ` (${vin})`}\n\n`;
      return `${title}${line(head)}${line(head.map(() => "---"))}${rows.join("")}`;
    })
    .join("\n");
}

const partFormats = new Map<string, Intl.DateTimeFormat>();

function timeParts(at: number, { timeZone }: Locale): Readonly<Record<string, string>> {
  const key = timeZone ?? "";
  const format =
    partFormats.get(key) ??
    new Intl.DateTimeFormat("en-US", {
      ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
      ...{ hourCycle: "h23", timeZoneName: "longOffset" },
      ...(timeZone !== undefined && { timeZone }),
    });
  partFormats.set(key, format);
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** ISO 8601 with the offset of the time zone: "2026-11-29T18:10:00+01:00". */
export function offsetTime(at: number, locale: Locale): string {
  const { year, month, day, hour, minute, second, timeZoneName = "" } = timeParts(at, locale);
  const offset = timeZoneName.replace("GMT", "");
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset === "" ? "+00:00" : offset}`;
}

/** "2026-11-29 18:10", which Excel recognizes as a time in every language. */
function localTime(at: number, locale: Locale): string {
  const { year, month, day, hour, minute } = timeParts(at, locale);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

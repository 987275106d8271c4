import { dayMs, minuteMs } from "../base/clock";
import { type RowConnection, rowConnections, type RowStatus, rowStatuses } from "../charging/recorded";
import type { Row } from "./model";

/** Bounds of what is stored, in bytes. */
export const lineLimit = 4 * 1024;
/** From this size on a month takes only changes of connection and status. */
export const monthLimit = 1024 * 1024;
/** A month takes nothing more. */
export const monthEnd = 2 * monthLimit;
export const folderLimit = 32 * 1024 * 1024;
export const carLimit = 40;

const format = "volvo-charging-history";
const version = 1;

/** The first line of each month. */
export const headLine = JSON.stringify({ format, version });

/** No car with this API existed earlier. */
const earliest = Date.UTC(2015, 0, 1);
const toleratedAheadMs = 10 * minuteMs;

/** The UTC month of `at` (ms), as files are named: "2026-11". */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** The file of a month, and the month of a file: `undefined` where it is none. */
export function monthFile(month: string): string {
  return `${month}.jsonl`;
}

export function monthOfFile(name: string): string | undefined {
  return /^(\d{4}-(?:0[1-9]|1[0-2]))\.jsonl$/.exec(name)?.[1];
}

/** The first of the months that are kept at `now` (ms), the current one included. */
export function firstKeptMonth(now: number, keepMonths: number): string {
  const date = new Date(now);
  return monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - keepMonths + 1, 1));
}

/** A row as a line without its newline; `undefined` where it is longer than a line may be. */
export function rowLine(row: Row): string | undefined {
  const line = JSON.stringify(row);
  return line.length <= lineLimit ? line : undefined;
}

export interface ParsedMonth {
  /** As they stand in the file. */
  readonly rows: readonly Row[];
  /** Lines that are no rows. */
  readonly skipped: number;
  /** Written by a newer version of the extension: nothing of it is read. */
  readonly isNewer: boolean;
}

/**
 * The rows of a file. Never throws: a line that is torn, spliced, too long or of another shape is skipped and counted, a
 * row outside of 2015 to ten minutes after `now` (ms) as well.
 */
export function parseMonth(text: string, now: number): ParsedMonth {
  const rows: Row[] = [];
  let skipped = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const value = line.length <= lineLimit ? parsed(line) : undefined;
    const head = value?.["format"] === format ? value["version"] : undefined;
    if (typeof head === "number" && head > version) return { rows: [], skipped: 0, isNewer: true };
    if (head === version) continue;
    const row = value && rowOf(value);
    if (row && row.t >= earliest && row.t <= now + toleratedAheadMs) rows.push(row);
    else skipped++;
  }
  return { rows, skipped, isNewer: false };
}

/** By time; of rows with the same time the first stays. */
export function sortedRows(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => a.t - b.t).filter((row, index, all) => row.t !== all[index - 1]?.t);
}

/** A text or a number has no members either, so only `null` is told apart. */
function parsed(line: string): Readonly<Record<string, unknown>> | null | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>> | null;
  } catch {
    return undefined;
  }
}

/** What is written, checked; a value out of its range is not known. `undefined` without a time and a connection. */
function rowOf(raw: Readonly<Record<string, unknown>>): Row | undefined {
  const { t, p, c, m, b, g, s, w, k, x } = raw;
  if (!isTime(t) || !isConnection(c)) return undefined;
  return {
    t,
    ...(isTime(p) && p < t && { p }),
    c,
    ...(isTime(m) && { m }),
    ...(isPercent(b) && { b }),
    ...(isPercent(g) && { g }),
    ...(s !== undefined && { s: isStatus(s) ? s : "?" }),
    ...(isWatts(w) && { w }),
    ...((k === 1 || k === 2) && { k }),
    ...(x === 1 && { x }),
  };
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}

/** Percent. */
export function isPercent(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}

/** More than any car takes or gives. */
const mostWatts = 1_000_000;

export function isWatts(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= mostWatts;
}

function isConnection(value: unknown): value is RowConnection {
  return rowConnections.includes(value as RowConnection);
}

function isStatus(value: unknown): value is RowStatus {
  return rowStatuses.includes(value as RowStatus);
}

/** The time between two readings from which the car was not observed in between. */
export function gapLimitMs(intervalMs: number): number {
  return Math.max(30 * minuteMs, Math.min(3 * intervalMs, dayMs / 8));
}

/** Whether the car was not observed in (p, t]; a row that knows no reading before it follows on such a time as well. */
export function isGap({ p, x }: Row): boolean {
  return x === 1 || p === undefined;
}

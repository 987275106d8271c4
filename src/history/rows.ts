import { dayMs, minuteMs } from "../base/clock";
import { type RowConnection, rowConnections, type RowStatus, rowStatuses } from "../charging/recorded";
import type { Row } from "./model";

/** Limits of the stored history, in bytes. */
export const lineLimit = 4 * 1024;
/** From this size on, only changes of connection and status are added to a month. */
export const monthLimit = 1024 * 1024;
/** From this size on, nothing is added to a month. */
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

/** The UTC month of `at` (ms), as in the names of the files: "2026-11". */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

export function monthFile(month: string): string {
  return `${month}.jsonl`;
}

/** The month of a file; `undefined` for any other file. */

export function monthOfFile(name: string): string | undefined {
  return /^(\d{4}-(?:0[1-9]|1[0-2]))\.jsonl$/.exec(name)?.[1];
}

/** The oldest month that is kept at `now` (ms). `keepMonths` includes the current month. */
export function firstKeptMonth(now: number, keepMonths: number): string {
  const date = new Date(now);
  return monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - keepMonths + 1, 1));
}

/** A row as a line without its newline; `undefined` if it exceeds {@link lineLimit}. */
export function rowLine(row: Row): string | undefined {
  const line = JSON.stringify(row);
  return line.length <= lineLimit ? line : undefined;
}

export interface ParsedMonth {
  /** In the order of the file. */
  readonly rows: readonly Row[];
  /** Number of lines that are not valid rows. */
  readonly skipped: number;
  /** The file was written by a newer version of the extension, so nothing of it is read. */
  readonly isNewer: boolean;
}

/**
 * The rows of a file. Never throws. Skips and counts lines that are torn, spliced, too long or not rows, and rows before
 * 2015 or more than ten minutes after `now` (ms).
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

/** The rows by time. Of rows with the same time only the first is kept. */
export function sortedRows(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => a.t - b.t).filter((row, index, all) => row.t !== all[index - 1]?.t);
}

/** The JSON value of a line. Its type is wrong for a text or a number, whose members are read as missing. */
function parsed(line: string): Readonly<Record<string, unknown>> | null | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>> | null;
  } catch {
    return undefined;
  }
}

/** A checked row without the values that are out of range. `undefined` without a valid time and connection. */
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

/** More than any car charges or discharges with. */
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

/** The longest time between two readings (ms) in which the car still counts as observed. */
export function gapLimitMs(intervalMs: number): number {
  return Math.max(30 * minuteMs, Math.min(3 * intervalMs, dayMs / 8));
}

/** True if the car was not observed in (p, t]. This includes a row without a reading before it. */
export function isGap({ p, x }: Row): boolean {
  return x === 1 || p === undefined;
}

/**
 * The last time (ms) at which the state of `before` was observed, where `row` is the row after it. Lies between the two
 * rows, even if the clock was set in between.
 */
export function stateSeenUntil(before: Row, row: Row): number {
  return Math.max(before.t, Math.min(row.p ?? before.t, row.t));
}

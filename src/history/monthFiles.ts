import type { FileSize } from "../base/folder";
import { isCarId } from "./carIds";
import {
  carLimit,
  firstKeptMonth,
  folderLimit,
  headLine,
  monthEnd,
  monthFile,
  monthLimit,
  monthOf,
  monthOfFile,
  type ParsedMonth,
  parseMonth,
  rowLine,
} from "./rows";
import type { HistoryFolder } from "./historyFolder";
import type { Row } from "./model";

/** The folder is brought this far below its limit, so that it need not be measured at each row. */
const roomBytes = 1024 * 1024;
/** It is measured after so many rows of this window, which are shorter than the room together. */
const rowsToMeasure = 200;

/** Why a row was not written, although the folder can be used. */
export type Unwritten =
  /** The month or the list of cars has reached its bound. */
  | "full"
  /** The month was written by a newer version of the extension. */
  | "newer";

interface MonthSize extends FileSize {
  readonly id: string;
  readonly month: string;
}

/** The files of the history: one for each car and UTC month. All methods reject where the folder cannot be used. */
export class MonthFiles {
  /** The files that this window has looked into before it appended to them. */
  private readonly seen = new Map<string, "ours" | Unwritten>();
  private rowsSinceMeasured = Infinity;

  constructor(private readonly folder: HistoryFolder) {}

  /**
   * Appends a row to its month, and keeps the bounds. In a turn only. A row that is not `isMajor` is left out once the
   * month has reached its size; a month or a car more than there may be, always. Resolves with why it was not written.
   */
  async append(
    id: string,
    row: Row,
    options: { isMajor: boolean; keepMonths: number },
  ): Promise<Unwritten | undefined> {
    const line = rowLine(row);
    if (line === undefined) return "full";
    const name = monthFile(monthOf(row.t));
    const folder = this.folder.folder(id);
    const path = `${id}/${name}`;
    let kind = this.seen.get(path);
    if (kind === undefined) {
      const text = await folder.read(name);
      kind = text !== undefined && parseMonth(text, row.t).isNewer ? "newer" : "ours";
      if (text === undefined) this.rowsSinceMeasured = Infinity;
    }
    if (kind !== "ours") {
      this.seen.set(path, kind);
      return kind;
    }
    if (this.rowsSinceMeasured >= rowsToMeasure) {
      const cars = await this.keepBounds(row.t, options.keepMonths);
      if (!cars.has(id) && cars.size >= carLimit) {
        this.seen.set(path, "full");
        return "full";
      }
      this.rowsSinceMeasured = 0;
    }
    const limit = options.isMajor ? monthEnd : monthLimit;
    const isWritten = await folder.append(name, line, { head: headLine, limit });
    this.seen.set(path, "ours");
    this.rowsSinceMeasured++;
    return isWritten ? undefined : "full";
  }

  /** The months of a car, oldest first; none that is larger than what this extension writes. */
  async months(id: string): Promise<readonly string[]> {
    const files = await this.folder.folder(id).files();
    return files.flatMap(({ path, bytes }) => (bytes <= 2 * monthEnd ? (monthOfFile(path) ?? []) : [])).sort();
  }

  async read(id: string, month: string, now: number): Promise<ParsedMonth> {
    return parseMonth((await this.folder.folder(id).read(monthFile(month))) ?? "", now);
  }

  /** Whether there is no month of any car, configured or not. */
  async isEmpty(): Promise<boolean> {
    return (await this.sizes()).length === 0;
  }

  async remove(id: string): Promise<void> {
    await this.folder.folder(id).clear();
    this.forget();
  }

  /** Removes all cars; their ids stay the same. */
  async removeAll(): Promise<void> {
    const ids = new Set((await this.folder.files()).map(({ path }) => path.split("/")[0] ?? "").filter(isCarId));
    for (const id of ids) await this.folder.folder(id).clear();
    this.forget();
  }

  /** Removes everything, the salt of the ids as well. */
  async clear(): Promise<void> {
    await this.folder.clear();
    this.forget();
  }

  private forget(): void {
    this.seen.clear();
    this.rowsSinceMeasured = Infinity;
  }

  private async sizes(): Promise<readonly MonthSize[]> {
    return (await this.folder.files()).flatMap(({ path, bytes }) => {
      const [id = "", name = "", ...more] = path.split("/");
      const month = monthOfFile(name);
      return isCarId(id) && month !== undefined && more.length === 0 ? [{ path, bytes, id, month }] : [];
    });
  }

  /**
   * Removes the months that are older than `keepMonths`, then the oldest month of the largest car until all have room.
   * Files of a newer version stay. Resolves with the cars that there are.
   */
  private async keepBounds(now: number, keepMonths: number): Promise<ReadonlySet<string>> {
    let files = await this.sizes();
    const first = firstKeptMonth(now, keepMonths);
    const remove = async (file: MonthSize) => {
      const name = monthFile(file.month);
      const folder = this.folder.folder(file.id);
      files = files.filter((other) => other !== file);
      if ((await this.read(file.id, file.month, now)).isNewer) return;
      await folder.remove(name);
      this.seen.delete(file.path);
    };
    for (const file of files.filter(({ month }) => month < first)) await remove(file);
    for (;;) {
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const largest = largestCar(files);
      if (total <= folderLimit - roomBytes || !largest) return new Set(files.map(({ id }) => id));
      await remove(largest);
    }
  }
}

/** The oldest month of the car with the most bytes. */
function largestCar(files: readonly MonthSize[]): MonthSize | undefined {
  const bytes = new Map<string, number>();
  for (const file of files) bytes.set(file.id, (bytes.get(file.id) ?? 0) + file.bytes);
  const [id] = [...bytes].sort(([, a], [, b]) => b - a)[0] ?? [];
  return files.filter((file) => file.id === id).sort((a, b) => (a.month < b.month ? -1 : 1))[0];
}

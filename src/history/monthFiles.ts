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

/** Cleaning up frees this much below the limit, so that the folder is not measured at each row. */
const roomBytes = 1024 * 1024;
/** The folder is measured after this number of rows. Together they are smaller than {@link roomBytes}. */
const rowsToMeasure = 200;

/** Why a row was not written although the folder can be used. */
export type Unwritten =
  /** The month has reached its size limit, or the folder its number of cars. */
  | "full"
  /** The month was written by a newer version of the extension. */
  | "newer";

interface MonthSize extends FileSize {
  readonly id: string;
  readonly month: string;
}

/** The files of the history: one for each car and UTC month. All methods reject if the folder cannot be used. */
export class MonthFiles {
  /** The files that this window has checked before appending to them, by path. */
  private readonly checkedFiles = new Map<string, "ours" | Unwritten>();
  private rowsSinceMeasured = Infinity;

  constructor(private readonly folder: HistoryFolder) {}

  /**
   * Appends a row to its month, and keeps the limits. In a turn only. A row that is not `isMajor` is left out once the
   * month has reached {@link monthLimit}. Every row is left out once the month has reached {@link monthEnd}, and for a new
   * car once there are {@link carLimit} cars. Resolves with the reason if the row was not written.
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
    let kind = this.checkedFiles.get(path);
    if (kind === undefined) {
      const text = await folder.read(name);
      kind = text !== undefined && parseMonth(text, row.t).isNewer ? "newer" : "ours";
      if (text === undefined) this.rowsSinceMeasured = Infinity;
    }
    if (kind !== "ours") {
      this.checkedFiles.set(path, kind);
      return kind;
    }
    if (this.rowsSinceMeasured >= rowsToMeasure) {
      const cars = await this.keepBounds(row.t, options.keepMonths);
      if (!cars.has(id) && cars.size >= carLimit) {
        this.checkedFiles.set(path, "full");
        return "full";
      }
      this.rowsSinceMeasured = 0;
    }
    const limit = options.isMajor ? monthEnd : monthLimit;
    const isWritten = await folder.append(name, line, { head: headLine, limit });
    this.checkedFiles.set(path, "ours");
    this.rowsSinceMeasured++;
    return isWritten ? undefined : "full";
  }

  /** The months of a car, oldest first, without files that are too large to be written by this extension. */
  async months(id: string): Promise<readonly string[]> {
    const files = await this.folder.folder(id).files();
    return files.flatMap(({ path, bytes }) => (bytes <= 2 * monthEnd ? (monthOfFile(path) ?? []) : [])).sort();
  }

  async read(id: string, month: string, now: number): Promise<ParsedMonth> {
    return parseMonth((await this.folder.folder(id).read(monthFile(month))) ?? "", now);
  }

  /** True if there is no month of any car, configured or not. */
  async isEmpty(): Promise<boolean> {
    return (await this.sizes()).length === 0;
  }

  async remove(id: string): Promise<void> {
    await this.folder.folder(id).clear();
    this.forget();
  }

  /** Removes the files of all cars, but not the salt of their ids. */
  async removeAll(): Promise<void> {
    const ids = new Set((await this.folder.files()).map(({ path }) => path.split("/")[0] ?? "").filter(isCarId));
    for (const id of ids) await this.folder.folder(id).clear();
    this.forget();
  }

  /** Removes everything, including the salt of the ids. */
  async clear(): Promise<void> {
    await this.folder.clear();
    this.forget();
  }

  private forget(): void {
    this.checkedFiles.clear();
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
   * Removes the months that are older than `keepMonths`, then the oldest month of the largest car until the folder is
   * small enough. Files of a newer version stay. Resolves with the ids of the remaining cars.
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
      this.checkedFiles.delete(file.path);
    };
    for (const file of files.filter(({ month }) => month < first)) await remove(file);
    for (;;) {
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const next = oldestMonthOfLargestCar(files);
      if (total <= folderLimit - roomBytes || !next) return new Set(files.map(({ id }) => id));
      await remove(next);
    }
  }
}

function oldestMonthOfLargestCar(files: readonly MonthSize[]): MonthSize | undefined {
  const bytes = new Map<string, number>();
  for (const file of files) bytes.set(file.id, (bytes.get(file.id) ?? 0) + file.bytes);
  const [id] = [...bytes].sort(([, a], [, b]) => b - a)[0] ?? [];
  return files.filter((file) => file.id === id).sort((a, b) => (a.month < b.month ? -1 : 1))[0];
}

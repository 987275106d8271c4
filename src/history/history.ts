import { type Clock, hourMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import { errorText, type Logger } from "../base/log";
import type { Turn } from "../base/turn";
import type { Car } from "../charging/car";
import type { CarStore } from "../charging/carStore";
import type { Recorded } from "../charging/recorded";
import type { Vin } from "../charging/vin";
import type { HistoryFolder } from "./historyFolder";
import { carIdOf, CarIds } from "./carIds";
import { observedFinish } from "./finishTime";
import type { CarHistory, HistoryContext, HistorySource, Row, Session } from "./model";
import { MonthFiles, type Unwritten } from "./monthFiles";
import { judge } from "./record";
import { gapLimitMs, monthOf, sortedRows } from "./rows";
import { lastChargeOf, sessionsOf } from "./sessions";

export interface HistoryPorts {
  /** That of the history, with a time limit for each call. */
  readonly folder: HistoryFolder;
  readonly carStore: CarStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: () => HistorySettings;
  /** The capacity in the settings, kWh. */
  readonly capacityOf: (vin: Vin) => number | undefined;
}

export interface HistorySettings {
  readonly isEnabled: boolean;
  /** The current month included. */
  readonly keepMonths: number;
}

/** After a failure of the disk nothing is recorded for so long. */
const pauseMs = hourMs;
/** A charge that is longer ago is looked for in the panel. */
const monthsForLastCharge = 3;

/** The rows of a car that the view of all cars needs: those of its last charge, and what came after it. */
interface Recent {
  readonly rows: readonly Row[];
  /** The time of the last row in the shared state when these rows were read (ms). */
  readonly rowAt: number | undefined;
}

/** What a check has added to the history of a car. */
interface Recording {
  readonly vin: Vin;
  readonly recorded: Recorded;
  /** Absent where the reading was worth none. */
  readonly row?: Row;
}

/** What is known of the history as such, for diagnostics. */
export interface HistoryReport {
  readonly cars: readonly {
    readonly vin: Vin;
    readonly rows: number;
    readonly skipped: number;
    readonly newer: number;
  }[];
  /** The ids of cars are lost although there is history, so that nothing can be recorded. */
  readonly isSaltLost: boolean;
  /** Until when nothing is recorded after a failure of the disk (ms). */
  readonly pausedUntil: number | undefined;
  /** The folder could not be read. */
  readonly failure: string | undefined;
}

/**
 * The history of all cars: a row for each change, written by the window that has the turn, and read by all. What it
 * cannot write or read is said in the log and stops nothing else.
 */
export class History implements HistorySource, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  /** What {@link hasHistory}, {@link lastCharge}, {@link observedFinish} or {@link idOf} say may have changed. */
  readonly onDidChange = this.changed.event;
  private readonly ids: CarIds;
  private readonly windowSalt = crypto.randomUUID();
  private readonly files: MonthFiles;
  private readonly recent = new Map<Vin, Recent>();
  private readonly cached = new Map<
    Vin,
    { readonly key: string; readonly rows: readonly Row[]; readonly session: Session | undefined }
  >();
  private readonly told = new Set<string>();
  private loading: Promise<void> | undefined;
  private isStored = false;
  private isSaltLost = false;
  private pausedUntil: number | undefined;

  constructor(private readonly ports: HistoryPorts) {
    this.ids = new CarIds(ports.folder);
    this.files = new MonthFiles(ports.folder);
  }

  /** Reads what the cars need, now and whenever another window has written a row. */
  start(): void {
    this.store.add(this.ports.carStore.onDidChange(() => this.loadChanged()));
    this.loadChanged();
  }

  /** The id of a car, 16 hex digits; `undefined` until a window has asked for the first time. */
  idOf(vin: Vin): string | undefined {
    return this.ids.idOf(vin);
  }

  /**
   * The ids of cars for other programs. Never rejects: until a window has asked for the first time, and where the ids
   * cannot be read, they are good for this window only.
   */
  async carIds(): Promise<(vin: Vin) => string> {
    await this.ids.load().catch(() => undefined);
    return (vin) => this.idOf(vin) ?? carIdOf(this.windowSalt, vin);
  }

  /** Whether there is history of any car, configured or not. */
  get hasHistory(): boolean {
    return this.isStored;
  }

  /** Whether something was recorded of this car within the last three months. */
  hasRows(vin: Vin): boolean {
    return (this.recent.get(vin)?.rows.length ?? 0) > 0;
  }

  /** The last session in which the car was charged, of the last three months. */
  lastCharge(vin: Vin): Session | undefined {
    const { rows } = this.recent.get(vin) ?? {};
    if (!rows) return undefined;
    const context = this.contextOf(this.ports.carStore.car(vin), vin);
    const key = `${context.batteryKwh ?? ""} ${context.observedUntil ?? ""}`;
    const cached = this.cached.get(vin);
    if (cached?.rows === rows && cached.key === key) return cached.session;
    const session = lastChargeOf(sessionsOf(rows, context));
    this.cached.set(vin, { key, rows, session });
    return session;
  }

  /** When the car reaches its target at the rate of the last half hour (ms), while it charges. */
  observedFinish(vin: Vin): number | undefined {
    return observedFinish(this.recent.get(vin)?.rows ?? [], this.ports.clock.now());
  }

  /**
   * Writes a row of each of these cars whose reading is worth one, in `turn`. `intervalMs` is the time between two checks
   * that is in force. Never rejects.
   */
  async record(
    turn: Pick<Turn, "isExclusive" | "isHeldRecently">,
    vins: readonly Vin[],
    intervalMs: number,
  ): Promise<void> {
    if (!turn.isExclusive) return;
    const recordings: Recording[] = [];
    try {
      if (!this.ids.areKnown) await this.ensureIds();
      const { isEnabled } = this.ports.settings();
      if (!isEnabled || this.isPaused) return;
      for (const vin of vins) {
        const car = this.ports.carStore.car(vin);
        const recording = car && (await this.recordCar(turn, car, intervalMs));
        if (recording) recordings.push(recording);
      }
    } catch (error) {
      const now = this.ports.clock.now();
      this.pausedUntil = now + pauseMs;
      this.ports.log.warn(`The history cannot be written, and is tried again in an hour: ${errorText(error)}`);
    }
    this.recorded(recordings);
  }

  async read(): Promise<readonly CarHistory[]> {
    await this.ids.load().catch(() => undefined);
    const cars: CarHistory[] = [];
    for (const car of this.ports.carStore.current.cars) {
      try {
        cars.push(await this.readCar(car));
      } catch (error) {
        this.ports.log.warn(`The history of a car cannot be read: ${errorText(error)}`);
        cars.push(noHistory(this.idOf(car.vin)));
      }
    }
    return cars;
  }

  /** Says what the history holds, and what of it cannot be read. Never rejects. */
  async report(): Promise<HistoryReport> {
    let failure: string | undefined;
    try {
      await this.ids.load();
      await this.ports.folder.files();
    } catch (error) {
      failure = errorText(error);
    }
    const histories = failure === undefined ? await this.read() : [];
    const cars = this.ports.carStore.current.cars.map(({ vin }, index) => {
      const { rows = [], skippedLines = 0, newerMonths = [] } = histories[index] ?? {};
      return { vin, rows: rows.length, skipped: skippedLines, newer: newerMonths.length };
    });
    return { cars, isSaltLost: this.isSaltLost, pausedUntil: this.isPaused ? this.pausedUntil : undefined, failure };
  }

  /** Deletes the history of these cars, in a turn. Rejects where it cannot be deleted. */
  async delete(vins: readonly Vin[]): Promise<void> {
    await this.ids.load();
    for (const vin of vins) {
      const id = this.idOf(vin);
      if (id !== undefined) await this.files.remove(id);
      this.ports.carStore.recorded(new Map([[vin, undefined]]));
      this.recent.delete(vin);
    }
    this.isStored = !(await this.files.isEmpty());
    this.changed.fire();
  }

  /** Deletes the history of all cars, also of those that are not configured, in a turn. Rejects where it cannot be deleted. */
  async deleteAll(): Promise<void> {
    await this.files.removeAll();
    this.forgotten();
  }

  /** Deletes all history and what the ids of the cars are made from, in a turn. Rejects where it cannot be deleted. */
  async forget(): Promise<void> {
    await this.files.clear();
    this.ids.forget();
    this.forgotten();
  }

  dispose(): void {
    this.store.dispose();
  }

  private forgotten(): void {
    this.ports.carStore.forgetRecorded();
    this.recent.clear();
    this.isSaltLost = false;
    this.isStored = false;
    this.changed.fire();
  }

  private get isPaused(): boolean {
    const leftMs = (this.pausedUntil ?? 0) - this.ports.clock.now();
    // A time further ahead is of a clock that has been set back.
    return leftMs > 0 && leftMs <= pauseMs;
  }

  private async ensureIds(): Promise<void> {
    if (await this.ids.ensure()) {
      this.changed.fire();
      return;
    }
    this.isSaltLost = true;
    this.tellOnce(
      "salt",
      "The file that names the cars in the history is lost, so nothing is recorded until it is deleted",
    );
  }

  /** Writes the row that the car's reading is worth, if any. `undefined` where the history says what it did before. */
  private async recordCar(
    turn: Pick<Turn, "isHeldRecently">,
    car: Car,
    intervalMs: number,
  ): Promise<Recording | undefined> {
    const { vin, reading } = car;
    const id = this.idOf(vin);
    const last = car.recorded ?? recordedIn(this.recent.get(vin)?.rows ?? []);
    if (!reading || id === undefined || reading.fetchedAt === last?.seenAt) return undefined;
    const { row, isMajor, recorded } = judge(last, reading, gapLimitMs(intervalMs));
    if (!row) return { vin, recorded };
    if (!(await turn.isHeldRecently())) return undefined;
    const { keepMonths } = this.ports.settings();
    const unwritten = await this.files.append(id, row, { isMajor, keepMonths });
    if (!unwritten) return { vin, recorded, row };
    this.tellUnwritten(id, unwritten);
    // A level that there is no room for is not tried again at each check.
    return !isMajor && unwritten === "full"
      ? { vin, recorded: { ...recorded, rowAt: last?.rowAt ?? row.t } }
      : undefined;
  }

  /** Takes over what was recorded of the cars, all at once: each change of the car store is painted. */
  private recorded(recordings: readonly Recording[]): void {
    if (recordings.length === 0) return;
    for (const { vin, row } of recordings) {
      if (!row) continue;
      const { rows = [] } = this.recent.get(vin) ?? {};
      this.recent.set(vin, { rows: fromLastCharge(sortedRows([...rows, row]), row.t), rowAt: row.t });
      this.isStored = true;
    }
    this.ports.carStore.recorded(new Map(recordings.map(({ vin, recorded }) => [vin, recorded])));
    if (recordings.some(({ row }) => row)) this.changed.fire();
  }

  private tellUnwritten(id: string, unwritten: Unwritten): void {
    const why =
      unwritten === "newer"
        ? "A newer version of the extension has written this month of the history, so nothing is added to it"
        : "The history has no room for more of this car in this month";
    this.tellOnce(`${unwritten} ${id}`, why);
  }

  private tellOnce(what: string, text: string): void {
    if (this.told.has(what)) return;
    this.told.add(what);
    this.ports.log.warn(text);
  }

  /** Reads the cars of which another window has written a row, one after the other. */
  private loadChanged(): void {
    this.loading ??= this.load().finally(() => (this.loading = undefined));
  }

  private async load(): Promise<void> {
    const isOutdated = ({ vin, recorded }: Car) => {
      const recent = this.recent.get(vin);
      return !recent || recent.rowAt !== recorded?.rowAt;
    };
    for (;;) {
      const car = this.ports.carStore.current.cars.find(isOutdated);
      if (!car || this.store.isDisposed) return;
      const before = this.recent.get(car.vin);
      let rows: readonly Row[] = before?.rows ?? [];
      try {
        if (this.recent.size === 0) this.isStored = !(await this.files.isEmpty());
        await this.ids.load();
        rows = await this.recentRows(car, rows);
      } catch (error) {
        this.ports.log.debug(`The history of a car cannot be read: ${errorText(error)}`);
      }
      // This window may have written a row, or deleted all, meanwhile.
      if (this.recent.get(car.vin) !== before) continue;
      this.recent.set(car.vin, { rows, rowAt: car.recorded?.rowAt });
      if (rows.length > 0) this.isStored = true;
      this.changed.fire();
    }
  }

  /** From the last charge on; `known` is what was read before, to which rows were added since. */
  private async recentRows({ vin, recorded }: Car, known: readonly Row[]): Promise<readonly Row[]> {
    const id = this.idOf(vin);
    if (id === undefined) return [];
    const now = this.ports.clock.now();
    const months = (await this.files.months(id)).slice(-monthsForLastCharge).reverse();
    // Where the history was deleted nothing is known any more.
    const last = recorded ? known.at(-1) : undefined;
    let rows: readonly Row[] = last ? known : [];
    for (const month of last ? months.filter((each) => each >= monthOf(last.t)) : months) {
      const read = await this.files.read(id, month, now);
      rows = sortedRows([...read.rows, ...rows]);
      const trimmed = fromLastCharge(rows, now);
      if (!last && trimmed.length < rows.length) return trimmed;
    }
    return fromLastCharge(rows, now);
  }

  private async readCar({ vin, ...car }: Car): Promise<CarHistory> {
    const id = this.idOf(vin);
    if (id === undefined) return noHistory(id);
    const now = this.ports.clock.now();
    const rows: Row[] = [];
    const newerMonths: string[] = [];
    let skippedLines = 0;
    for (const month of await this.files.months(id)) {
      const read = await this.files.read(id, month, now);
      for (const row of read.rows) rows.push(row);
      skippedLines += read.skipped;
      if (read.isNewer) newerMonths.push(month);
    }
    const sorted = sortedRows(rows);
    const context = this.contextOf(car, vin);
    const [first] = sorted;
    return {
      id,
      ...(first && { keptSince: first.t }),
      ...(context.observedUntil !== undefined && { observedUntil: context.observedUntil }),
      rows: sorted,
      sessions: sessionsOf(sorted, context),
      skippedLines,
      newerMonths,
    };
  }

  private contextOf(car: Pick<Car, "recorded" | "model"> | undefined, vin: Vin): HistoryContext {
    const batteryKwh = this.ports.capacityOf(vin) ?? car?.model?.batteryKwh;
    const observedUntil = car?.recorded?.seenAt;
    return {
      now: this.ports.clock.now(),
      ...(observedUntil !== undefined && { observedUntil }),
      ...(batteryKwh !== undefined && { batteryKwh }),
    };
  }
}

function noHistory(id: string | undefined): CarHistory {
  return { id: id ?? "", rows: [], sessions: [], skippedLines: 0, newerMonths: [] };
}

/** The last charge, the unplugged car before it, and everything after it. */
function fromLastCharge(rows: readonly Row[], now: number): readonly Row[] {
  const charge = lastChargeOf(sessionsOf(rows, { now }));
  if (!charge || charge.isAfterUnseenUnplug) return rows;
  const before = rows.findLastIndex(({ t, c }) => t < charge.start.latest && c === "out");
  return rows.slice(Math.max(0, before));
}

/** What the rows say where the windows have lost what they know alike. */
function recordedIn(rows: readonly Row[]): Recorded | undefined {
  const last = rows.at(-1);
  if (!last) return undefined;
  const { t, c, s, b, g, w } = last;
  return {
    ...{ rowAt: t, seenAt: t, connection: c },
    ...(s !== undefined && { status: s }),
    ...(b !== undefined && { level: b }),
    ...(g !== undefined && { target: g }),
    ...(w !== undefined && { power: w }),
  };
}

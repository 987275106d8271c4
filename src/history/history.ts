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
  /** The history folder, with a time limit for each call. */
  readonly folder: HistoryFolder;
  readonly carStore: CarStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: () => HistorySettings;
  /** The battery capacity in the settings, kWh. */
  readonly capacityOf: (vin: Vin) => number | undefined;
}

export interface HistorySettings {
  readonly isEnabled: boolean;
  /** Includes the current month. */
  readonly keepMonths: number;
}

/** After a failure of the disk, nothing is recorded for this time. */
const pauseMs = hourMs;
/** An older charge is shown in the panel only. */
const monthsForLastCharge = 3;

/** The rows that the tree view needs of a car: from its last charge on. */
interface Recent {
  readonly rows: readonly Row[];
  /** The time of the last row in the shared state when these rows were read (ms). */
  readonly rowAt: number | undefined;
}

/** The addition of a check to the history of a car. */
interface Recording {
  readonly vin: Vin;
  readonly recorded: Recorded;
  /** Absent if the reading was not worth a row. */
  readonly row?: Row;
}

/** The state of the history, for diagnostics. */
export interface HistoryReport {
  readonly cars: readonly {
    readonly vin: Vin;
    readonly rows: number;
    readonly skipped: number;
    readonly newer: number;
  }[];
  /** The salt of the ids is lost although there is history, so nothing can be recorded. */
  readonly isSaltLost: boolean;
  /** Nothing is recorded until this time (ms), after a failure of the disk. */
  readonly pausedUntil: number | undefined;
  /** The error if the folder could not be read. */
  readonly failure: string | undefined;
}

/**
 * The history of all cars: a row for each change, written by the window that has the turn and read by all windows. A
 * failure to read or write is logged and stops nothing else.
 */
export class History implements HistorySource, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  /** Fires when {@link hasHistory}, {@link lastCharge}, {@link observedFinish} or {@link idOf} may have changed. */
  readonly onDidChange = this.changed.event;
  private readonly ids: CarIds;
  private readonly windowSalt = crypto.randomUUID();
  private readonly files: MonthFiles;
  private readonly recent = new Map<Vin, Recent>();
  private readonly lastCharges = new Map<
    Vin,
    { readonly key: string; readonly rows: readonly Row[]; readonly session: Session | undefined }
  >();
  private readonly loggedWarnings = new Set<string>();
  private loading: Promise<void> | undefined;
  private isStored = false;
  private isSaltLost = false;
  private pausedUntil: number | undefined;

  constructor(private readonly ports: HistoryPorts) {
    this.ids = new CarIds(ports.folder);
    this.files = new MonthFiles(ports.folder);
  }

  /** Reads the recent rows of the cars, now and whenever another window has written a row. */
  start(): void {
    this.store.add(this.ports.carStore.onDidChange(() => this.loadChanged()));
    this.loadChanged();
  }

  /** The id of a car, 16 hex digits; `undefined` until a window has made the first check. */
  idOf(vin: Vin): string | undefined {
    return this.ids.idOf(vin);
  }

  /**
   * The ids of cars for other programs. Never rejects. Until a window has made the first check, and if the salt cannot be
   * read, the ids are valid in this window only.
   */
  async carIds(): Promise<(vin: Vin) => string> {
    await this.ids.load().catch(() => undefined);
    return (vin) => this.idOf(vin) ?? carIdOf(this.windowSalt, vin);
  }

  /** True if there is history of any car, configured or not. */
  get hasHistory(): boolean {
    return this.isStored;
  }

  /** True if there are rows of this car within the last three months. */
  hasRows(vin: Vin): boolean {
    return (this.recent.get(vin)?.rows.length ?? 0) > 0;
  }

  /** The last session within three months in which the car charged. */
  lastCharge(vin: Vin): Session | undefined {
    const { rows } = this.recent.get(vin) ?? {};
    if (!rows) return undefined;
    const context = this.contextOf(this.ports.carStore.car(vin), vin);
    const key = `${context.batteryKwh ?? ""} ${context.observedUntil ?? ""}`;
    const cached = this.lastCharges.get(vin);
    if (cached?.rows === rows && cached.key === key) return cached.session;
    const session = lastChargeOf(sessionsOf(rows, context));
    this.lastCharges.set(vin, { key, rows, session });
    return session;
  }

  /** The time (ms) at which a charging car reaches its target at the rate of the last half hour. */
  observedFinish(vin: Vin): number | undefined {
    return observedFinish(this.recent.get(vin)?.rows ?? [], this.ports.clock.now());
  }

  /**
   * Writes a row for each of these cars whose reading is worth one, in `turn`. `intervalMs` is the current time between
   * two checks. Never rejects.
   */
  async record(
    turn: Pick<Turn, "isExclusive" | "isHeldRecently">,
    vins: readonly Vin[],
    intervalMs: number,
  ): Promise<void> {
    if (!turn.isExclusive || this.isPaused) return;
    const recordings: Recording[] = [];
    try {
      if (!this.ids.areKnown) await this.ensureIds();
      if (!this.ports.settings().isEnabled) return;
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
    this.publish(recordings);
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

  /** The size of the history, and the failures. Never rejects. */
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

  /** Deletes the history of these cars, in a turn. Rejects if it cannot be deleted. */
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

  /** Deletes the history of all cars, configured or not, in a turn. Rejects if it cannot be deleted. */
  async deleteAll(): Promise<void> {
    await this.files.removeAll();
    this.forgotten();
  }

  /** Deletes all history and the salt of the ids, in a turn. Rejects if they cannot be deleted. */
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
    // A longer rest means that the clock was set back.
    return leftMs > 0 && leftMs <= pauseMs;
  }

  private async ensureIds(): Promise<void> {
    if (await this.ids.ensure()) {
      this.changed.fire();
      return;
    }
    this.isSaltLost = true;
    this.warnOnce(
      "salt",
      "The file that names the cars in the history is lost, so nothing is recorded until it is deleted",
    );
  }

  /** Writes a row if the car's reading is worth one. `undefined` if nothing is to be published. */
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
    this.warnUnwritten(id, unwritten);
    // A minor row that has no room is not tried again at each check.
    return !isMajor && unwritten === "full"
      ? { vin, recorded: { ...recorded, rowAt: last?.rowAt ?? row.t } }
      : undefined;
  }

  /** Publishes the recordings of a check all at once, because each change of the car store repaints the window. */
  private publish(recordings: readonly Recording[]): void {
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

  private warnUnwritten(id: string, unwritten: Unwritten): void {
    const reason =
      unwritten === "newer"
        ? "A newer version of the extension has written this month of the history, so nothing is added to it"
        : "The history has no room for more of this car in this month";
    this.warnOnce(`${unwritten} ${id}`, reason);
  }

  private warnOnce(what: string, text: string): void {
    if (this.loggedWarnings.has(what)) return;
    this.loggedWarnings.add(what);
    this.ports.log.warn(text);
  }

  /** Reads the cars for which another window has written a row, one after the other. */
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
        await this.ids.load();
        rows = await this.recentRows(car, rows);
        // Another window may have deleted the rows, and other cars or older months may have some.
        if (rows.length === 0 && (this.recent.size === 0 || before?.rows.length))
          this.isStored = !(await this.files.isEmpty());
      } catch (error) {
        this.ports.log.debug(`The history of a car cannot be read: ${errorText(error)}`);
      }
      // This window may have written a row or deleted the history in the meantime.
      if (this.recent.get(car.vin) !== before) continue;
      this.recent.set(car.vin, { rows, rowAt: car.recorded?.rowAt });
      if (rows.length > 0) this.isStored = true;
      this.changed.fire();
    }
  }

  /** The rows from the last charge on. `known` are the rows read before; only the months from their last row on are read. */
  private async recentRows({ vin, recorded }: Car, known: readonly Row[]): Promise<readonly Row[]> {
    const id = this.idOf(vin);
    if (id === undefined) return [];
    const now = this.ports.clock.now();
    const months = (await this.files.months(id)).slice(-monthsForLastCharge).reverse();
    // If the history was deleted, the known rows are outdated.
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

/** The rows from the last charge on, and the last row before it in which the car was unplugged. */
function fromLastCharge(rows: readonly Row[], now: number): readonly Row[] {
  const charge = lastChargeOf(sessionsOf(rows, { now }));
  if (!charge || charge.isAfterUnseenUnplug) return rows;
  const before = rows.findLastIndex(({ t, c }) => t < charge.start.latest && c === "out");
  return rows.slice(Math.max(0, before));
}

/** The last recorded values by the rows, for when the shared state is lost. */
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

import { type Clock, clockToleranceMs, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { Throttle } from "../base/throttle";
import type { Turn } from "../base/turn";
import type { CarStore } from "../charging/carStore";
import { callsToday, withCalls } from "../charging/quota";
import { CarKeys, type KeyOf } from "./carKeys";
import { FolderError } from "./limitedFolder";
import { OldFiles } from "./oldFiles";
import { readState, resolveState, type OtherCars, writeState } from "./stateFile";
import { isHalfWritten, stateFile, turnOf, turnsOf } from "./stateFileNames";

export interface SharedStatePorts {
  readonly folder: StateFolder;
  readonly carStore: CarStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The state of a newer version is never replaced. */
export function newerVersionError(): Error {
  return new Error("A newer version of the extension has written the state of the windows");
}

/** Answers that arrive within this time are written together. */
const gatherMs = secondMs / 4;
/** File systems report one change in several events. */
const lookGapMs = secondMs / 20;

/** A turn of this window, with what its end needs. */
interface CurrentTurn {
  readonly turn: Turn;
  /** The files that the first write of an exclusive turn replaces. */
  replacedFiles: readonly string[];
  /** An exclusive turn has changes to write. */
  isDirty: boolean;
  /** The calls of the day before a turn that is not exclusive. */
  callsBefore: number;
}

/**
 * The state that all windows share, as a file. Each window reads what the others have written, and writes in its turns.
 * The file is named after the turn, and the highest number counts. A window that resumes an interrupted write therefore
 * cannot replace newer state, and no comparison is needed before a write.
 */
export class SharedState implements Disposable {
  private readonly store = new DisposableStore();
  private readonly adopted = this.store.add(new Emitter<void>());
  /** Fires after this window has adopted a state that another one has written. */
  readonly onDidAdopt = this.adopted.event;
  private readonly lost = this.store.add(new Emitter<void>());
  /** Fires when a turn finds that the state was deleted. */
  readonly onDidLose = this.lost.event;
  private readonly keys: CarKeys;
  private readonly oldFiles: OldFiles;
  private readonly lookThrottle: Throttle;
  /** The watcher of the folder, and the version of the folder at the last look. */
  private following: { version: string | undefined; watcher: Disposable | undefined } | undefined;
  private otherCars: OtherCars = {};
  /** The text that was read or written last. */
  private lastText: string | undefined;
  /** The number of the last turn in which this window has written. */
  private writtenNumber = 0;
  private keyOf: KeyOf | undefined;
  private current: CurrentTurn | undefined;
  /** Calls that this window made without the shared folder, and that no file counts so far. */
  private callsAlone = 0;
  private timer: Disposable | undefined;
  private writing: Promise<unknown> = Promise.resolve();
  private hasReportedDamage = false;

  constructor(private readonly ports: SharedStatePorts) {
    const { clock, carStore, folder } = ports;
    this.keys = new CarKeys(folder);
    this.oldFiles = new OldFiles(folder, clock);
    this.lookThrottle = this.store.add(new Throttle(clock, lookGapMs, async () => void (await this.look())));
    this.store.add(carStore.onDidChange(() => this.changed()));
  }

  /**
   * Watches the folder, and reads the state if the folder has changed since the last look. To be called regularly, since
   * not every file system reports changes. Never rejects.
   */
  async follow(): Promise<void> {
    const { folder } = this.ports;
    const following = (this.following ??= { version: undefined, watcher: undefined });
    const version = await folder.version("").catch(() => undefined);
    if (this.following !== following || (version !== undefined && following.version === version)) return;
    // The folder may have been replaced, and the watcher sees only the old one.
    following.watcher?.dispose();
    following.watcher = folder.watch(() => this.lookThrottle.ask());
    following.version = version;
    if (!(await this.look())) following.version = undefined;
  }

  /** Stops watching. */
  unfollow(): void {
    this.following?.watcher?.dispose();
    this.following = undefined;
  }

  /** Reads the state, unless this window has a turn. Resolves with `false` if the folder cannot be read. */
  async look(): Promise<boolean> {
    const isBetweenTurns = () => this.current === undefined;
    if (!isBetweenTurns()) return true;
    try {
      const files = await this.ports.folder.list();
      if (isBetweenTurns()) await this.read(files);
      return true;
    } catch (error) {
      this.ports.log.debug(`The shared state could not be read: ${errorText(error)}`);
      return false;
    }
  }

  /** Reads the state that the previous turn left. Rejects if the folder cannot be used. */
  async begin(turn: Turn): Promise<void> {
    const { folder, carStore } = this.ports;
    const current: CurrentTurn = { turn, replacedFiles: [], isDirty: false, callsBefore: 0 };
    this.current = current;
    if (!turn.isExclusive) {
      // The state of a newer version is never replaced, even if the folder becomes usable again.
      if (carStore.current.sharing !== "newer") carStore.sharingChanged("alone");
      this.recover(turn);
      current.callsBefore = this.calls();
      return;
    }
    try {
      const files = await folder.list();
      const own = stateFile(turn.number);
      current.replacedFiles = files.filter(
        (file) => (turnOf(file) !== undefined && file !== own) || isHalfWritten(file),
      );
      await this.read(files);
      await this.oldFiles.removeFrom(files);
    } catch (error) {
      this.current = undefined;
      throw error;
    }
    if (carStore.current.sharing === "alone") carStore.sharingChanged("shared");
    // Times from before the clock was set back must not reach the file.
    carStore.dropTimesAhead(this.ports.clock.now());
    this.clearTimer();
    current.isDirty = false;
    this.recover(turn);
  }

  private calls(): number {
    const { carStore, clock } = this.ports;
    return callsToday(carStore.current.account.calls, clock.now());
  }

  /** Handles cars that the previous turn left in `checking`: its window was killed or lost the lock. */
  private recover(turn: Turn): void {
    const now = this.ports.clock.now();
    this.ports.carStore.recovered(now, turn.tookOver ? now : undefined);
  }

  /**
   * Resolves once the file has the present state. The files that it replaces are removed after that. Rejects if the
   * folder cannot be used.
   */
  write(): Promise<void> {
    this.clearTimer();
    const replaced = this.writing.then(() => this.writeNow());
    this.writing = replaced.then(
      // A folder with the name of a state file cannot be removed and is harmless.
      (files) => Promise.allSettled(files.map((file) => this.ports.folder.remove(file))),
      () => undefined,
    );
    return replaced.then(() => undefined);
  }

  /** Writes the changes of `turn`, which is over. A lost turn writes nothing. Never rejects. */
  async end(turn: Turn, isHeld: boolean): Promise<void> {
    const { current } = this;
    // The next turn of this window may have begun.
    if (current?.turn !== turn) return;
    // The day may have changed in between.
    if (!turn.isExclusive) this.callsAlone += Math.max(0, this.calls() - current.callsBefore);
    try {
      if (current.isDirty && isHeld) await this.write();
    } catch (error) {
      this.ports.log.warn(`The shared state could not be written: ${errorText(error)}`);
    }
    this.clearTimer();
    await this.writing;
    if (this.current !== current) return;
    this.current = undefined;
    if (isHeld) return;
    // Another window has the turn by now, and its state is newer.
    this.lastText = undefined;
    this.writtenNumber = 0;
    await this.look();
  }

  /**
   * Deletes everything about cars from this window and the state, in a turn. Rejects if the folder cannot be used, also
   * after this window has forgotten its cars, and if a newer version has written the state, which stays as it is.
   */
  async forget(): Promise<void> {
    if (this.ports.carStore.current.sharing === "newer") throw newerVersionError();
    this.otherCars = {};
    this.ports.carStore.forgetAll(this.ports.clock.now());
    await this.keys.forget();
    if (!this.current?.turn.isExclusive) throw new FolderError("The shared state cannot be replaced");
    await this.write();
    await this.writing;
  }

  /** Gives cars that were just configured their records from the state. */
  recall(): void {
    const { keyOf } = this;
    if (!keyOf) return;
    const found = this.ports.carStore.current.cars.flatMap(({ vin }) => {
      const record = this.otherCars[keyOf(vin)];
      return record ? [{ ...record, vin }] : [];
    });
    if (found.length === 0) return;
    const known = new Set(found.map(({ vin }) => keyOf(vin)));
    this.otherCars = Object.fromEntries(Object.entries(this.otherCars).filter(([key]) => !known.has(key)));
    this.ports.carStore.recall(found);
  }

  dispose(): void {
    this.unfollow();
    this.clearTimer();
    this.store.dispose();
  }

  private changed(): void {
    if (!this.current?.turn.isExclusive) return;
    this.current.isDirty = true;
    this.timer ??= this.ports.clock.after(gatherMs, () => {
      this.write().catch(() => undefined);
    });
  }

  private async read(files: readonly string[]): Promise<void> {
    const numbers = turnsOf(files);
    // In a new folder the numbers start over, and another window may use the same one.
    if (!numbers.includes(this.writtenNumber)) this.writtenNumber = 0;
    for (const number of numbers) {
      // Only this window has written this file, so nothing in it is newer.
      if (number === this.writtenNumber) return;
      const text = await this.ports.folder.read(stateFile(number));
      if (text === undefined) continue;
      if (text !== this.lastText) await this.adopt(text);
      this.lastText = text;
      return;
    }
    if (!this.current || this.lastText === undefined) return;
    this.lastText = undefined;
    this.lost.fire();
  }

  private async adopt(text: string): Promise<void> {
    const { carStore, clock, log } = this.ports;
    const reading = readState(text);
    if (reading.kind === "newer") {
      carStore.sharingChanged("newer");
      return;
    }
    if (reading.kind === "damaged") {
      if (!this.hasReportedDamage) log.warn("The shared state is damaged. The next write replaces it");
      this.hasReportedDamage = true;
      return;
    }
    const { file } = reading;
    const keys = await this.keys.withId(file.keys);
    const vins = [...carStore.current.cars, ...carStore.shared.cars].map(({ vin }) => vin);
    const { state, otherCars } = resolveState(file, [...new Set(vins)], keys?.keyOf);
    const now = clock.now();
    this.keyOf = keys?.keyOf;
    this.otherCars = otherCars;
    carStore.adopt(state, now);
    const { callsAlone } = this;
    if (callsAlone > 0) {
      carStore.updateAccount((account) => ({ ...account, calls: withCalls(account.calls, callsAlone, now) }));
    }
    if (file.at - now >= clockToleranceMs) carStore.clockSetBack(now);
    else carStore.dropTimesAhead(now);
    this.adopted.fire();
  }

  private clearTimer(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  /** Resolves with the files that the new one replaces. */
  private async writeNow(): Promise<readonly string[]> {
    const { current } = this;
    const { folder, carStore, clock } = this.ports;
    if (!current?.turn.isExclusive || carStore.current.sharing === "newer") return [];
    current.isDirty = false;
    const { shared } = carStore;
    let text: string;
    try {
      const keys = shared.cars.length + shared.checking.length > 0 ? await this.keys.current() : undefined;
      text = writeState(shared, this.otherCars, keys, clock.now());
      await folder.replace(stateFile(current.turn.number), text);
    } catch (error) {
      current.isDirty = true;
      throw error;
    }
    this.lastText = text;
    this.callsAlone = 0;
    this.writtenNumber = current.turn.number;
    const { replacedFiles } = current;
    current.replacedFiles = [];
    return replacedFiles;
  }
}

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

/** The state was written by a newer version, and stays as it is. */
export function newerVersionError(): Error {
  return new Error("A newer version of the extension has written the state of the windows");
}

/** Answers that come together are written together. */
const gatherMs = secondMs / 4;
/** One change of a file is reported in several events. */
const lookGapMs = secondMs / 20;

/**
 * The state that all windows share, as a file: each window reads what the others write, and writes in its turns. The
 * file is named after the turn, and the highest number counts. So a window that was stopped over its write puts nothing
 * old in the place of something newer, and nothing has to be compared before a write.
 */
export class SharedState implements Disposable {
  private readonly store = new DisposableStore();
  private readonly adopted = this.store.add(new Emitter<void>());
  /** Fires when something that another window has written was taken over. */
  readonly onDidAdopt = this.adopted.event;
  private readonly gone = this.store.add(new Emitter<void>());
  /** Fires when a turn finds no state although there was one: the folder was deleted. */
  readonly onDidLose = this.gone.event;
  private readonly keys: CarKeys;
  private readonly oldFiles: OldFiles;
  private readonly looks: Throttle;
  /** The version of the folder that was read last, and the watcher of it. */
  private following: { version: string | undefined; watcher: Disposable | undefined } | undefined;
  private otherCars: OtherCars = {};
  /** The text that was read or written last. */
  private last: string | undefined;
  /** The number of the last turn of this window that has written. */
  private ownNumber = 0;
  private keyOf: KeyOf | undefined;
  /** The turn of this window, if any, with the files to remove at its first write. */
  private current: { turn: Turn; before: readonly string[]; isDirty: boolean; callsBefore: number } | undefined;
  /** Calls that this window has made alone and that are in no file so far. */
  private callsAlone = 0;
  private timer: Disposable | undefined;
  private writing: Promise<void> = Promise.resolve();
  private hasReportedDamage = false;

  constructor(private readonly ports: SharedStatePorts) {
    const { clock, carStore, folder } = ports;
    this.keys = new CarKeys(folder);
    this.oldFiles = new OldFiles(folder, clock);
    this.looks = this.store.add(new Throttle(clock, lookGapMs, async () => void (await this.look())));
    this.store.add(carStore.onDidChange(() => this.changed()));
  }

  /**
   * Reads what other windows have written where the folder has changed since the last look, and follows them from now
   * on. To be called now and then: not every file system reports changes. Never rejects.
   */
  async follow(): Promise<void> {
    const { folder } = this.ports;
    const following = (this.following ??= { version: undefined, watcher: undefined });
    const version = await folder.version("").catch(() => undefined);
    if (this.following !== following || (version !== undefined && following.version === version)) return;
    // The folder itself may be another one than the one that was watched.
    following.watcher?.dispose();
    following.watcher = folder.watch(() => this.looks.ask());
    following.version = version;
    if (!(await this.look())) following.version = undefined;
  }

  /** Follows no longer. */
  unfollow(): void {
    this.following?.watcher?.dispose();
    this.following = undefined;
  }

  /** Reads what another window has written, unless this one has a turn. `false` where that could not be read. */
  async look(): Promise<boolean> {
    const isBetweenTurns = () => this.current === undefined;
    if (!isBetweenTurns()) return true;
    try {
      const files = await this.ports.folder.list();
      if (isBetweenTurns()) await this.read(files);
      return true;
    } catch (error) {
      this.ports.log.debug(`The state of all windows could not be read: ${errorText(error)}`);
      return false;
    }
  }

  /** Takes over what the turn before `turn` has left. Rejects where the folder cannot be used. */
  async begin(turn: Turn): Promise<void> {
    const { folder, carStore } = this.ports;
    const current = { turn, before: [] as readonly string[], isDirty: false, callsBefore: 0 };
    this.current = current;
    if (!turn.isExclusive) {
      // A newer version's state is never replaced, also not once the folder can be used again.
      if (carStore.current.sharing !== "newer") carStore.sharingChanged("alone");
      this.recover(turn);
      current.callsBefore = this.calls();
      return;
    }
    try {
      const files = await folder.list();
      const own = stateFile(turn.number);
      current.before = files.filter((file) => (turnOf(file) !== undefined && file !== own) || isHalfWritten(file));
      await this.read(files);
      await this.oldFiles.removeFrom(files);
    } catch (error) {
      this.current = undefined;
      throw error;
    }
    if (carStore.current.sharing === "alone") carStore.sharingChanged("shared");
    // Times of a clock that was set back must not reach the file.
    carStore.dropTimesAhead(this.ports.clock.now());
    this.clearTimer();
    current.isDirty = false;
    this.recover(turn);
  }

  private calls(): number {
    const { carStore, clock } = this.ports;
    return callsToday(carStore.current.account.calls, clock.now());
  }

  /** The turn before has ended without its window: that was killed, or had to give way. */
  private recover(turn: Turn): void {
    const now = this.ports.clock.now();
    this.ports.carStore.recovered(now, turn.tookOver ? now : undefined);
  }

  /**
   * Resolves once all that is known at this moment is in the file; the files before it are removed after that. Rejects
   * where the folder cannot be used.
   */
  write(): Promise<void> {
    this.clearTimer();
    const replaced = this.writing.then(() => this.writeNow());
    this.writing = replaced.then(
      (files) => this.remove(files),
      () => undefined,
    );
    return replaced.then(() => undefined);
  }

  /** Writes what has changed in `turn`, which is over. A turn that was lost leaves nothing. Never rejects. */
  async end(turn: Turn, isHeld: boolean): Promise<void> {
    const { current } = this;
    // Another turn of this window may have taken it over.
    if (current?.turn !== turn) return;
    // The day may have changed in between.
    if (!turn.isExclusive) this.callsAlone += Math.max(0, this.calls() - current.callsBefore);
    try {
      if (current.isDirty && isHeld) await this.write();
    } catch (error) {
      this.ports.log.warn(`Other windows cannot read what is known: ${errorText(error)}`);
    }
    this.clearTimer();
    await this.writing;
    if (this.current !== current) return;
    this.current = undefined;
    if (isHeld) return;
    // Another window has the turn by now, and knows more.
    this.last = undefined;
    this.ownNumber = 0;
    await this.look();
  }

  /**
   * Deletes everything that the windows know about cars, in a turn. Rejects where the folder cannot be used, and where a
   * newer version has written the state, which stays as it is.
   */
  async forget(): Promise<void> {
    if (this.ports.carStore.current.sharing === "newer") throw newerVersionError();
    this.otherCars = {};
    this.ports.carStore.forgetAll(this.ports.clock.now());
    await this.keys.forget();
    if (!this.canWrite()) throw new FolderError("The state of the windows cannot be replaced");
    await this.write();
    await this.writing;
  }

  /** Gives a car that was just configured what the file says about it. */
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
    if (!this.current) return;
    this.current.isDirty = true;
    if (!this.current.turn.isExclusive) return;
    this.timer ??= this.ports.clock.after(gatherMs, () => {
      this.write().catch(() => undefined);
    });
  }

  private async read(files: readonly string[]): Promise<void> {
    const numbers = turnsOf(files);
    // In a new folder the numbers start over, and another window may use this one's.
    if (!numbers.includes(this.ownNumber)) this.ownNumber = 0;
    for (const number of numbers) {
      // Nothing newer can be in a file that only this window has written.
      if (number === this.ownNumber) return;
      const text = await this.ports.folder.read(stateFile(number));
      if (text === undefined) continue;
      if (text !== this.last) await this.adopt(text);
      this.last = text;
      return;
    }
    if (!this.current || this.last === undefined) return;
    this.last = undefined;
    this.gone.fire();
  }

  private async adopt(text: string): Promise<void> {
    const { carStore, clock, log } = this.ports;
    const reading = readState(text);
    if (reading.kind === "newer") {
      carStore.sharingChanged("newer");
      return;
    }
    if (reading.kind === "damaged") {
      if (!this.hasReportedDamage) log.warn("What the windows share is damaged, and is written again");
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

  private canWrite(): boolean {
    return this.current?.turn.isExclusive === true && this.ports.carStore.current.sharing !== "newer";
  }

  /** Resolves with the files that the written one replaces. */
  private async writeNow(): Promise<readonly string[]> {
    const { current } = this;
    const { folder, carStore, clock } = this.ports;
    if (!current || !this.canWrite()) return [];
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
    this.last = text;
    this.callsAlone = 0;
    this.ownNumber = current.turn.number;
    const { before } = current;
    current.before = [];
    return before;
  }

  /** Never rejects: a folder under the name of a state cannot be removed, and does no harm. */
  private async remove(files: readonly string[]): Promise<void> {
    await Promise.all(files.map((file) => this.ports.folder.remove(file).catch(() => undefined)));
  }
}

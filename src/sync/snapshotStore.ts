import { type Clock, secondMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import type { CarKeys } from "./carKeys";
import type { Garage } from "./garage";
import { isNotPermitted } from "./permission";
import { readSnapshot, resolveSnapshot, snapshotFile, type Strangers, writeSnapshot } from "./snapshot";
import type { SnapshotFile } from "./snapshotSchema";

export interface SnapshotPorts {
  readonly folder: Pick<StateFolder, "read" | "replace" | "version" | "remove">;
  readonly keys: CarKeys;
  readonly garage: Garage;
  readonly clock: Clock;
  readonly log: Logger;
  /** The garage was told already what the file says: where it is gone now, that is to be forgotten again. */
  readonly hasShownLast: boolean;
}

/** No version of a file that is there. */
const unread = "";
/** Changes that come together are written together. */
const gatherMs = secondMs / 10;

/** A file from so far ahead: the clock was set back since it was written. */
const setBackMs = 10 * secondMs;

/** What a look at the file has shown. */
export type Look = "same" | "changed" | "gone";

/** The file through which the leader tells all windows what is known. Damaged or foreign content is as good as none. */
export class SnapshotStore implements Disposable {
  private seenVersion: string | undefined;
  private seen: SnapshotFile | undefined;
  /** The newest file that was read or written. */
  private last: Pick<SnapshotFile, "lease" | "at"> | undefined;
  private followsOthers = false;
  private strangers: Strangers = {};
  private written: string | undefined;
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private timer: Disposable | undefined;
  private hasComplained = false;
  private hasReportedDamage = false;

  constructor(private readonly ports: SnapshotPorts) {
    if (ports.hasShownLast) this.seenVersion = unread;
  }

  /** When the file was written, as far as it is known, by the clock of then (ms); `-Infinity` for none. */
  get writtenAt(): number {
    return this.last?.at ?? -Infinity;
  }

  /** Whether the garage forgets at this moment because another window was told to, and not by the user's command here. */
  get isForgettingAlong(): boolean {
    return this.followsOthers;
  }

  /**
   * Reads the file where it has changed since the last look; what cannot be read is as good as damaged. Where another
   * window has deleted it the garage forgets as well. Rejects where the folder cannot be used.
   */
  async look(): Promise<Look> {
    const { folder, garage } = this.ports;
    const version = await folder.version(snapshotFile);
    if (version === this.seenVersion) return "same";
    const text = version === undefined ? undefined : await folder.read(snapshotFile).catch(() => "");
    const wasThere = this.seenVersion !== undefined;
    this.seenVersion = version;
    if (text !== undefined && text === this.written) return "same";
    // Somebody else's: what is said here must be written again, even if it stays the same.
    this.written = undefined;
    if (text === undefined) {
      this.clear();
      if (!wasThere) return "same";
      this.followsOthers = true;
      garage.forgetAll();
      this.followsOthers = false;
      return "gone";
    }
    const file = readSnapshot(text);
    if (!file) this.reportDamage();
    this.seen = file && this.isOutdated(file) ? undefined : file;
    this.last = this.seen ?? this.last;
    return "changed";
  }

  /** {@link look}, and what has changed is in the garage thereafter. Resolves with whether anything has. */
  async follow(): Promise<boolean> {
    const look = await this.look();
    if (look === "changed") await this.adopt();
    return look === "changed";
  }

  /** Tells the garage of configured cars that it does not know and the file does. */
  async recall(): Promise<void> {
    if (Object.keys(this.strangers).length === 0) return;
    const keyOf = await this.ports.keys.current();
    const { garage } = this.ports;
    const found = garage.current.cars.flatMap(({ vin }) => {
      const record = this.strangers[keyOf(vin)];
      return record ? [{ ...record, vin }] : [];
    });
    if (found.length === 0) return;
    garage.recall(found);
    const keys = new Set(found.map(({ vin }) => keyOf(vin)));
    this.strangers = Object.fromEntries(Object.entries(this.strangers).filter(([key]) => !keys.has(key)));
  }

  /**
   * Resolves once what the garage says at this moment is in the file, or cannot be. `lease` gives the number to write
   * under and rejects where this window must not write.
   */
  save(lease: () => Promise<number>): Promise<void> {
    this.timer?.dispose();
    this.timer = undefined;
    this.next ??= this.writing.then(() => {
      this.next = undefined;
      const writing = this.write(lease);
      this.writing = writing.catch(() => undefined);
      return writing;
    });
    return this.next;
  }

  /** {@link save} a little later, together with what else changes until then. */
  saveSoon(lease: () => Promise<number>): void {
    this.timer ??= this.ports.clock.after(gatherMs, () => {
      this.save(lease).catch(() => undefined);
    });
  }

  /** Deletes the file, what was read from it, and what cars were called in it. */
  async forget(): Promise<void> {
    const { folder, keys } = this.ports;
    await this.writing;
    this.clear();
    this.seenVersion = undefined;
    this.written = undefined;
    await folder.remove(snapshotFile);
    await keys.forget();
  }

  /** Nothing more is written; what is being written ends in its own time. */
  dispose(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private async write(lease: () => Promise<number>): Promise<void> {
    const { folder, garage, clock, log, keys } = this.ports;
    try {
      // The time is taken before the number: who is held up in between writes nothing that looks newer than it is.
      const now = clock.now();
      const number = await lease();
      const keyOf = await keys.current();
      // With the new time on it nobody could tell any more that what it says is of the old one.
      if (this.writtenAt - now >= setBackMs) garage.clockSetBack(now);
      const text = writeSnapshot(garage.shared, this.strangers, keyOf, { lease: number, now });
      await folder.replace(snapshotFile, text);
      this.written = text;
      this.last = { lease: number, at: now };
    } catch (error) {
      if (isNotPermitted(error)) throw error;
      if (!this.hasComplained) log.warn(`Other windows cannot be told what is known: ${errorText(error)}`);
      this.hasComplained = true;
    }
  }

  /** Puts what was last read into the garage, in the place of what is there. */
  private async adopt(): Promise<void> {
    if (!this.seen) return;
    const keyOf = await this.ports.keys.current().catch((error: unknown) => {
      this.seenVersion = unread;
      throw error;
    });
    const { state, strangers } = resolveSnapshot(this.seen, this.vins(), keyOf);
    this.strangers = strangers;
    this.ports.garage.adopt(state);
  }

  /**
   * Of a leader that was held up while it wrote, and has lost the lease meanwhile. The number alone does not tell: it
   * begins anew where somebody has deleted the files of the lease.
   */
  private isOutdated({ lease, at }: SnapshotFile): boolean {
    return this.last !== undefined && lease < this.last.lease && at < this.last.at;
  }

  private clear(): void {
    this.seen = undefined;
    this.last = undefined;
    this.strangers = {};
  }

  private reportDamage(): void {
    if (!this.hasReportedDamage) {
      this.ports.log.warn("What was last known is damaged, or of another version of the extension; it is written anew");
    }
    this.hasReportedDamage = true;
  }

  private vins() {
    const { current, shared } = this.ports.garage;
    return [...new Set([...current.cars, ...shared.cars].map(({ vin }) => vin))];
  }
}

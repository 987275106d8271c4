import { type Clock, secondMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import type { KeyOf } from "./carKeys";
import type { Garage } from "./garage";
import { isNotPermitted } from "./permission";
import { readSnapshot, resolveSnapshot, type Strangers, writeSnapshot } from "./snapshot";
import type { SnapshotFile } from "./snapshotSchema";

export interface SnapshotPorts {
  readonly folder: Pick<StateFolder, "read" | "replace" | "version" | "remove">;
  readonly keys: () => Promise<KeyOf>;
  readonly garage: Garage;
  readonly clock: Clock;
  readonly log: Logger;
}

const fileName = "snapshot.json";
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
  private fileAt = -Infinity;
  private strangers: Strangers = {};
  private written: string | undefined;
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private timer: Disposable | undefined;
  private hasComplained = false;
  private hasReportedDamage = false;

  constructor(private readonly ports: SnapshotPorts) {}

  /** When the file was written, as far as it is known, by the clock of then (ms); `-Infinity` for none. */
  get writtenAt(): number {
    return this.fileAt;
  }

  /**
   * Reads the file where it has changed since the last look; what cannot be read is as good as damaged. Rejects where the
   * folder cannot be used.
   */
  async look(): Promise<Look> {
    const version = await this.ports.folder.version(fileName);
    if (version === this.seenVersion) return "same";
    const text = version === undefined ? undefined : await this.ports.folder.read(fileName).catch(() => "");
    const wasThere = this.seenVersion !== undefined;
    this.seenVersion = version;
    if (text !== undefined && text === this.written) return "same";
    // Somebody else's: what is said here must be written again, even if it stays the same.
    this.written = undefined;
    this.seen = text === undefined ? undefined : readSnapshot(text);
    this.fileAt = this.seen?.at ?? -Infinity;
    if (text !== undefined && !this.seen) this.reportDamage();
    if (text !== undefined) return "changed";
    return wasThere ? "gone" : "same";
  }

  /**
   * Puts what was last read into the garage, in the place of what is there. Rejects where the keys cannot be read; the
   * next look finds the file changed then.
   */
  async adopt(): Promise<void> {
    if (!this.seen) return;
    const keyOf = await this.ports.keys().catch((error: unknown) => {
      this.seenVersion = unread;
      throw error;
    });
    const { state, strangers } = resolveSnapshot(this.seen, this.vins(), keyOf);
    this.strangers = strangers;
    this.ports.garage.adopt(state);
  }

  /** Tells the garage of configured cars that it does not know and the file does. */
  async recall(): Promise<void> {
    if (Object.keys(this.strangers).length === 0) return;
    const keyOf = await this.ports.keys();
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

  /** Deletes the file and what was read from it. */
  async forget(): Promise<void> {
    this.seen = undefined;
    this.fileAt = -Infinity;
    this.seenVersion = undefined;
    this.strangers = {};
    this.written = undefined;
    await this.ports.folder.remove(fileName);
  }

  /** Nothing more is written; what is being written ends in its own time. */
  dispose(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private async write(lease: () => Promise<number>): Promise<void> {
    const { folder, garage, clock, log } = this.ports;
    try {
      const keyOf = await this.ports.keys();
      const number = await lease();
      const now = clock.now();
      // With the new time on it nobody could tell any more that what it says is of the old one.
      if (this.fileAt - now >= setBackMs) garage.clockSetBack(now);
      const text = writeSnapshot(garage.shared, this.strangers, keyOf, { lease: number, now });
      await folder.replace(fileName, text);
      this.written = text;
      this.fileAt = now;
    } catch (error) {
      if (isNotPermitted(error)) throw error;
      if (!this.hasComplained) log.warn(`Other windows cannot be told what is known: ${errorText(error)}`);
      this.hasComplained = true;
    }
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

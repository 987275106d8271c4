import { minuteMs } from "../../../src/base/clock";
import { CarStore } from "../../../src/charging/carStore";
import { History } from "../../../src/history/history";
import { headLine } from "../../../src/history/rows";
import { RecordingLog, vinNumber } from "../../support/builders/builders";
import { type FolderCall, MemoryDisk } from "../../support/disk/memoryFolder";
import type { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";
import { readingAt, type ShortReading } from "./histories";

export const vin = vinNumber(1);
export const intervalMs = 5 * minuteMs;

/** The history of one window on a disk. */
export class Scene {
  readonly carStore = new CarStore();
  readonly log = new RecordingLog();
  readonly calls: string[] = [];
  /** The error of each append. */
  fault: () => Error | undefined = () => undefined;
  /** The error of each other call of the folder. */
  otherFault: (call: FolderCall) => Error | undefined = () => undefined;
  /** Awaited before each call of the folder. */
  delay: (call: FolderCall) => Promise<void> | void = () => undefined;
  /** The battery capacity in the settings (kWh). */
  capacity: number | undefined;
  keepMonths = 24;
  isEnabled = true;
  readonly history: History;

  constructor(
    readonly clock: FakeClock,
    readonly disk = new MemoryDisk(),
  ) {
    const folder = disk.open("history", {
      before: (call, name) => {
        this.calls.push(`${call} ${name}`);
        return this.delay(call);
      },
      fault: (call) => (call === "append" ? this.fault() : this.otherFault(call)),
    });
    this.history = new History({
      ...{ folder, carStore: this.carStore, clock, log: this.log },
      settings: () => ({ isEnabled: this.isEnabled, keepMonths: this.keepMonths }),
      capacityOf: () => this.capacity,
    });
    this.carStore.configure([{ vin }]);
    this.history.start();
  }

  /** Records a reading of the present time in a turn, and advances the clock by an interval. */
  async see(sight: ShortReading, changes: Parameters<typeof turnWith>[1] = {}, of = vin): Promise<void> {
    this.carStore.succeeded(of, readingAt(this.clock.now(), sight));
    await this.history.record(turnWith(undefined, changes), [of], intervalMs);
    await this.clock.advance(intervalMs);
  }

  get lines(): readonly string[] {
    const months = [...this.disk.contents].filter(([path]) => path.endsWith(".jsonl"));
    return months.flatMap(([, text]) => text.split("\n").filter((line) => line !== "" && line !== headLine));
  }
}

export const out: ShortReading = { c: "out", s: "idle", b: 60 };
export const ac: ShortReading = { c: "ac", s: "charging", b: 60 };

import { type Clock, minuteMs, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import type { Event } from "../base/event";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import type { Turns } from "../base/turn";
import type { WallTimer } from "../base/wallTimer";
import { isToBePluggedIn, type PlugInWish } from "../charging/plugIn";
import { isUnknownForGood } from "../charging/problem";
import type { Vin } from "../charging/vin";
import type { Car } from "../charging/car";
import type { CarStore } from "../charging/carStore";
import { dueOccurrence, nextOccurrence, type Occurrence } from "./reminderTime";
import { type TimeOfDay } from "../charging/notice";

export interface ReminderSettings {
  readonly reminder: { readonly time: TimeOfDay | undefined; readonly belowLevel: number };
  readonly staleAfterMs: number;
}

/** The greatest age of a reading at the time of the reminder (ms). */
const recentMs = 10 * minuteMs;

/** After a sleep, the regular check has this time to read the cars. It waits for the network to be back. */
const askAfterMs = 15 * secondMs;

/** The decision about an occurrence. */
type Judgement =
  | { readonly kind: "remind" }
  | { readonly kind: "notNeeded" }
  /** These cars have no reading that is recent enough. */
  | { readonly kind: "unclear"; readonly vins: readonly Vin[] };

/** Decides whether any of `cars` is to be plugged in, by readings from shortly before the time `at` or later. */
export function judge(cars: readonly Car[], at: number, wish: PlugInWish, now: number): Judgement {
  const isKnown = ({ reading }: Car) => reading !== undefined && reading.fetchedAt >= at - recentMs;
  if (cars.some((car) => isKnown(car) && isToBePluggedIn(car.reading, wish, now))) return { kind: "remind" };
  const unclear = cars.filter((car) => !isKnown(car) && !isUnknownForGood(car.problem));
  return unclear.length === 0 ? { kind: "notNeeded" } : { kind: "unclear", vins: unclear.map(({ vin }) => vin) };
}

interface Due extends Occurrence {
  readonly seenAt: number;
  step: "new" | "asked" | "settled";
}

export interface ReminderWatchPorts {
  readonly clock: Clock;
  readonly carStore: CarStore;
  readonly log: Logger;
  readonly settings: { readonly current: ReminderSettings; readonly onDidChange: Event<unknown> };
  /** Shared by all windows. The window that creates the file of an occurrence announces it. */
  readonly folder: StateFolder;
  readonly polling: { readonly isOn: boolean; refresh(vins: readonly Vin[]): Promise<unknown> };
  /** For announcing an occurrence to the other windows. */
  readonly turns: Turns;
  readonly wallTimer: Pick<WallTimer, "onTick">;
}

/**
 * Announces a reminder at most once a day, at the user's time, if there is a car to be plugged in. All windows check the
 * time, even after a sleep, and the one that creates the file of the day announces it. Has no timer if no time is set.
 */
export class ReminderWatch implements Disposable {
  private readonly store = new DisposableStore();
  private timer: Disposable | undefined;
  private due: Due | undefined;

  constructor(private readonly ports: ReminderWatchPorts) {
    this.store.add(ports.carStore.onDidChange(() => this.look()));
    this.store.add(ports.settings.onDidChange(() => this.look()));
    this.store.add(ports.wallTimer.onTick(() => this.look()));
    this.look();
  }

  dispose(): void {
    this.timer?.dispose();
    this.store.dispose();
  }

  private look(): void {
    const { clock, settings, polling } = this.ports;
    this.timer?.dispose();
    this.timer = undefined;
    const { time } = settings.current.reminder;
    if (!time || !polling.isOn) return;
    const now = clock.now();
    const found = dueOccurrence(time, now);
    if (found?.name !== this.due?.name) this.due = found && { ...found, seenAt: now, step: "new" };
    const { due } = this;
    if (due && due.step !== "settled") this.decide(due, now);
    const next = due?.step === "new" ? due.seenAt + askAfterMs : nextOccurrence(time, now).at;
    this.timer ??= clock.after(next - now, () => this.look());
  }

  private decide(due: Due, now: number): void {
    const { carStore, settings, polling } = this.ports;
    const { staleAfterMs, reminder } = settings.current;
    const judgement = judge(carStore.current.cars, due.at, { staleAfterMs, belowLevel: reminder.belowLevel }, now);
    if (judgement.kind !== "unclear") {
      due.step = "settled";
      void this.settle(due, judgement.kind === "remind");
    } else if (due.step === "new" && now - due.seenAt >= askAfterMs) {
      due.step = "asked";
      void polling.refresh(judgement.vins);
    }
  }

  private async settle({ name, day }: Occurrence, isNeeded: boolean): Promise<void> {
    const { folder, carStore, clock, log, turns } = this.ports;
    try {
      // The file of the day is created only with a reminder, because the user may set a later time on the same day.
      const isOurs = await folder.create(name, "");
      const isFirst = isOurs && isNeeded && (await folder.create(day, ""));
      for (const old of await folder.list()) if (old < day) await folder.remove(old);
      if (!isFirst) return;
    } catch (error) {
      log.debug(`Other windows may remind as well: ${errorText(error)}`);
      if (!isNeeded) return;
    }
    const tell = async () => {
      carStore.tell({ id: `reminder-${day}`, kind: "reminder", at: clock.now() });
      return Promise.resolve();
    };
    // Without a turn, at least this window shows it.
    const outcome = await turns.take("refresh", tell);
    if (!outcome) await tell();
  }
}

import { type Clock, dayMs, hourMs, minuteMs, secondMs, sleep } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter, type Event } from "../base/event";
import type { Focus } from "../base/focus";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { countIn, type Rate } from "../base/sharedRate";
import type { WallTimer } from "../base/wallTimer";
import { type Automation, isAwaited } from "../charging/automation";
import type { Car } from "../charging/car";
import { carKey } from "../charging/carKey";
import type { CarStore } from "../charging/carStore";
import type { Notice } from "../charging/notice";
import { isToBePluggedIn } from "../charging/plugIn";
import type { Vin } from "../charging/vin";
import type { ReminderSettings } from "./reminder";

/** The folder in which windows claim automations and count how many have run. */
export const automationsFolder = "automations";

/** An older event runs no automation. */
export const automationLifeMs = hourMs;

/** A window without focus leaves an event to the focused window for this time. */
export const leaveToFocusMs = 10 * secondMs;

/** The highest rate of automations over all windows. */
const rate: Rate = { most: 10, withinMs: minuteMs };

/** Claims are kept much longer than events, so that a changed clock does not bring an event back. */
const claimLifeMs = 7 * dayMs;

/** The greatest age of a reading (ms) that decides whether a car is to be plugged in. */
const recentMs = 20 * minuteMs;

/** An automation that this window must run now. */
export interface DueAutomation {
  readonly automation: Automation;
  readonly notice: Notice;
  readonly vin: Vin;
  readonly idOf: (vin: Vin) => string;
}

/** The automations in the settings, and the permission of this window to run them. */
export interface Automations {
  readonly list: () => readonly Automation[];
  /** Fires when the list has changed. */
  readonly onDidChange: Event<unknown>;
  /** True if this window may run it: its workspace is trusted, and it has the folder in the automation. */
  readonly mayRun: (automation: Automation) => boolean;
}

export interface AutomationWatchPorts extends Automations {
  readonly clock: Clock;
  readonly carStore: Pick<CarStore, "current" | "onDidChange">;
  /** Ids of cars by VIN. Never rejects. */
  readonly carIds: () => Promise<(vin: Vin) => string>;
  readonly settings: { readonly current: ReminderSettings };
  readonly focus: Focus;
  readonly wallTimer: Pick<WallTimer, "onTick">;
  readonly log: Logger;
  /** Shared by all windows. */
  readonly folder: StateFolder;
  /** The id of this window. */
  readonly id: string;
  /** Whether VS Code still answers in this window. */
  readonly isAlive: () => Promise<boolean>;
}

interface Candidate extends Omit<DueAutomation, "idOf"> {
  /** The name of its claim, which begins with the time of the event, so that old claims can be recognized. */
  readonly claim: string;
}

/**
 * Decides which window runs the automations of an event. A window claims an automation by creating a file. The automation
 * therefore runs at most once over all windows, and is lost only if the window dies between the claim and the call. The
 * window with focus claims at once, others after {@link leaveToFocusMs}. If the folder cannot be used, nothing runs.
 */
export class AutomationWatch implements Disposable {
  private readonly store = new DisposableStore();
  private readonly due = this.store.add(new Emitter<DueAutomation>());
  /** Fires for each automation that this window has claimed and must run at once. */
  readonly onDidClaim = this.due.event;
  private idOf: ((vin: Vin) => string) | undefined;
  private isLoading = false;
  /** When this window first saw each candidate (ms), by the name of its claim. */
  private readonly seenAt = new Map<string, number>();
  /** The claims that this window has dealt with. */
  private readonly handled = new Set<string>();
  private knownKeys: ReadonlySet<string>;
  private timer: Disposable | undefined;

  constructor(private readonly ports: AutomationWatchPorts) {
    this.knownKeys = this.keys();
    this.store.add(ports.carStore.onDidChange(() => this.look()));
    this.store.add(ports.focus.onDidChange(() => this.look()));
    this.store.add(ports.wallTimer.onTick(() => this.look()));
    this.store.add(ports.onDidChange(() => this.listChanged()));
  }

  dispose(): void {
    this.timer?.dispose();
    this.store.dispose();
  }

  private keys(): ReadonlySet<string> {
    return new Set(this.ports.list().map(({ key }) => key));
  }

  /** Claims the past events of a new automation, so that no window runs it for them. */
  private listChanged(): void {
    const keysBefore = this.knownKeys;
    this.knownKeys = this.keys();
    const isNew = ({ automation }: Candidate) => !keysBefore.has(automation.key);
    for (const { claim } of this.candidates().filter(isNew)) {
      this.handled.add(claim);
      this.ports.folder.create(claim, this.ports.id).catch(() => undefined);
    }
    this.look();
  }

  private candidates(): readonly Candidate[] {
    const { clock, carStore, list } = this.ports;
    const now = clock.now();
    const automations = list();
    const { events } = carStore.current;
    if (automations.length === 0 || events.length === 0) return [];
    return [...events]
      .filter((notice) => Math.abs(now - notice.at) < automationLifeMs)
      .sort((a, b) => a.at - b.at)
      .flatMap((notice) =>
        automations
          .filter((automation) => isAwaited(notice, automation))
          .flatMap((automation) =>
            this.carsOf(notice, now)
              .filter((car) => this.isForCar(car, automation))
              .map(({ vin }): Candidate => {
                const ofReminder = notice.kind === "reminder" ? [carKey(vin)] : [];
                const claim = [notice.at, notice.id, automation.key, ...ofReminder].join("-");
                return { automation, notice, vin, claim };
              }),
          ),
      );
  }

  private carsOf(notice: Notice, now: number): readonly Car[] {
    const { carStore, settings } = this.ports;
    const { cars } = carStore.current;
    if (notice.kind !== "reminder") return cars.filter(({ vin }) => vin === notice.vin);
    const { staleAfterMs, reminder } = settings.current;
    const wish = { staleAfterMs, belowLevel: reminder.belowLevel };
    return cars.filter(
      ({ reading }) => reading && now - reading.fetchedAt <= recentMs && isToBePluggedIn(reading, wish, now),
    );
  }

  private isForCar({ vin, name }: Car, { vehicle }: Automation): boolean {
    if (vehicle === undefined || !this.idOf) return true;
    return name?.trim().toLowerCase() === vehicle || this.idOf(vin) === vehicle;
  }

  private look(): void {
    const { clock, focus, carStore, list, mayRun } = this.ports;
    if (this.store.isDisposed || list().length === 0 || carStore.current.events.length === 0) return;
    if (!this.idOf) return void this.load();
    const now = clock.now();
    let waitMs = Infinity;
    for (const candidate of this.candidates()) {
      const { claim, automation } = candidate;
      if (this.handled.has(claim) || !mayRun(automation)) continue;
      const seenAt = this.seenAt.get(claim) ?? now;
      this.seenAt.set(claim, seenAt);
      const remainingMs = focus.isFocused ? 0 : seenAt + leaveToFocusMs - now;
      if (remainingMs > 0) waitMs = Math.min(waitMs, remainingMs);
      else void this.claim(candidate, this.idOf);
    }
    this.timer?.dispose();
    this.timer = waitMs === Infinity ? undefined : clock.after(waitMs, () => this.look());
  }

  private async load(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    this.idOf = await this.ports.carIds();
    this.look();
  }

  private async claim({ claim, ...due }: Candidate, idOf: (vin: Vin) => string): Promise<void> {
    const { clock, folder, id, isAlive, log } = this.ports;
    this.handled.add(claim);
    // Leaves it to another window, or to this one at a later tick.
    if (!(await isAlive())) return void this.handled.delete(claim);
    try {
      if (!(await folder.create(claim, id))) return;
    } catch (error) {
      log.debug(`An automation could not be claimed: ${errorText(error)}`);
      this.handled.delete(claim);
      return;
    }
    await this.untilCounted();
    if (this.store.isDisposed || Math.abs(clock.now() - due.notice.at) >= automationLifeMs) return;
    this.due.fire({ ...due, idOf });
    await this.forgetOld();
  }

  /** Waits until {@link rate} allows one more automation, and counts it. */
  private async untilCounted(): Promise<void> {
    const { clock, folder, log } = this.ports;
    try {
      for (;;) {
        const waitMs = await countIn(folder.folder("runs"), rate, clock.now());
        if (waitMs === 0) return;
        await sleep(clock, waitMs);
      }
    } catch (error) {
      log.debug(`An automation could not be counted: ${errorText(error)}`);
    }
  }

  private async forgetOld(): Promise<void> {
    const { clock, folder } = this.ports;
    try {
      for (const name of await folder.list()) {
        const at = Number(/^(\d+)-/.exec(name)?.[1] ?? Infinity);
        if (clock.now() - at >= claimLifeMs) await folder.remove(name);
      }
    } catch {
      // The next automation tries again.
    }
  }
}

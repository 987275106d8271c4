import { type Clock, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter, once } from "../base/event";
import { errorText, type Logger } from "../base/log";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import { activeHold, isTokenSpent } from "./account";
import { readBatch } from "./batch";
import type { Garage } from "./garage";
import { JustAsked } from "./justAsked";
import type { Polling, RefreshOutcome } from "./polling";
import { callsToday, nextUtcMidnight } from "./quota";
import { minimumGapMs, planNextCheck, scheduled, type ScheduleSettings, shortestInterval } from "./schedule";

export interface PollerPorts {
  readonly clock: Clock;
  readonly client: VolvoClient;
  readonly garage: Garage;
  readonly log: Logger;
  readonly settings: () => ScheduleSettings;
  /** Whether there is anything to make requests with. Nothing is asked before. */
  readonly ready: () => boolean;
  /** When any window last had focus; now while one has. */
  readonly focusedAt: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /**
   * Resolves once every window can know what the garage says: before a car is asked for, so that whoever comes after
   * this process does not ask for it again. Rejects with `NotPermittedError` where another window has taken over.
   */
  readonly announced: () => Promise<void>;
}

/** How late a timer must come for the machine to have slept. */
export const sleptMs = 60_000;
/** The network needs a moment after the machine woke up. */
const wakeUpMs = 3_000;

interface Run {
  readonly vins: readonly Vin[];
  /** The cars of which the garage holds already what came of asking. */
  readonly answered: Set<Vin>;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Asks for the cars when the schedule says so and writes what comes of it into the garage. Does nothing while off; one
 * batch at a time; `off` aborts what is under way.
 */
export class Poller implements Polling {
  private readonly store = new DisposableStore();
  private readonly batchDone = this.store.add(new Emitter<void>());
  /** Fires after each batch, when the garage holds what came of it. */
  readonly onDidFinishBatch = this.batchDone.event;
  private timer: Disposable | undefined;
  private run: Run | undefined;
  private running = false;
  private focusRegainedAt: number | undefined;
  private notBefore = -Infinity;
  private jitter: number;
  private readonly justAsked: JustAsked;

  constructor(private readonly ports: PollerPorts) {
    this.jitter = ports.random();
    this.justAsked = this.store.add(new JustAsked(ports.clock));
  }

  get isOn(): boolean {
    return this.running;
  }

  /** The time (ms) between two checks as things stand. */
  get intervalMs(): number | undefined {
    return shortestInterval(this.input());
  }

  on(): void {
    this.running = true;
    this.replan();
  }

  off(): void {
    if (!this.running) return;
    this.running = false;
    this.timer?.dispose();
    this.timer = undefined;
    const { run } = this;
    this.run = undefined;
    run?.abort.abort(new DOMException("Polling was stopped", "AbortError"));
    if (run) this.ports.garage.finished(run.vins);
    this.ports.garage.planned(undefined);
  }

  /** A window has focus again: what is older than an interval is asked for at once. */
  focusRegained(): void {
    this.focusRegainedAt = this.ports.clock.now();
    this.replan();
  }

  /** The clock was set by so much (ms), or the machine slept for so long: what was planned by it is void. */
  clockJumped(by: number): void {
    const { clock, garage } = this.ports;
    if (by < 0) garage.clockSetBack(clock.now());
    this.notBefore = by >= sleptMs ? clock.now() + wakeUpMs : -Infinity;
    this.replan();
  }

  /** Something that the schedule depends on has changed. */
  replan(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const { clock, garage } = this.ports;
    if (!this.running || this.run) return;
    // A moment that lies further ahead was told by a clock that has been set back since.
    if (this.notBefore - clock.now() > wakeUpMs) this.notBefore = -Infinity;
    const plan = this.ports.ready() ? planNextCheck(this.input()) : ({ kind: "idle" } as const);
    const at = plan.kind === "check" ? Math.max(plan.at, this.notBefore) : undefined;
    garage.planned(at);
    if (plan.kind === "idle" || at === undefined) return;
    this.timer = clock.after(at - clock.now(), () => {
      const late = clock.now() - at;
      if (late > sleptMs) this.clockJumped(late);
      else void this.checkPlanned(plan.vins);
    });
  }

  async refresh(only?: readonly Vin[]): Promise<RefreshOutcome> {
    const { clock, garage } = this.ports;
    const wanted = () => garage.current.cars.filter((car) => !only || only.includes(car.vin)).map((car) => car.vin);
    const joined = new Set<Vin>();
    while (this.run) {
      const { run } = this;
      await run.done;
      for (const vin of run.answered) if (wanted().includes(vin)) joined.add(vin);
    }
    const isReady = () => this.running && this.ports.ready() && wanted().length > 0;
    if (!isReady()) return { kind: "notReady" };
    const now = clock.now();
    const hold = activeHold(garage.current.account, now);
    const due = hold ? [] : wanted().filter((vin) => !this.wasJustAsked(vin));
    const asked = due.length > 0 ? await this.check(due, true) : [];
    const vins = [...new Set([...joined, ...asked])];
    if (vins.length > 0) return { kind: "checked", vins };
    if (hold) return { kind: "held", hold };
    if (due.length === 0) {
      const attempts = wanted().map((vin) => garage.car(vin)?.attemptedAt ?? now);
      return { kind: "recent", at: Math.min(now, Math.max(now - minimumGapMs, ...attempts)) };
    }
    if (!isReady()) return { kind: "notReady" };
    if (this.budgetSpent()) return { kind: "held", hold: { kind: "budgetSpent", until: nextUtcMidnight(now) } };
    return { kind: "unanswered" };
  }

  async checkDue(): Promise<void> {
    const { clock, garage, ready } = this.ports;
    const isDue = () => {
      const { cars, nextCheckAt } = garage.current;
      const soon = nextCheckAt !== undefined && nextCheckAt - clock.now() <= minimumGapMs;
      return this.isOn && ready() && soon && cars.some((car) => car.recheck ?? car.attemptedAt === undefined);
    };
    for (;;) {
      if (this.run) await this.run.done;
      else if (isDue()) await new Promise<void>((resolve) => void once(garage.onDidChange, () => resolve()));
      else return;
    }
  }

  dispose(): void {
    this.off();
    this.store.dispose();
  }

  private async checkPlanned(vins: readonly Vin[]): Promise<void> {
    const { clock, garage } = this.ports;
    const due = vins.filter((vin) => !this.wasJustAsked(vin));
    if (due.length > 0 && !activeHold(garage.current.account, clock.now())) await this.check(due);
    else {
      // The clock was set, so that cars are due which were asked for a moment ago; or Volvo has asked to wait since the
      // check was planned, when it was asked for names or for the list of cars.
      this.notBefore = clock.now() + secondMs;
      this.replan();
    }
  }

  /** Asks for `vins` and resolves with those that the garage has an answer of. Never rejects. */
  private async check(vins: readonly Vin[], forced = false): Promise<Iterable<Vin>> {
    const { garage, log } = this.ports;
    if (!this.running || this.run) return [];
    this.timer?.dispose();
    this.focusRegainedAt = undefined;
    this.jitter = this.ports.random();
    let finish: () => void = () => undefined;
    const abort = new AbortController();
    const { signal } = abort;
    const answered = new Set<Vin>();
    const run: Run = { vins, answered, abort, done: new Promise((resolve) => (finish = resolve)) };
    this.run = run;
    garage.started(vins);
    const onSend = (vin: Vin) => this.justAsked.add(vin);
    const onAnswer = (vin: Vin) => answered.add(vin);
    const mayGoOn = () => !this.budgetSpent();
    try {
      await readBatch({ ...this.ports, jitter: this.jitter, forced, signal, onSend, onAnswer, mayGoOn }, vins);
    } catch (error) {
      if (!signal.aborted) log.error(`Polling failed unexpectedly: ${errorText(error)}`);
    }
    if (this.run === run) {
      this.run = undefined;
      garage.finished(vins);
      // Whatever kept the cars from being asked for, they are still due, and it may last for a moment.
      if (answered.size === 0) this.notBefore = this.ports.clock.now() + secondMs;
      this.replan();
    }
    finish();
    this.batchDone.fire();
    return answered;
  }

  private wasJustAsked(vin: Vin): boolean {
    return this.justAsked.has(vin, this.ports.garage.car(vin)?.attemptedAt);
  }

  private budgetSpent(): boolean {
    const { garage, settings, clock } = this.ports;
    return callsToday(garage.current.account.calls, clock.now()) >= settings().dailyCallBudget;
  }

  private input(): Parameters<typeof planNextCheck>[0] {
    const { clock, garage, settings, focusedAt } = this.ports;
    const { cars, account } = garage.current;
    const now = clock.now();
    return {
      now,
      settings: settings(),
      cars: cars.map((car) => scheduled(car, settings())),
      calls: account.calls,
      holdUntil: activeHold(account, now)?.until,
      paused: isTokenSpent(account),
      focusedAt: focusedAt(),
      focusRegainedAt: this.focusRegainedAt,
      jitter: this.jitter,
    };
  }
}

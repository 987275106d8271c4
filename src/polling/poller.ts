import { type Clock, minuteMs, secondMs, sleep } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { once } from "../base/event";
import type { Focus } from "../base/focus";
import { errorText, type Logger } from "../base/log";
import type { Turns } from "../base/turn";
import type { WallTimer } from "../base/wallTimer";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import type { SharedState } from "../windows/sharedState";
import type { WindowTurn } from "../windows/turns";
import { activeHold, type VolvoHold, isTokenSpent, minuteFullUntil, spentBudget } from "../charging/account";
import { readBatch } from "./batch";
import type { Car } from "../charging/car";
import type { CarStore } from "../charging/carStore";
import { activeMode } from "../charging/mode";
import { learnModels } from "./modelLookup";
import { OwnCredentials } from "./ownCredentials";
import type { Credentials, Polling, RefreshOutcome } from "./polling";
import { RecentRequests } from "./recentRequests";
import {
  longestIntervalMs,
  minimumGapMs,
  planNextCheck,
  scheduled,
  type ScheduleSettings,
  shortestInterval,
} from "./schedule";

export interface PollerPorts {
  readonly clock: Clock;
  readonly client: VolvoClient;
  readonly carStore: CarStore;
  readonly history: {
    /** Takes the readings of `vins` into the history, where they are new. Never rejects. */
    record(turn: WindowTurn, vins: readonly Vin[], intervalMs: number): Promise<void>;
  };
  readonly log: Logger;
  readonly settings: () => ScheduleSettings;
  readonly credentials: Credentials;
  readonly focus: Focus;
  readonly turns: Turns<WindowTurn>;
  readonly wallTimer: WallTimer;
  /** Shared with the other windows; none where this window is on its own, as in the demo. */
  readonly state?: SharedState;
  /** After a turn that was not to be had, the lock is looked at again once a heartbeat (ms). */
  readonly heartbeatMs: number;
  /** The name of this window among all. */
  readonly id: string;
  /** 0 to 1. */
  readonly random: () => number;
}

/** A sleep or a set clock of so long: the network needs a moment after the computer woke up. */
const sleptMs = minuteMs;
const wakeUpMs = 3 * secondMs;

/** The last asker goes first; the others follow after 5 to 10 s, and after 2 min with other credentials. */
const patienceMs = { same: 5 * secondMs, other: 2 * minuteMs } as const;
/** The window that asks has missed its own plan by so much: it is gone. */
const quietMs = 2 * minuteMs;
/** Secrets reach the other windows of the desktop with this delay at most. */
const arrivalLimitMs = 2 * secondMs;
const lookAgainMs = 100;
/** For so long a page waits for the page that holds the sign-in. */
const answerLimitMs = 30 * secondMs;

interface Run {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** The cars of which the outcome is known. */
  readonly answered: Set<Vin>;
}

/**
 * Asks for the cars when the schedule says so, in turns with the other windows: every window has a timer of its own,
 * and the one that asked last goes first. Does nothing while off, and takes no part without credentials or cars.
 */
export class Poller implements Polling {
  private readonly store = new DisposableStore();
  private readonly recent: RecentRequests;
  private running = false;
  private takesPart = false;
  private timer: Disposable | undefined;
  private run: Run | undefined;
  private focusRegainedAt: number | undefined;
  private notBefore = 0;
  private readonly ownPatienceMs: number;
  /** When the window that asked last will ask again, by its own plan. */
  private askersCheckAt: number | undefined;
  /** Settles once this window has planned with what the others know. */
  private firstLook: Promise<void> | undefined;
  /** Since when this window could have noticed that no other asks. */
  private awakeSince = 0;
  private readonly ownCredentials: OwnCredentials;

  constructor(private readonly ports: PollerPorts) {
    const { clock, focus, state, wallTimer, random } = ports;
    this.recent = this.store.add(new RecentRequests(clock));
    this.ownCredentials = new OwnCredentials(ports);
    this.ownPatienceMs = patienceMs.same * (1 + random());
    this.store.add(wallTimer.onDidJump((by) => this.clockJumped(by)));
    this.store.add(wallTimer.onTick(() => void state?.follow()));
    if (state) {
      this.store.add(state.onDidAdopt(() => this.adopted()));
      this.store.add(state.onDidLose(() => this.lost()));
    }
    this.store.add(
      focus.onDidChange((isFocused) => {
        if (isFocused) this.focusRegainedAt = clock.now();
        this.replan();
      }),
    );
  }

  get isOn(): boolean {
    return this.running;
  }

  get intervalMs(): number | undefined {
    return shortestInterval(this.input());
  }

  /** Whether no window has asked for so long that none can be the one that holds a newer sign-in. */
  get isQuiet(): boolean {
    // A window that takes no part does not know when others ask.
    if (!this.takesPart) return false;
    const { clock, carStore } = this.ports;
    if (activeMode(carStore.current.mode, clock.now())?.kind === "paused") return false;
    const lastAt = Math.max(...carStore.current.cars.map(({ attemptedAt = -Infinity }) => attemptedAt), -Infinity);
    const expectedAt = this.askersCheckAt ?? lastAt + (this.intervalMs ?? 0);
    return clock.now() > Math.max(expectedAt, this.awakeSince) + quietMs;
  }

  on(): void {
    this.running = true;
    this.configurationChanged();
  }

  off(): void {
    this.running = false;
    this.configurationChanged();
  }

  /** Settings, cars or credentials have changed, or whether there are any. */
  configurationChanged(): void {
    const { credentials, carStore, state, wallTimer } = this.ports;
    this.ownCredentials.note();
    const takesPart = this.running && credentials.current !== undefined && carStore.current.cars.length > 0;
    state?.recall();
    if (takesPart && !this.takesPart) {
      const now = this.ports.clock.now();
      this.takesPart = true;
      this.awakeSince = now;
      carStore.dropTimesAhead(now);
      wallTimer.on();
      // The state of the other windows decides whether a car is due.
      if (state) this.firstLook = state.follow().then(() => this.replan());
      else this.replan();
      return;
    }
    if (!takesPart && this.takesPart) {
      this.takesPart = false;
      // Late answers say nothing about the next credentials.
      const { run } = this;
      this.run = undefined;
      run?.abort.abort();
      wallTimer.off();
      state?.unfollow();
    }
    this.replan();
  }

  async refresh(only?: readonly Vin[]): Promise<RefreshOutcome> {
    const { clock, carStore, settings } = this.ports;
    const pressedAt = clock.now();
    const wanted = () => carStore.current.cars.filter(({ vin }) => !only || only.includes(vin));
    const isReady = () => this.takesPart && wanted().length > 0 && carStore.current.sharing !== "newer";
    const joined = new Set<Vin>();
    for (let { run } = this; run; { run } = this) {
      await run.done;
      for (const vin of run.answered) joined.add(vin);
    }
    if (!isReady()) return { kind: "notReady" };
    const { cars, checking: before } = carStore.current;
    const attempts = new Map(cars.map(({ vin, attemptedAt }) => [vin, attemptedAt]));
    // An answer that another window gets meanwhile counts as well.
    const isDone = ({ vin, recheck }: Car) => !recheck && !carStore.current.checking.includes(vin);
    const isNew = ({ vin, attemptedAt = -Infinity }: Car) =>
      attemptedAt >= pressedAt && attemptedAt !== attempts.get(vin);
    const isAnswered = (car: Car) => joined.has(car.vin) || (isDone(car) && (isNew(car) || before.includes(car.vin)));
    const answers = () =>
      wanted()
        .filter(isAnswered)
        .map(({ vin }) => vin);
    let hold: VolvoHold | undefined;
    let isElsewhere = false as boolean;
    const ask = async (turn: WindowTurn) => {
      hold = activeHold(carStore.current.account, clock.now());
      const due = wanted().filter((car) => !isAnswered(car) && !this.wasJustAsked(car));
      if (hold || due.length === 0) return;
      isElsewhere = await this.check(
        turn,
        due.map(({ vin }) => vin),
        true,
        joined,
      );
    };
    const outcome = await this.inTurn("refresh", ask, () => wanted().every(isAnswered));
    if (isElsewhere) await this.untilAnswered(() => wanted().every(isAnswered));
    const vins = answers();
    if (vins.length > 0) return { kind: "checked", vins };
    if (!isReady()) return { kind: "notReady" };
    if (hold) return { kind: "held", hold };
    const now = clock.now();
    if (outcome === "done" && wanted().every((car) => this.wasJustAsked(car))) {
      const askedAt = wanted().map(({ attemptedAt = now }) => attemptedAt);
      return { kind: "recent", at: Math.min(now, Math.max(now - minimumGapMs, ...askedAt)) };
    }
    const spent = spentBudget(carStore.current.account, settings().dailyCallBudget, now);
    if (spent) return { kind: "held", hold: spent };
    return { kind: "unanswered" };
  }

  async checkDue(): Promise<void> {
    const { clock, carStore } = this.ports;
    const isDue = () => {
      const { cars, nextCheckAt } = carStore.current;
      const isSoon = nextCheckAt !== undefined && nextCheckAt - clock.now() <= minimumGapMs;
      const isNew = (car: Car) =>
        this.ownCredentials.standing === "new" || car.recheck === true || car.attemptedAt === undefined;
      return this.takesPart && isSoon && cars.some(isNew);
    };
    await this.firstLook;
    for (;;) {
      if (this.run) await this.run.done;
      else if (isDue()) await new Promise<void>((resolve) => void once(carStore.onDidChange, () => resolve()));
      else return;
    }
  }

  dispose(): void {
    this.off();
    this.store.dispose();
  }

  private adopted(): void {
    const { carStore, clock } = this.ports;
    this.askersCheckAt = carStore.current.nextCheckAt;
    for (const { vin, attemptedAt } of carStore.current.cars) {
      const ageMs = attemptedAt === undefined ? Infinity : clock.now() - attemptedAt;
      if (Math.abs(ageMs) < minimumGapMs) this.recent.add(vin, ageMs);
    }
    this.replan();
  }

  /** The state is gone, and with it what another window may have asked for within the last seconds. */
  private lost(): void {
    for (const { vin } of this.ports.carStore.current.cars) this.recent.add(vin);
  }

  /** The clock was set, or the computer slept, by this time (ms): plans made before are void. */
  private clockJumped(by: number): void {
    const { clock, carStore } = this.ports;
    const now = clock.now();
    if (by < 0) carStore.clockSetBack(now);
    this.awakeSince = now;
    this.notBefore = by >= sleptMs ? now + wakeUpMs : 0;
    this.replan();
  }

  private replan(): void {
    this.timer?.dispose();
    this.timer = undefined;
    if (this.run) return;
    const { clock } = this.ports;
    const wakeAt = this.plan();
    if (wakeAt === undefined) return;
    this.timer = clock.after(wakeAt - clock.now(), () => {
      const late = clock.now() - wakeAt;
      if (late > sleptMs) this.clockJumped(late);
      else void this.inTurn("check", (turn) => this.checkPlanned(turn));
    });
  }

  /**
   * Shows when something is asked next, by this window or by the one that asked last. Returns when this window has to
   * look at the lock (ms).
   */
  private plan(): number | undefined {
    const { clock, carStore } = this.ports;
    const now = clock.now();
    // A moment that lies further ahead was computed from a clock that has been set back since.
    if (this.notBefore - now > Math.max(minuteMs, this.ports.heartbeatMs)) this.notBefore = 0;
    const own = this.takesPart ? this.ownCheckAt(now) : undefined;
    const isOwn = carStore.current.askedBy === this.ports.id;
    const askers = this.takesPart && !isOwn && (this.askersCheckAt ?? 0) > now ? this.askersCheckAt : undefined;
    const shown = own === undefined ? askers : Math.min(own, askers ?? Infinity);
    // A window that only tries whether it can ask says nothing of when the other does: its silence is to be noticed.
    carStore.planned(
      own !== undefined && this.ownCredentials.standing === "elsewhere" ? (this.askersCheckAt ?? own) : shown,
    );
    // While another window asks, it may have been killed.
    const isAsked = this.takesPart && carStore.current.checking.length > 0;
    return isAsked ? Math.min(own ?? Infinity, now + this.ports.heartbeatMs) : own;
  }

  private ownCheckAt(now: number): number | undefined {
    const plan = planNextCheck(this.input());
    const patience = this.patience();
    if (patience === undefined) return undefined;
    const roomAt = minuteFullUntil(this.ports.carStore.current.account, now) ?? now;
    // Holds and refusals of the old credentials do not apply to new ones.
    if (this.ownCredentials.standing === "new") return Math.max(now, this.notBefore, roomAt);
    return plan.kind === "idle" ? undefined : Math.max(plan.at + patience, this.notBefore, roomAt);
  }

  /** How long this window leaves it to others to make a check that is due (ms); `undefined` for good. */
  private patience(): number | undefined {
    const { carStore, credentials, id } = this.ports;
    const { account, askedBy, sharing } = carStore.current;
    if (sharing === "newer") return undefined;
    if (sharing === "alone" || this.ownCredentials.standing === "new") return 0;
    const isNamed = account.credentials === undefined || account.credentials === credentials.current;
    if (account.signedOut && isNamed) return undefined;
    if (this.ownCredentials.standing === "elsewhere" || !isNamed) return patienceMs.other;
    if (askedBy === undefined || askedBy === id) return 0;
    return this.wasDueAtFocus() ? 0 : this.ownPatienceMs;
  }

  /** Whether focus itself has made a check due, and no window has made it since. */
  private wasDueAtFocus(): boolean {
    if (this.focusRegainedAt === undefined) return false;
    const plan = planNextCheck({ ...this.input(), now: this.focusRegainedAt });
    return plan.kind === "check" && plan.at <= this.focusRegainedAt;
  }

  /** Runs `action` in a turn of this window, one at a time. Never rejects. */
  private async inTurn(
    purpose: "check" | "refresh",
    action: (turn: WindowTurn) => Promise<unknown>,
    isAnswered?: () => boolean,
  ): Promise<"done" | "none"> {
    const { turns, clock, log } = this.ports;
    if (!this.takesPart || this.run) return "none";
    this.timer?.dispose();
    this.timer = undefined;
    const abort = new AbortController();
    let finish: () => void = () => undefined;
    const run: Run = { abort, answered: new Set(), done: new Promise((resolve) => (finish = resolve)) };
    this.run = run;
    let isDone = false;
    try {
      const options = { signal: abort.signal, ...(isAnswered && { isAnswered }) };
      const outcome = await turns.take(purpose, (turn) => this.act(turn, action), options);
      isDone = outcome.kind === "done";
    } catch (error) {
      if (!abort.signal.aborted) log.error(`Polling failed unexpectedly: ${errorText(error)}`);
    }
    if (!isDone) this.notBefore = Math.max(this.notBefore, clock.now() + this.ports.heartbeatMs);
    if (this.run === run) this.run = undefined;
    finish();
    this.replan();
    return isDone ? "done" : "none";
  }

  private async act(turn: WindowTurn, action: (turn: WindowTurn) => Promise<unknown>): Promise<void> {
    const { carStore, credentials, id } = this.ports;
    const { current } = credentials;
    if (current === undefined || carStore.current.sharing === "newer") return;
    const { account } = carStore.current;
    // The user may enter again what all windows were signed out of.
    const isEnteredAgain = account.signedOut === true && this.ownCredentials.standing === "new";
    if (current !== account.credentials || isEnteredAgain) carStore.credentialsChanged(current);
    if (this.ownCredentials.standing === "new") {
      this.ownCredentials.used();
      // The user waits in this window, and in a browser no other has what is new.
      carStore.goesFirst(id);
    }
    await action(turn);
    this.plan();
    if (carStore.current.askedBy === id) this.askersCheckAt = carStore.current.nextCheckAt;
  }

  private async checkPlanned(turn: WindowTurn): Promise<void> {
    const { clock, carStore } = this.ports;
    const plan = planNextCheck(this.input());
    if (plan.kind === "idle" || plan.at > clock.now()) return;
    const due = plan.vins.filter((vin) => !this.wasJustAsked(carStore.car(vin) ?? { vin }));
    if (due.length > 0) await this.check(turn, due, false);
    // The clock was set, so that cars are due that were asked for a moment ago.
    else this.notBefore = clock.now() + secondMs;
  }

  /** Asks for `vins`. Resolves with whether they are left to the page that holds the sign-in. */
  private async check(turn: WindowTurn, vins: readonly Vin[], forced: boolean, answered?: Set<Vin>): Promise<boolean> {
    const { carStore, credentials, clock, random } = this.ports;
    if (await this.hasOldSignIn()) {
      // In a browser a page cannot use a sign-in that another page has renewed: that one is to ask.
      carStore.wanted(vins);
      this.ownCredentials.found(true);
      return true;
    }
    this.focusRegainedAt = undefined;
    const onSend = (vin: Vin) => this.recent.add(vin);
    const announced = () => turn.write();
    const watchedMs = longestIntervalMs(this.ports.settings(), carStore.current.cars.length);
    const batch = await readBatch(
      { ...this.ports, turn, announced, forced, watchedMs, jitter: random(), onSend },
      vins,
    );
    for (const vin of batch.answered) {
      this.run?.answered.add(vin);
      answered?.add(vin);
    }
    await this.ports.history.record(turn, [...batch.answered], this.intervalMs ?? 0);
    this.ownCredentials.found(batch.isUnauthorized);
    const { generation: renewed } = credentials;
    if (renewed !== undefined && batch.answered.size > 0) {
      carStore.updateAccount((account) => ({ ...account, generation: renewed }));
    }
    // The cars are still due; the cause (a lost turn, the budget, credentials) may last for a moment.
    if (batch.answered.size === 0) this.notBefore = clock.now() + secondMs;
    else await learnModels({ ...this.ports, turn });
    return false;
  }

  /** Whether another window holds a newer sign-in, which does not reach this one, and is still there to ask with it. */
  private async hasOldSignIn(): Promise<boolean> {
    const { credentials, carStore, clock } = this.ports;
    const isOld = () => (credentials.generation ?? Infinity) < (carStore.current.account.generation ?? 0);
    // On the desktop it is on its way; in a browser it was waited for once in vain.
    for (
      let waitedMs = 0;
      isOld() && this.ownCredentials.standing !== "elsewhere" && waitedMs < arrivalLimitMs;
      waitedMs += lookAgainMs
    ) {
      await sleep(clock, lookAgainMs);
    }
    return isOld() && !this.isQuiet;
  }

  private async untilAnswered(isAnswered: () => boolean): Promise<void> {
    const { clock, state } = this.ports;
    for (let waitedMs = 0; waitedMs < answerLimitMs && !isAnswered() && this.takesPart; waitedMs += secondMs) {
      await sleep(clock, secondMs);
      await state?.look();
    }
  }

  private wasJustAsked({ vin, attemptedAt }: Pick<Car, "vin" | "attemptedAt">): boolean {
    return this.recent.has(vin, attemptedAt);
  }

  private input(): Parameters<typeof planNextCheck>[0] {
    const { clock, carStore, settings, focus, credentials } = this.ports;
    const { cars, account, jitter, mode } = carStore.current;
    const now = clock.now();
    return {
      now,
      settings: settings(),
      cars: cars.map((car) => scheduled(car, settings())),
      calls: account.calls,
      holdUntil: activeHold(account, now)?.until,
      renewal: credentials.renewal,
      stopped: isTokenSpent(account),
      mode: activeMode(mode, now),
      focusedAt: focus.lastFocusedAt(),
      focusRegainedAt: this.focusRegainedAt,
      jitter,
    };
  }
}

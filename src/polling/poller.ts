import { type Clock, minuteMs, secondMs, sleep } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { once } from "../base/event";
import type { Focus } from "../base/focus";
import { errorText, type Logger } from "../base/log";
import type { Turn, TurnOptions, TurnOutcome, Turns } from "../base/turn";
import type { WallTimer } from "../base/wallTimer";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import type { SharedState } from "../windows/sharedState";
import {
  activeHold,
  isSignedOutOf,
  isTokenSpent,
  minuteFullUntil,
  spentBudget,
  type VolvoHold,
} from "../charging/account";
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
  type ScheduleInput,
  type ScheduleSettings,
  shortestInterval,
} from "./schedule";

export interface PollerPorts {
  readonly clock: Clock;
  readonly client: VolvoClient;
  readonly carStore: CarStore;
  readonly history: {
    /** Adds the readings of `vins` to the history if they are new. Never rejects. */
    record(turn: Turn, vins: readonly Vin[], intervalMs: number): Promise<void>;
  };
  readonly log: Logger;
  readonly settings: () => ScheduleSettings;
  readonly credentials: Credentials;
  readonly focus: Focus;
  readonly turns: Turns;
  readonly wallTimer: WallTimer;
  /** The state that all windows share. Absent if this window shares nothing, as in the demo. */
  readonly state?: SharedState;
  /** If no turn was available, the poller tries again after this time (ms). */
  readonly heartbeatMs: number;
  /** Identifies this window in the shared state. */
  readonly id: string;
  /** 0 to 1. */
  readonly random: () => number;
}

/** If the clock jumps ahead by at least this time, the computer probably slept, and the network needs a moment. */
const sleptMs = minuteMs;
const wakeUpMs = 3 * secondMs;

/**
 * The window that sent the last request checks first. Windows with the same credentials wait 5 to 10 s longer, and
 * windows with other credentials 2 min.
 */
const patienceMs = { sameCredentials: 5 * secondMs, otherCredentials: 2 * minuteMs } as const;
/** The window that asked last counts as closed if its next check is late by this time. */
const closedAfterMs = 2 * minuteMs;
/** On the desktop, a stored secret reaches the other windows within this time. */
const secretDelayMs = 2 * secondMs;
const lookAgainMs = 100;
/** In a browser, a Refresh waits this long for the window that holds the sign-in. */
const answerLimitMs = 30 * secondMs;

interface Run {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** The cars that have a new reading or problem. */
  readonly answered: Set<Vin>;
}

/** "elsewhere": another window holds the sign-in, and has to ask. */
type CheckResult = "asked" | "elsewhere";

type Action<T> = (turn: Turn, run: Run) => Promise<T>;

/**
 * Asks for the cars when they are due, in turns with the other windows. Every window has its own timer, and the window
 * that asked last goes first. Without credentials or cars, or while it is off, the poller takes no part.
 */
export class Poller implements Polling {
  isOn = false;
  private readonly store = new DisposableStore();
  private readonly recent: RecentRequests;
  private takesPart = false;
  private timer: Disposable | undefined;
  private run: Run | undefined;
  private focusRegainedAt: number | undefined;
  private notBefore = 0;
  private readonly ownPatienceMs: number;
  /** The next check of the window that asked last, by its own plan. */
  private askersCheckAt: number | undefined;
  /** Settles after this window has read the shared state and planned its first check. */
  private firstLook: Promise<void> | undefined;
  /** From this time on, this window would have noticed the requests of others. */
  private awakeSince = 0;
  private readonly ownCredentials: OwnCredentials;

  constructor(private readonly ports: PollerPorts) {
    const { clock, focus, state, wallTimer, random } = ports;
    this.recent = this.store.add(new RecentRequests(clock));
    this.ownCredentials = new OwnCredentials(ports);
    this.ownPatienceMs = patienceMs.sameCredentials * (1 + random());
    this.store.add(wallTimer.onDidJump((by) => this.clockJumped(by)));
    this.store.add(wallTimer.onTick(() => void state?.follow()));
    if (state) {
      this.store.add(state.onDidAdopt(() => this.adopted()));
      this.store.add(state.onDidLose(() => this.stateLost()));
    }
    this.store.add(
      focus.onDidChange((isFocused) => {
        if (isFocused) this.focusRegainedAt = clock.now();
        this.replan();
      }),
    );
  }

  get intervalMs(): number | undefined {
    return shortestInterval(this.input());
  }

  /** True if no window has asked for so long that no open window can hold a newer sign-in. */
  get isQuiet(): boolean {
    // A window that takes no part does not see when others ask.
    if (!this.takesPart) return false;
    const { clock, carStore } = this.ports;
    if (activeMode(carStore.current.mode, clock.now())?.kind === "paused") return false;
    const lastAt = Math.max(...carStore.current.cars.map(({ attemptedAt = -Infinity }) => attemptedAt), -Infinity);
    const expectedAt = this.askersCheckAt ?? lastAt + (this.intervalMs ?? 0);
    return clock.now() > Math.max(expectedAt, this.awakeSince) + closedAfterMs;
  }

  on(): void {
    this.isOn = true;
    this.configurationChanged();
  }

  off(): void {
    this.isOn = false;
    this.configurationChanged();
  }

  /** To be called after a change of settings, cars or credentials. */
  configurationChanged(): void {
    const { credentials, carStore, state, wallTimer } = this.ports;
    this.ownCredentials.note();
    const takesPart = this.isOn && credentials.current !== undefined && carStore.current.cars.length > 0;
    state?.recall();
    if (takesPart && !this.takesPart) {
      const now = this.ports.clock.now();
      this.takesPart = true;
      this.awakeSince = now;
      carStore.dropTimesAhead(now);
      wallTimer.on();
      // The shared state decides whether a car is due.
      if (state) this.firstLook = state.follow().then(() => this.replan());
      else this.replan();
      return;
    }
    if (!takesPart && this.takesPart) {
      this.takesPart = false;
      // Late answers do not count for the next credentials.
      this.run?.abort.abort();
      this.run = undefined;
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
    const answered = new Set<Vin>();
    while (this.run) {
      const { run } = this;
      await run.done;
      for (const vin of run.answered) answered.add(vin);
    }
    if (!isReady()) return { kind: "notReady" };
    const isElsewhereAnswered = answeredSince(pressedAt, carStore);
    const isAnswered = (car: Car) => answered.has(car.vin) || isElsewhereAnswered(car);
    const areAllAnswered = () => wanted().every(isAnswered);
    const ask: Action<CheckResult | VolvoHold> = async (turn, run) => {
      const hold = activeHold(carStore.current.account, clock.now());
      if (hold) return hold;
      const due = wanted().filter((car) => !isAnswered(car) && !this.recent.has(car.vin, car.attemptedAt));
      if (due.length === 0) return "asked";
      try {
        return await this.check(turn, run, vinsOf(due), true);
      } finally {
        for (const vin of run.answered) answered.add(vin);
      }
    };
    const result = await this.inTurn("refresh", ask, { isAnswered: areAllAnswered });
    if (result === "elsewhere") await this.untilAnswered(areAllAnswered);
    const vins = vinsOf(wanted().filter(isAnswered));
    if (vins.length > 0) return { kind: "checked", vins };
    if (!isReady()) return { kind: "notReady" };
    if (typeof result === "object") return { kind: "held", hold: result };
    const now = clock.now();
    if (result && wanted().every(({ vin, attemptedAt }) => this.recent.has(vin, attemptedAt))) {
      const askedAt = wanted().map(({ attemptedAt = now }) => attemptedAt);
      return { kind: "recent", at: Math.min(now, Math.max(now - minimumGapMs, ...askedAt)) };
    }
    const spent = spentBudget(carStore.current.account, settings().dailyCallBudget, now);
    return spent ? { kind: "held", hold: spent } : { kind: "unanswered" };
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

  /** The state was deleted. It would have said which cars another window asked for in the last seconds. */
  private stateLost(): void {
    for (const { vin } of this.ports.carStore.current.cars) this.recent.add(vin);
  }

  /** The clock was set by this time (ms), or the computer slept that long. Earlier plans are void. */
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
    const { clock, carStore, heartbeatMs } = this.ports;
    const own = this.plan() ?? Infinity;
    // A window that is asking now may have been killed.
    const isCheckRunning = this.takesPart && carStore.current.checking.length > 0;
    const wakeAt = isCheckRunning ? Math.min(own, clock.now() + heartbeatMs) : own;
    if (wakeAt === Infinity) return;
    this.timer = clock.after(wakeAt - clock.now(), () => {
      const late = clock.now() - wakeAt;
      if (late > sleptMs) this.clockJumped(late);
      else void this.inTurn("check", (turn, run) => this.checkPlanned(turn, run));
    });
  }

  /** Plans the next check of this window, and shows when it or the window that asked last asks next. */
  private plan(): number | undefined {
    const { clock, carStore, id } = this.ports;
    const own = this.takesPart ? this.ownCheckAt() : undefined;
    const isOwn = carStore.current.askedBy === id;
    const askers = this.takesPart && !isOwn && (this.askersCheckAt ?? 0) > clock.now() ? this.askersCheckAt : undefined;
    const next = own === undefined ? askers : Math.min(own, askers ?? Infinity);
    // The own checks of this window are futile while another holds the sign-in. Only the time of that other one shows
    // that it no longer asks.
    const isElsewhere = own !== undefined && this.ownCredentials.standing === "elsewhere";
    carStore.planned(isElsewhere ? (this.askersCheckAt ?? own) : next);
    return own;
  }

  private ownCheckAt(): number | undefined {
    const now = this.ports.clock.now();
    // A later time comes from a clock that was set back since.
    if (this.notBefore - now > Math.max(minuteMs, this.ports.heartbeatMs)) this.notBefore = 0;
    const plan = planNextCheck(this.input());
    const patience = this.patience();
    if (patience === undefined) return undefined;
    const roomAt = minuteFullUntil(this.ports.carStore.current.account, now) ?? now;
    // Waits and refusals of the old credentials do not apply to new ones.
    if (this.ownCredentials.standing === "new") return Math.max(now, this.notBefore, roomAt);
    return plan.kind === "idle" ? undefined : Math.max(plan.at + patience, this.notBefore, roomAt);
  }

  /** How long this window leaves a check that is due to others (ms). `undefined`: it makes none. */
  private patience(): number | undefined {
    const { carStore, credentials, id } = this.ports;
    const { account, askedBy, sharing } = carStore.current;
    if (sharing === "newer") return undefined;
    if (sharing === "alone" || this.ownCredentials.standing === "new") return 0;
    if (isSignedOutOf(account, credentials.current)) return undefined;
    const isOther = account.credentials !== undefined && account.credentials !== credentials.current;
    if (this.ownCredentials.standing === "elsewhere" || isOther) return patienceMs.otherCredentials;
    if (askedBy === undefined || askedBy === id) return 0;
    return this.wasDueAtFocus() ? 0 : this.ownPatienceMs;
  }

  /** True if focus has made a check due and no window has made it since. */
  private wasDueAtFocus(): boolean {
    if (this.focusRegainedAt === undefined) return false;
    const plan = planNextCheck({ ...this.input(), now: this.focusRegainedAt });
    return plan.kind === "check" && plan.at <= this.focusRegainedAt;
  }

  /** Runs `action` in a turn of this window, one at a time. `undefined` if there was no turn. Never rejects. */
  private async inTurn<T>(
    purpose: "check" | "refresh",
    action: Action<T>,
    options: TurnOptions = {},
  ): Promise<T | undefined> {
    const { turns, clock, log } = this.ports;
    if (!this.takesPart || this.run) return undefined;
    this.timer?.dispose();
    this.timer = undefined;
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const abort = new AbortController();
    const run: Run = { abort, answered: new Set(), done };
    this.run = run;
    let outcome: TurnOutcome<T | undefined>;
    try {
      const act = (turn: Turn) => this.act(turn, run, action);
      outcome = await turns.take(purpose, act, { ...options, signal: abort.signal });
    } catch (error) {
      if (!abort.signal.aborted) log.error(`Polling failed unexpectedly: ${errorText(error)}`);
    }
    if (!outcome) this.notBefore = Math.max(this.notBefore, clock.now() + this.ports.heartbeatMs);
    if (this.run === run) this.run = undefined;
    finish();
    this.replan();
    return outcome?.value;
  }

  /** Brings the credentials in the shared state up to date, then runs `action`. */
  private async act<T>(turn: Turn, run: Run, action: Action<T>): Promise<T | undefined> {
    const { carStore, credentials, id } = this.ports;
    const { current } = credentials;
    if (current === undefined || carStore.current.sharing === "newer") return undefined;
    const { account } = carStore.current;
    // After a sign-out of all windows, the user may enter the same credentials again.
    const isEnteredAgain = account.signedOut === true && this.ownCredentials.standing === "new";
    if (current !== account.credentials || isEnteredAgain) carStore.credentialsChanged(current);
    if (this.ownCredentials.standing === "new") {
      this.ownCredentials.used();
      // The user waits in this window. In a browser, only this window has the new credentials.
      carStore.goesFirst(id);
    }
    const result = await action(turn, run);
    this.plan();
    if (carStore.current.askedBy === id) this.askersCheckAt = carStore.current.nextCheckAt;
    return result;
  }

  private async checkPlanned(turn: Turn, run: Run): Promise<void> {
    const { clock, carStore } = this.ports;
    const plan = planNextCheck(this.input());
    if (plan.kind === "idle" || plan.at > clock.now()) return;
    const due = plan.vins.filter((vin) => !this.recent.has(vin, carStore.car(vin)?.attemptedAt));
    if (due.length > 0) await this.check(turn, run, due, false);
    // The cars are due only because the clock was set. They were asked for a moment ago.
    else this.notBefore = clock.now() + secondMs;
  }

  private async check(turn: Turn, run: Run, vins: readonly Vin[], forced: boolean): Promise<CheckResult> {
    const { carStore, credentials, clock, random, settings, history } = this.ports;
    if (await this.isNewerSignInElsewhere()) {
      // In a browser, a window cannot use a sign-in that another window has renewed, so that other one has to ask.
      carStore.wanted(vins);
      this.ownCredentials.found(true);
      return "elsewhere";
    }
    this.focusRegainedAt = undefined;
    const onSend = (vin: Vin) => this.recent.add(vin);
    const longestGapMs = longestIntervalMs(settings(), carStore.current.cars.length);
    const batch = await readBatch({ ...this.ports, turn, forced, longestGapMs, jitter: random(), onSend }, vins);
    for (const vin of batch.answered) run.answered.add(vin);
    await history.record(turn, [...batch.answered], this.intervalMs ?? 0);
    this.ownCredentials.found(batch.isUnauthorized);
    const { generation } = credentials;
    if (generation !== undefined && batch.answered.size > 0) {
      carStore.updateAccount((account) => ({ ...account, generation }));
    }
    // The cars are still due. The cause (a lost turn, the budget, credentials) may last for a moment.
    if (batch.answered.size === 0) this.notBefore = clock.now() + secondMs;
    else await learnModels({ ...this.ports, turn });
    return "asked";
  }

  /** True if another open window holds a newer sign-in that has not reached this window. */
  private async isNewerSignInElsewhere(): Promise<boolean> {
    const { credentials, carStore, clock } = this.ports;
    const isOld = () => (credentials.generation ?? Infinity) < (carStore.current.account.generation ?? 0);
    // On the desktop it may still arrive. In a browser it never does, so one wait is enough.
    const limitMs = this.ownCredentials.standing === "elsewhere" ? 0 : secretDelayMs;
    for (let waitedMs = 0; isOld() && waitedMs < limitMs; waitedMs += lookAgainMs) await sleep(clock, lookAgainMs);
    return isOld() && !this.isQuiet;
  }

  private async untilAnswered(areAllAnswered: () => boolean): Promise<void> {
    const { clock, state } = this.ports;
    for (let waitedMs = 0; waitedMs < answerLimitMs && !areAllAnswered() && this.takesPart; waitedMs += secondMs) {
      await sleep(clock, secondMs);
      await state?.look();
    }
  }

  private input(): ScheduleInput {
    const { clock, carStore, settings, focus, credentials } = this.ports;
    const { cars, account, jitter, mode } = carStore.current;
    const now = clock.now();
    const scheduleSettings = settings();
    return {
      now,
      settings: scheduleSettings,
      cars: cars.map((car) => scheduled(car, scheduleSettings)),
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

/** Tells which cars another window has answered since `pressedAt` (ms), compared with what is known now. */
function answeredSince(pressedAt: number, carStore: CarStore): (car: Car) => boolean {
  const { cars, checking } = carStore.current;
  const attempts = new Map(cars.map(({ vin, attemptedAt }) => [vin, attemptedAt]));
  return ({ vin, attemptedAt = -Infinity, recheck }) => {
    if (recheck || carStore.current.checking.includes(vin)) return false;
    return checking.includes(vin) || (attemptedAt >= pressedAt && attemptedAt !== attempts.get(vin));
  };
}

function vinsOf(cars: readonly Car[]): readonly Vin[] {
  return cars.map(({ vin }) => vin);
}

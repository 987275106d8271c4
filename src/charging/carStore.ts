import { clockToleranceMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import { Emitter } from "../base/event";
import type { CarModel } from "./carModel";
import type { Problem } from "./problem";
import type { Reading } from "./reading";
import type { Recorded } from "./recorded";
import type { Vin } from "./vin";
import type { WorkingVersion } from "./workingApiVersion";
import {
  type Account,
  emptyAccount,
  type VolvoHold,
  sentWithinMinute,
  afterClockSetBack,
  withoutPastHold,
} from "./account";
import { type Car, type ConfiguredCar, withProblem, withReading } from "./car";
import { isFresh, type Notice } from "./notice";
import { type Mode, setModeBack } from "./mode";
import { withCalls } from "./quota";
import { type CarStoreState, emptyState, type SharedState, type Sharing } from "./carStoreState";

/** The state of the cars and the account. Each change replaces it as a whole. */
export class CarStore implements Disposable {
  private state = emptyState;
  /** Cars that are not configured at the moment, so that a car removed and added again keeps its reading. */
  private readonly known = new Map<Vin, Car>();
  private readonly changed = new Emitter<CarStoreState>();
  readonly onDidChange = this.changed.event;

  /** `levels` are lists of battery levels in percent. Of each list, the last level that was crossed is an event. */
  constructor(private readonly levels: () => readonly (readonly number[])[] = () => []) {}

  get current(): CarStoreState {
    return this.state;
  }

  car(vin: Vin): Car | undefined {
    return this.state.cars.find((car) => car.vin === vin);
  }

  /** Takes over the list in the settings. Cars that stay in the list keep their state. */
  configure(cars: readonly ConfiguredCar[]): void {
    for (const car of this.state.cars) this.known.set(car.vin, car);
    const next = cars.map(({ vin, name }): Car => {
      const { name: _, ...rest } = this.car(vin) ?? this.known.get(vin) ?? { vin, failures: 0 };
      return name === undefined ? rest : { ...rest, name };
    });
    this.replace({ ...this.state, cars: next });
  }

  /** This window is about to ask for these cars. `jitter` from 0 to 1. */
  started(vins: readonly Vin[], jitter: number): void {
    this.replace({ ...this.state, checking: [...new Set([...this.state.checking, ...vins])], jitter });
  }

  finished(vins: readonly Vin[]): void {
    this.replace({ ...this.state, checking: this.state.checking.filter((vin) => !vins.includes(vin)) });
  }

  /** The car is about to be asked for. */
  attempted(vin: Vin, at: number): void {
    this.updateCar(vin, ({ recheck: _, ...car }) => ({ ...car, attemptedAt: at }));
  }

  /** The attempt had no outcome: restores these values, but keeps a recheck that was set since. */
  unanswered({ vin, attemptedAt, recheck }: Pick<Car, "vin" | "attemptedAt" | "recheck">): void {
    this.updateCar(vin, ({ attemptedAt: _, ...car }) => ({
      ...car,
      ...(attemptedAt !== undefined && { attemptedAt }),
      ...(recheck && { recheck }),
    }));
  }

  /** Makes the cars due at once, for any window that can ask for them. */
  wanted(vins: readonly Vin[]): void {
    const cars = this.state.cars.map((car): Car => (vins.includes(car.vin) ? { ...car, recheck: true } : car));
    this.replace({ ...this.state, cars });
  }

  /** This window sends a request at `now` (ms). It counts for the day and the minute, and makes `by` the last asker. */
  requested(by: string, now: number): void {
    const { account } = this.state;
    const calls = withCalls(account.calls, 1, now);
    const sentAt = [...sentWithinMinute(account, now), now];
    this.replace({ ...this.state, askedBy: by, account: { ...account, calls, sentAt } });
  }

  /**
   * Takes a fresh reading, which ends the problem of the car and the refusals of the credentials. Changes since a reading
   * more than `longestGapMs` earlier are not events.
   */
  succeeded(vin: Vin, fresh: Reading, longestGapMs = Infinity): void {
    const before = this.car(vin);
    if (!before) return;
    const { car, events } = withReading(before, fresh, longestGapMs, this.levels());
    this.replace({
      ...this.state,
      cars: this.state.cars.map((other) => (other.vin === vin ? car : other)),
      account: {
        ...withoutPastHold(this.state.account, fresh.fetchedAt),
        keyRefusals: 0,
        tokenRefusals: 0,
        accepted: true,
      },
      events: [...this.freshNotices(fresh.fetchedAt), ...events],
    });
  }

  /** Adds a notice, which one of the windows will show. */
  tell(notice: Notice): void {
    this.replace({ ...this.state, events: [...this.freshNotices(notice.at), notice] });
  }

  /** A check failed: the last reading is kept beside `problem`. */
  failed(vin: Vin, problem: Problem, at: number, countsAsFailure: boolean): void {
    this.updateCar(vin, (car) => ({
      ...withProblem(car, problem),
      attemptedAt: at,
      failures: countsAsFailure ? car.failures + 1 : car.failures,
    }));
  }

  /**
   * Volvo wants no requests for a time. Of two holds the later end counts. The `waiting` cars, which were not asked
   * for, get the hold as their problem.
   */
  held(hold: VolvoHold, waiting: readonly Vin[]): void {
    const { account } = this.state;
    const longest = account.hold && account.hold.until > hold.until ? account.hold : hold;
    const cars = this.state.cars.map((car) => (waiting.includes(car.vin) ? withProblem(car, hold) : car));
    this.replace({ ...this.state, cars, account: { ...account, hold: longest } });
  }

  /** Sets the last values in the history of these cars; `undefined` if there are none. */
  recorded(changes: ReadonlyMap<Vin, Recorded | undefined>): void {
    const cars = this.state.cars.map((car): Car => {
      if (!changes.has(car.vin)) return car;
      const { recorded: _, ...rest } = car;
      const recorded = changes.get(car.vin);
      return recorded ? { ...rest, recorded } : rest;
    });
    this.replace({ ...this.state, cars });
  }

  /** The history of all cars, configured or not, was deleted. */
  forgetRecorded(): void {
    this.replace({ ...this.state, cars: this.everyCar(({ recorded: _, ...car }) => car) });
  }

  modelKnown(vin: Vin, model: CarModel | undefined, askedAt: number): void {
    this.updateCar(vin, (car) => ({ ...car, modelAskedAt: askedAt, ...(model && { model }) }));
  }

  /**
   * Takes what is known about the versions of the Energy API. Once a failure of both has ended, all cars with a problem are
   * due at once.
   */
  versionFound(workingVersion: WorkingVersion): void {
    const { account, cars } = this.state;
    const isBack = account.workingVersion?.failure !== undefined && workingVersion.failure === undefined;
    const due = isBack ? cars.map((car): Car => (car.problem ? { ...car, recheck: true } : car)) : cars;
    this.replace({ ...this.state, cars: due, account: { ...account, workingVersion } });
  }

  updateAccount(change: (account: Account) => Account): void {
    this.replace({ ...this.state, account: change(this.state.account) });
  }

  planned(at: number | undefined): void {
    const { nextCheckAt: before, ...rest } = this.state;
    if (before !== at) this.replace(at === undefined ? rest : { ...rest, nextCheckAt: at });
  }

  /** New credentials: removes problems and refusals of the old ones, and makes every car due. Readings stay. */
  credentialsChanged(credentials: string): void {
    const cars = this.everyCar(({ problem: _, ...car }) => ({ ...car, failures: 0, recheck: true }));
    const { calls, sentAt } = this.state.account;
    this.replace({ ...this.state, cars, account: { ...emptyAccount, calls, sentAt, credentials } });
  }

  /** Leaves the next check to this window, as if it had asked last. */
  goesFirst(window: string): void {
    this.replace({ ...this.state, askedBy: window });
  }

  /**
   * Another window was killed or lost the lock during a check: its cars are due. Two calls are counted for each, since it
   * may have asked both versions of the API. `askedUntil` (ms) is the latest time at which it may have asked. If it is left
   * out, the known times of the attempts stay.
   */
  recovered(now: number, askedUntil?: number): void {
    const { checking, account } = this.state;
    if (checking.length === 0) return;
    const lost = (car: Car): Car => ({
      ...car,
      recheck: true,
      ...(askedUntil !== undefined && { attemptedAt: askedUntil }),
    });
    const cars = this.state.cars.map((car) => (checking.includes(car.vin) ? lost(car) : car));
    const calls = withCalls(account.calls, 2 * checking.length, now);
    this.replace({ ...this.state, cars, checking: [], account: { ...account, calls } });
  }

  /**
   * The clock was set back to `now` (ms): moves the times of attempts that are now in the future, and drops the other times
   * of the account, so that none delays a check.
   */
  clockSetBack(now: number): void {
    const { mode } = this.state;
    const cars = this.everyCar((car) => {
      const { attemptedAt = now, modelAskedAt = now } = car;
      return {
        ...car,
        ...(attemptedAt > now && { attemptedAt: now }),
        ...(modelAskedAt > now && { modelAskedAt: now }),
      };
    });
    const account = afterClockSetBack(this.state.account);
    this.replace({ ...this.state, cars, account, ...(mode && { mode: setModeBack(mode, now) }) });
  }

  /** Calls {@link clockSetBack} if an attempt is too far after `now` (ms): the clock was set back, unnoticed by a timer. */
  dropTimesAhead(now: number): void {
    const isAhead = ({ attemptedAt = now }: Car) => attemptedAt - now >= clockToleranceMs;
    if (this.state.cars.some(isAhead)) this.clockSetBack(now);
  }

  sharingChanged(sharing: Sharing): void {
    if (sharing !== this.state.sharing) this.replace({ ...this.state, sharing });
  }

  /** The user has paused the checks, watches closely, or has ended the mode (`undefined`). */
  modeChanged(mode: Mode | undefined): void {
    const { mode: _, ...rest } = this.state;
    this.replace(mode ? { ...rest, mode } : rest);
  }

  /**
   * Deletes everything that was learned, at `now` (ms). The configured cars stay. No window uses its
   * credentials again until the user enters some, or asks for a check.
   */
  forgetAll(now: number): void {
    this.known.clear();
    const cars = this.state.cars.map(({ vin, name }): Car => ({
      vin,
      failures: 0,
      ...(name !== undefined && { name }),
    }));
    const { calls, sentAt } = this.state.account;
    const account = { ...emptyAccount, calls, sentAt, signedOut: true } as const;
    this.replace({ ...emptyState, sharing: this.state.sharing, cars, account, forgottenAt: now });
  }

  /** The part of the state that all windows share, without cars of which nothing is known. */
  get shared(): SharedState {
    const { cars, sharing: _, ...rest } = this.state;
    const configured = new Set(cars.map(({ vin }) => vin));
    const others = [...this.known.values()].filter(({ vin }) => !configured.has(vin));
    const shared = [...cars, ...others].map(({ name: _, ...car }) => car);
    return { ...rest, cars: shared.filter(isKnown) };
  }

  /**
   * Replaces everything but the list of cars with the state of another window. A car keeps its own state if this window has
   * a later reading of it, because it had to ask on its own.
   */
  adopt({ cars, ...shared }: SharedState, now: number): void {
    const own = new Map([...this.known.values(), ...this.state.cars].map((car) => [car.vin, car]));
    this.known.clear();
    for (const car of cars) this.known.set(car.vin, car);
    const forgottenAt = shared.forgottenAt ?? -Infinity;
    for (const [vin, car] of own) {
      const readAt = car.reading?.fetchedAt ?? -Infinity;
      const isNewer = readAt > (this.known.get(vin)?.reading?.fetchedAt ?? forgottenAt) && readAt <= now;
      if (isNewer) this.known.set(vin, car);
    }
    const next = this.state.cars.map(({ vin, name }): Car => {
      const { name: _, ...car } = this.known.get(vin) ?? { vin, failures: 0 };
      return name === undefined ? car : { ...car, name };
    });
    this.replace({ ...shared, cars: next, sharing: "shared" });
  }

  /** Takes over the state of cars that were not asked for yet. */
  recall(cars: readonly Omit<Car, "name">[]): void {
    for (const car of cars) {
      this.updateCar(car.vin, (own) => (own.attemptedAt === undefined ? { ...own, ...car } : own));
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Changes the cars that are not configured, and returns the configured ones, changed. */
  private everyCar(change: (car: Car) => Car): readonly Car[] {
    for (const [vin, car] of this.known) this.known.set(vin, change(car));
    return this.state.cars.map(change);
  }

  private updateCar(vin: Vin, change: (car: Car) => Car): void {
    if (!this.car(vin)) return;
    this.replace({ ...this.state, cars: this.state.cars.map((car) => (car.vin === vin ? change(car) : car)) });
  }

  private freshNotices(now: number): readonly Notice[] {
    return this.state.events.filter((notice) => isFresh(notice, now));
  }

  private replace(next: CarStoreState): void {
    this.state = next;
    this.changed.fire(next);
  }
}

function isKnown({ attemptedAt, reading, model }: Omit<Car, "name">): boolean {
  return attemptedAt !== undefined || reading !== undefined || model !== undefined;
}

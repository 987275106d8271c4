import { clockToleranceMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import { Emitter } from "../base/event";
import type { CarModel } from "./carModel";
import type { Problem } from "./problem";
import type { Reading } from "./reading";
import type { Recorded } from "./recorded";
import type { Vin } from "./vin";
import type { WorkingVersion } from "./workingApiVersion";
import { type Account, emptyAccount, type VolvoHold, sentWithinMinute, setBack, withoutPastHold } from "./account";
import { type Car, type ConfiguredCar, withProblem, withReading } from "./car";
import { isFresh, type Notice } from "./notice";
import { type Mode, setModeBack } from "./mode";
import { withCalls } from "./quota";
import { type CarStoreState, emptyState, type SharedState, type Sharing } from "./carStoreState";

/** The one mutable product state: what is known about the configured cars. Replaced whole at every transition. */
export class CarStore implements Disposable {
  private state = emptyState;
  /** Cars that are not configured at the moment, so that a car removed and added again keeps its reading. */
  private readonly known = new Map<Vin, Car>();
  private readonly changed = new Emitter<CarStoreState>();
  readonly onDidChange = this.changed.event;

  /** `levels` are the battery levels, in percent, that are events: of each list the last one that was crossed. */
  constructor(private readonly levels: () => readonly (readonly number[])[] = () => []) {}

  get current(): CarStoreState {
    return this.state;
  }

  car(vin: Vin): Car | undefined {
    return this.state.cars.find((car) => car.vin === vin);
  }

  /** Takes the list of the settings over; what is known of cars that stay, stays. */
  configure(cars: readonly ConfiguredCar[]): void {
    for (const car of this.state.cars) this.known.set(car.vin, car);
    const next = cars.map(({ vin, name }): Car => {
      const { name: _, ...rest } = this.car(vin) ?? this.known.get(vin) ?? { vin, failures: 0 };
      return name === undefined ? rest : { ...rest, name };
    });
    this.replace({ ...this.state, cars: next });
  }

  /** The cars are about to be asked for, by this window. `jitter` from 0 to 1. */
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

  /** The attempt had no outcome: the car is as due as `before` says, or at once where it is so already. */
  unanswered({ vin, attemptedAt, recheck }: Pick<Car, "vin" | "attemptedAt" | "recheck">): void {
    this.updateCar(vin, ({ attemptedAt: _, ...car }) => ({
      ...car,
      ...(attemptedAt !== undefined && { attemptedAt }),
      ...(recheck && { recheck }),
    }));
  }

  /** The cars are due at once, whichever window can ask for them. */
  wanted(vins: readonly Vin[]): void {
    const cars = this.state.cars.map((car): Car => (vins.includes(car.vin) ? { ...car, recheck: true } : car));
    this.replace({ ...this.state, cars });
  }

  /** A request of this window leaves at `now` (ms): it counts for the day, for the minute and for the next turn. */
  requested(by: string, now: number): void {
    const { account } = this.state;
    const calls = withCalls(account.calls, 1, now);
    const sentAt = [...sentWithinMinute(account, now), now];
    this.replace({ ...this.state, askedBy: by, account: { ...account, calls, sentAt } });
  }

  /**
   * A fresh reading: the problem of the car and the refusals of the credentials are over. Changes since a reading more
   * than `watchedMs` ago are no events.
   */
  succeeded(vin: Vin, fresh: Reading, watchedMs = Infinity): void {
    const before = this.car(vin);
    if (!before) return;
    const { car, events } = withReading(before, fresh, watchedMs, this.levels());
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

  /** There is something to tell, in one of the windows. */
  tell(notice: Notice): void {
    this.replace({ ...this.state, events: [...this.freshNotices(notice.at), notice] });
  }

  /** No reading came: the last one stays, `problem` stands beside it. */
  failed(vin: Vin, problem: Problem, at: number, countsAsFailure: boolean): void {
    this.updateCar(vin, (car) => ({
      ...withProblem(car, problem),
      attemptedAt: at,
      failures: countsAsFailure ? car.failures + 1 : car.failures,
    }));
  }

  /** Volvo asked for silence; of two such times the later counts. These cars were not even asked for. */
  held(hold: VolvoHold, waiting: readonly Vin[]): void {
    const { account } = this.state;
    const longest = account.hold && account.hold.until > hold.until ? account.hold : hold;
    const cars = this.state.cars.map((car) => (waiting.includes(car.vin) ? withProblem(car, hold) : car));
    this.replace({ ...this.state, cars, account: { ...account, hold: longest } });
  }

  /** What the history says about these cars; `undefined` where it says nothing. */
  recorded(changes: ReadonlyMap<Vin, Recorded | undefined>): void {
    const cars = this.state.cars.map((car): Car => {
      if (!changes.has(car.vin)) return car;
      const { recorded: _, ...rest } = car;
      const recorded = changes.get(car.vin);
      return recorded ? { ...rest, recorded } : rest;
    });
    this.replace({ ...this.state, cars });
  }

  /** The history of all cars was deleted, also of those that are not configured. */
  forgetRecorded(): void {
    for (const [vin, { recorded: _, ...car }] of this.known) this.known.set(vin, car);
    const cars = this.state.cars.map(({ recorded: _, ...car }): Car => car);
    this.replace({ ...this.state, cars });
  }

  modelKnown(vin: Vin, model: CarModel | undefined, askedAt: number): void {
    this.updateCar(vin, (car) => ({ ...car, modelAskedAt: askedAt, ...(model && { model }) }));
  }

  /** Which version of the Energy API works. Where none did before, cars that were told so are due at once. */
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

  /** New credentials: problems and refusals of the old ones are over and every car is due; readings stay. */
  credentialsChanged(credentials: string): void {
    const cars = this.state.cars.map(({ problem: _, ...car }): Car => ({ ...car, failures: 0, recheck: true }));
    const { calls, sentAt } = this.state.account;
    this.replace({ ...this.state, cars, account: { ...emptyAccount, calls, sentAt, credentials } });
  }

  /** The next check is left to this window, as if it had asked last. */
  goesFirst(window: string): void {
    this.replace({ ...this.state, askedBy: window });
  }

  /**
   * Another window was killed while it asked: the cars are due, and its calls count, at most two for each. It may have
   * asked until `askedUntil` (ms); where that is left out, so long ago that the time is known from before.
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

  /** The clock was set back to `now` (ms): times of the old clock must not postpone anything. */
  clockSetBack(now: number): void {
    const { mode } = this.state;
    const cars = this.state.cars.map((car): Car => {
      const { attemptedAt = now, modelAskedAt = now } = car;
      return {
        ...car,
        ...(attemptedAt > now && { attemptedAt: now }),
        ...(modelAskedAt > now && { modelAskedAt: now }),
      };
    });
    const account = setBack(this.state.account);
    this.replace({ ...this.state, cars, account, ...(mode && { mode: setModeBack(mode, now) }) });
  }

  /** Sets times back that lie too far ahead of `now` (ms): the clock was set back, and no timer has noticed. */
  dropTimesAhead(now: number): void {
    const isAhead = ({ attemptedAt = now }: Car) => attemptedAt - now >= clockToleranceMs;
    if (this.state.cars.some(isAhead)) this.clockSetBack(now);
  }

  sharingChanged(sharing: Sharing): void {
    if (sharing !== this.state.sharing) this.replace({ ...this.state, sharing });
  }

  /** The user has paused the checks, watches closely, or has ended either (`undefined`). */
  modeChanged(mode: Mode | undefined): void {
    const { mode: _, ...rest } = this.state;
    this.replace(mode ? { ...rest, mode } : rest);
  }

  /** Everything that was learned is deleted at `now` (ms); the configured cars stay, and no window signs in by itself. */
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

  /** What the other windows may know as well: nothing of cars of which nothing is known. */
  get shared(): SharedState {
    const { cars, sharing: _, ...rest } = this.state;
    const configured = new Set(cars.map(({ vin }) => vin));
    const others = [...this.known.values()].filter(({ vin }) => !configured.has(vin));
    const shared = [...cars, ...others].map(({ name: _, ...car }) => car);
    return { ...rest, cars: shared.filter(isKnown) };
  }

  /**
   * Takes over what another window has found out, in the place of everything known here but the list of cars. Of a car
   * that this window has read later, because it had to ask on its own, the own reading stays.
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

  /** Learns of cars of which nothing is known yet. */
  recall(cars: readonly Omit<Car, "name">[]): void {
    for (const car of cars) {
      this.updateCar(car.vin, (own) => (own.attemptedAt === undefined ? { ...own, ...car } : own));
    }
  }

  dispose(): void {
    this.changed.dispose();
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

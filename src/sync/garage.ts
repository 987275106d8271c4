import { secondMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import { Emitter } from "../base/event";
import type { CarModel } from "../charging/carModel";
import type { Problem } from "../charging/problem";
import type { Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import type { WorkingVersion } from "../volvo/client";
import { type Account, emptyAccount, type Hold, setBack, withoutPastHold } from "./account";
import { type Car, type ConfiguredCar, withProblem, withReading } from "./car";
import { isFresh, type News } from "./news";
import type { CallCount } from "./quota";

/** A request that is announced leaves within this time; for one that leaves later the car is announced again. */
export const announcedForMs = 5 * secondMs;

export interface GarageState {
  readonly cars: readonly Car[];
  readonly account: Account;
  /** The cars that are being asked for at this moment. */
  readonly checking: readonly Vin[];
  readonly nextCheckAt?: number;
  /** What is there to be told and not too old for it. */
  readonly events: readonly News[];
}

/** What all windows know alike: of every car, configured or not, and without the names that the user gave. */
export interface SharedState extends Omit<GarageState, "cars"> {
  readonly cars: readonly Omit<Car, "name">[];
}

/** The one mutable product state: what is known about the configured cars. Replaced whole at every transition. */
export class Garage implements Disposable {
  private state: GarageState = { cars: [], account: emptyAccount, checking: [], events: [] };
  /** What is known of cars that are not configured right now: a car removed and added again is not forgotten. */
  private readonly known = new Map<Vin, Car>();
  private readonly changed = new Emitter<GarageState>();
  readonly onDidChange = this.changed.event;
  private readonly forgotten = new Emitter<void>();
  /** The user wants everything that was learnt deleted. */
  readonly onDidForget = this.forgotten.event;

  get current(): GarageState {
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

  started(vins: readonly Vin[]): void {
    this.replace({ ...this.state, checking: [...new Set([...this.state.checking, ...vins])] });
  }

  finished(vins: readonly Vin[]): void {
    this.replace({ ...this.state, checking: this.state.checking.filter((vin) => !vins.includes(vin)) });
  }

  /** The car is about to be asked for. */
  attempted(vin: Vin, at: number): void {
    this.updateCar(vin, ({ recheck: _, ...car }) => ({ ...car, attemptedAt: at }));
  }

  /** Nobody will say what came of an attempt: the car is as due as told here, or at once where that is so already. */
  unanswered({ vin, attemptedAt, recheck }: Pick<Car, "vin" | "attemptedAt" | "recheck">): void {
    this.updateCar(vin, ({ attemptedAt: _, ...car }) => ({
      ...car,
      ...(attemptedAt !== undefined && { attemptedAt }),
      ...(recheck && { recheck }),
    }));
  }

  /** A fresh reading: the car's problem and what was held against the credentials are over. */
  succeeded(vin: Vin, fresh: Reading): void {
    const before = this.car(vin);
    if (!before) return;
    const { car, events } = withReading(before, fresh);
    this.replace({
      ...this.state,
      cars: this.state.cars.map((other) => (other.vin === vin ? car : other)),
      account: { ...withoutPastHold(this.state.account, fresh.fetchedAt), keyRefusals: 0, tokenRefusals: 0 },
      events: [...this.freshNews(fresh.fetchedAt), ...events],
    });
  }

  /** There is something to tell, in one of the windows. */
  tell(news: News): void {
    this.replace({ ...this.state, events: [...this.freshNews(news.at), news] });
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
  held(hold: Hold, waiting: readonly Vin[]): void {
    const { account } = this.state;
    const longest = account.hold && account.hold.until > hold.until ? account.hold : hold;
    const cars = this.state.cars.map((car) => (waiting.includes(car.vin) ? withProblem(car, hold) : car));
    this.replace({ ...this.state, cars, account: { ...account, hold: longest } });
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

  called(calls: CallCount): void {
    this.updateAccount((account) => ({ ...account, calls }));
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
    this.replace({ ...this.state, cars, account: { ...emptyAccount, calls: this.state.account.calls, credentials } });
  }

  /**
   * This window asks from now on. Cars that the one before was asking for are due: their answers were lost with it.
   * When it really asked is not known, only that it was about to.
   */
  takeOver(): void {
    const { checking } = this.state;
    const lost = (car: Car): Car => {
      const { attemptedAt } = car;
      return { ...car, recheck: true, ...(attemptedAt !== undefined && { attemptedAt: attemptedAt + announcedForMs }) };
    };
    const cars = this.state.cars.map((car) => (checking.includes(car.vin) ? lost(car) : car));
    this.replace({ ...this.state, cars, checking: [] });
  }

  /** The clock was set back: what was told by the old one must not postpone anything by the time it lost. */
  clockSetBack(now: number): void {
    const cars = this.state.cars.map((car): Car => {
      return car.attemptedAt !== undefined && car.attemptedAt > now ? { ...car, attemptedAt: now } : car;
    });
    this.replace({ ...this.state, cars, account: setBack(this.state.account, now) });
  }

  /** What will be read next is compared with nothing: nobody watched what happened before. */
  forgetBaselines(): void {
    this.replace({ ...this.state, cars: this.state.cars.map(({ baseline: _, ...car }): Car => car) });
  }

  /** Everything that was learnt is gone; the configured cars stay. */
  forgetAll(): void {
    this.known.clear();
    const cars = this.state.cars.map(({ vin, name }): Car => ({
      vin,
      failures: 0,
      ...(name !== undefined && { name }),
    }));
    const account = { ...emptyAccount, calls: this.state.account.calls };
    this.replace({ cars, account, checking: [], events: [] });
    this.forgotten.fire();
  }

  /** What other windows may know as well. */
  get shared(): SharedState {
    const { cars, account, checking, nextCheckAt, events } = this.state;
    const configured = new Set(cars.map(({ vin }) => vin));
    const others = [...this.known.values()].filter(({ vin }) => !configured.has(vin));
    return {
      cars: [...cars, ...others].map(({ name: _, ...car }) => car),
      account,
      checking,
      events,
      ...(nextCheckAt !== undefined && { nextCheckAt }),
    };
  }

  /** Takes over what another window found out, in the place of everything known here but the list of cars. */
  adopt({ cars, ...shared }: SharedState): void {
    for (const car of cars) this.known.set(car.vin, car);
    const own = this.state.cars.map(({ vin, name }): Car => {
      const { name: _, ...car } = this.known.get(vin) ?? { vin, failures: 0 };
      return name === undefined ? car : { ...car, name };
    });
    this.replace({ ...shared, cars: own });
  }

  /** Learns of cars of which nothing is known yet. */
  recall(cars: readonly Omit<Car, "name">[]): void {
    for (const car of cars) {
      this.updateCar(car.vin, (own) => (own.attemptedAt === undefined ? { ...own, ...car } : own));
    }
  }

  dispose(): void {
    this.changed.dispose();
    this.forgotten.dispose();
  }

  private updateCar(vin: Vin, change: (car: Car) => Car): void {
    if (!this.car(vin)) return;
    this.replace({ ...this.state, cars: this.state.cars.map((car) => (car.vin === vin ? change(car) : car)) });
  }

  private freshNews(now: number): readonly News[] {
    return this.state.events.filter((news) => isFresh(news, now));
  }

  private replace(next: GarageState): void {
    this.state = next;
    this.changed.fire(next);
  }
}

import { sessionProblem, type SessionState } from "../auth/sessionState";
import { carKey } from "../charging/carKey";
import { commonProblem, type Problem } from "../charging/problem";
import { isStale } from "../charging/reading";
import { blockingFault, type Settings } from "../settings/settings";
import { activeHold, isSignedOutOf, isTokenSpent, spentBudget } from "../charging/account";
import type { Car } from "../charging/car";
import type { CarStoreState } from "../charging/carStoreState";
import { activeMode, type Mode } from "../charging/mode";
import type { Vin } from "../charging/vin";
import type { Session } from "../history/model";
import { carNames } from "./carNames";
import { settingFaultText } from "./settingText";
import type { Locale } from "./times";

/** The product's state at one moment. A {@link ViewState} is computed from nothing else. */
export interface ViewInputs {
  /** Presentation reads the cars from {@link ViewState.cars}; those in here lack their names and the shared problem. */
  readonly carStore: CarStoreState;
  readonly session: SessionState;
  /** `demo` is true only while simulated cars are shown; the setting alone does not make it so. */
  readonly settings: Settings;
  /** Absent while a window has not read the history of its cars yet. */
  readonly history?: CarHistoryView;
  /** Ms since the epoch. */
  readonly now: number;
  readonly locale: Locale;
}

/** Everything that presentation shows, computed once per painting. */
export interface ViewState extends ViewInputs {
  /** In display order. */
  readonly cars: readonly CarView[];
  /** The problem that all cars share: a problem of the account, or the same one in the answers about each car. */
  readonly problem: Problem | undefined;
  /** The mode in force; `undefined` if there is none, and in an outdated window, which does not know it. */
  readonly mode: Mode | undefined;
}

/** A car as it is shown. */
export interface CarView extends Omit<Car, "name" | "problem"> {
  readonly key: string;
  /** Different from the names of all other cars. */
  readonly name: string;
  /** The name for narrow places, also different from all others. */
  readonly shortName: string;
  /** The problem that prevents a fresh reading: the one that all cars share, else the car's own. */
  readonly problem: Problem | undefined;
  /** The reading is stale, or a problem prevents its renewal. */
  readonly doubtful: boolean;
  /** The reading is older than the setting `staleAfter` allows. */
  readonly stale: boolean;
  readonly checking: boolean;
  readonly isPinned: boolean;
}

/** The parts of the cars' history that the view state contains. */
export interface CarHistoryView {
  readonly hasHistory: boolean;
  lastCharge(vin: Vin): Session | undefined;
  /** When the car reaches its target at the rate that was observed (ms), while it charges. */
  observedFinish(vin: Vin): number | undefined;
}

/** The live objects that a view state is read from. */
export interface ViewStateSource {
  readonly carStore: { readonly current: CarStoreState };
  readonly session: { readonly current: SessionState };
  readonly settings: { readonly current: Settings };
  readonly history?: CarHistoryView;
  readonly isDemo: boolean;
}

/** The view state at `now` (ms since the epoch). */
export function viewStateOf(source: ViewStateSource, now: number, locale: Locale): ViewState {
  return createViewState({
    carStore: source.carStore.current,
    session: source.session.current,
    settings: { ...source.settings.current, demo: source.isDemo },
    ...(source.history && { history: source.history }),
    now,
    locale,
  });
}

export function createViewState(inputs: ViewInputs): ViewState {
  const { carStore, now } = inputs;
  const mode = carStore.sharing === "newer" ? undefined : activeMode(carStore.mode, now);
  const nextCheckAt = mode?.kind === "paused" ? 0 : (carStore.nextCheckAt ?? 0);
  const shown = (problem: Problem | undefined) => problem && untilChecked(problem, nextCheckAt);
  const problem = shown(accountProblem(inputs) ?? commonProblem(carStore.cars));
  const cars = carViews(inputs, (own) => problem ?? shown(own));
  return { ...inputs, problem, mode, cars };
}

/**
 * The problem as it is shown. A wait that Volvo has asked for ends at the next check (ms since the epoch), so that both
 * have one time.
 */
function untilChecked(problem: Problem, nextCheckAt: number): Problem {
  if (!("until" in problem) || nextCheckAt <= problem.until) return problem;
  return { ...problem, until: nextCheckAt };
}

/**
 * The problem that is known without an answer about a car. In order of precedence: an outdated window, which makes no
 * requests, then settings, credentials and Volvo's limits.
 */
function accountProblem(inputs: ViewInputs): Problem | undefined {
  const { session, carStore, now } = inputs;
  if (carStore.sharing === "newer") return { kind: "outdatedWindow" };
  return (
    settingsProblem(inputs) ?? sessionProblem(session) ?? grantProblem(inputs) ?? activeHold(carStore.account, now)
  );
}

/** Stops all requests until the user acts, so it takes precedence over the cars' own problems. */
function grantProblem({ session, carStore: { account, cars } }: ViewInputs): Problem | undefined {
  if (session.kind !== "ready") return undefined;
  // The first check with new credentials ends the sign-out. Without a car there is none.
  if (cars.length > 0 && isSignedOutOf(account, session.credentials)) return { kind: "credentialsMissing" };
  return isTokenSpent(account) ? { kind: "tokenEnded" } : undefined;
}

/** An unusable address in the settings. Credentials would be sent to it, so no request is made. */
export function settingsProblem({ settings, session }: Pick<ViewInputs, "settings" | "session">): Problem | undefined {
  const fault = blockingFault(settings, session);
  return fault && { kind: "misconfigured", setting: fault.key, text: settingFaultText(fault) };
}

/** Twelve names of this length leave room for state and time in a hover, which VS Code makes 500 pixels wide. */
const shortNameLength = 24;

function carViews(
  { carStore, settings, now }: ViewInputs,
  shownProblem: (own: Problem | undefined) => Problem | undefined,
): readonly CarView[] {
  const names = carNames(carStore.cars, settings);
  const shortNames = carNames(carStore.cars, settings, shortNameLength);
  return carStore.cars.map((car, index) => {
    const stale = car.reading !== undefined && isStale(car.reading, now, settings.staleAfterMs);
    const problem = shownProblem(car.problem);
    return {
      ...car,
      key: carKey(car.vin),
      name: names[index] ?? "",
      shortName: shortNames[index] ?? "",
      problem,
      stale,
      doubtful: car.reading !== undefined && (stale || problem !== undefined),
      checking: carStore.checking.includes(car.vin),
      isPinned: settings.pinned === car.vin,
    };
  });
}

/**
 * The end of the wait that Volvo has asked for (ms since the epoch); `undefined` for none. The problem outlasts the
 * wait, until a check succeeds.
 */
export function waitEnd({ problem }: Pick<CarView, "problem">, now: number): number | undefined {
  return problem && "until" in problem && problem.until > now ? problem.until : undefined;
}

/** The end of the longest wait (ms since the epoch): one that Volvo asked for, or a spent daily budget of calls. */
export function longestWaitEnd({ cars, carStore, settings, now }: ViewState): number | undefined {
  const ends = cars.flatMap((car) => waitEnd(car, now) ?? []);
  const spent = spentBudget(carStore.account, settings.dailyCallBudget, now);
  if (spent) ends.push(spent.until);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

import { t } from "@vscode/l10n";
import { sessionProblem, type SessionState } from "../auth/sessionState";
import { carKey } from "../charging/carKey";
import type { Problem } from "../charging/problem";
import { isStale } from "../charging/reading";
import { vinTail } from "../charging/vin";
import { blockingFault, type Settings } from "../settings";
import { activeHold, isTokenSpent } from "../sync/account";
import type { Car } from "../sync/car";
import type { GarageState } from "../sync/garage";
import { callsToday, nextUtcMidnight } from "../sync/quota";
import { isolated, plainLine } from "./plainText";
import { settingFaultText } from "./settingText";
import type { Locale } from "./times";

/** Everything that presentation looks at. */
export interface Picture {
  readonly garage: GarageState;
  readonly session: SessionState;
  /** Of these `demo` says whether the cars are simulated: the wish alone does not make them so. */
  readonly settings: Settings;
  readonly now: number;
  readonly locale: Locale;
}

/** What a picture is taken of. */
export interface Pictured {
  readonly garage: { readonly current: GarageState };
  readonly session: { readonly current: SessionState };
  readonly settings: { readonly current: Settings };
  readonly isDemo: boolean;
}

/** What there is to show at `now` (ms). */
export function pictureOf({ garage, session, settings, isDemo }: Pictured, now: number, locale: Locale): Picture {
  return {
    garage: garage.current,
    session: session.current,
    settings: { ...settings.current, demo: isDemo },
    now,
    locale,
  };
}

/** A car as it is shown. */
export interface CarView extends Omit<Car, "name" | "problem"> {
  readonly key: string;
  readonly name: string;
  /** The name for narrow places; as unlike the others' as the whole one. */
  readonly shortName: string;
  /** What stands between this car and a fresh reading, whether it is the car's own or everybody's. */
  readonly problem: Problem | undefined;
  /** The reading is older than the user trusts, or something keeps it from being renewed. */
  readonly doubtful: boolean;
  readonly stale: boolean;
  readonly checking: boolean;
  readonly isPinned: boolean;
}

/** The problem of all cars alike: settings before credentials before Volvo's limits. */
export function commonProblem(picture: Picture): Problem | undefined {
  const { session, garage, now } = picture;
  return (
    settingsProblem(picture) ?? sessionProblem(session) ?? tokenProblem(picture) ?? activeHold(garage.account, now)
  );
}

/** What stops the asking until the user acts is shown until then, also where the cars' own problems are others. */
function tokenProblem({ session, garage }: Picture): Problem | undefined {
  return session.kind === "ready" && isTokenSpent(garage.account) ? { kind: "tokenEnded" } : undefined;
}

/** What is wrong with an address in the settings that credentials go to, so that nothing goes anywhere. */
export function settingsProblem({ settings, session }: Pick<Picture, "settings" | "session">): Problem | undefined {
  const fault = blockingFault(settings, session);
  return fault && { kind: "misconfigured", setting: fault.key, text: settingFaultText(fault) };
}

/** When nothing more keeps this car waiting that has told its own end; `undefined` where nothing does. */
export function pausedUntil({ problem }: Pick<CarView, "problem">): number | undefined {
  return problem && "until" in problem ? problem.until : undefined;
}

/** When asking goes on after a pause of all cars: Volvo's, or that of the user's own budget of calls. */
export function pauseEnd(cars: readonly CarView[], { garage, settings, now }: Picture): number | undefined {
  const ends = cars.flatMap((car) => pausedUntil(car) ?? []);
  if (callsToday(garage.account.calls, now) >= settings.dailyCallBudget) ends.push(nextUtcMidnight(now));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** A problem that has told its own end is over then, whether or not the next check has come. */
function stillTrue(problem: Problem | undefined, now: number): Problem | undefined {
  return problem && "until" in problem && problem.until <= now ? undefined : problem;
}

export function carViews(picture: Picture): readonly CarView[] {
  const { garage, settings, now } = picture;
  const common = commonProblem(picture);
  const names = carNames(garage.cars, settings);
  const shortNames = carNames(garage.cars, settings, shortNameLength);
  return garage.cars.map((car, index) => {
    const stale = car.reading !== undefined && isStale(car.reading, now, settings.staleAfterMs);
    const problem = common ?? stillTrue(car.problem, now);
    return {
      ...car,
      key: carKey(car.vin),
      name: names[index] ?? "",
      shortName: shortNames[index] ?? "",
      problem,
      stale,
      doubtful: car.reading !== undefined && (stale || problem !== undefined),
      checking: garage.checking.includes(car.vin),
      isPinned: settings.pinned === car.vin,
    };
  });
}

/** Twelve names of this length leave room for state and time in a hover, which VS Code makes 500 pixels wide. */
const shortNameLength = 24;

/**
 * What the cars are called: the user's name, else model and year, else the end of the VIN; `longest` characters at
 * most. Equal names get the end of the VIN as well, and a number where even that is equal. In presenter mode a number
 * says it all.
 */
export function carNames(cars: readonly Car[], settings: Settings, longest = 60): readonly string[] {
  if (settings.presenterMode) return cars.map((_, index) => t("Car {0}", index + 1));
  const tail = (car: Car) => (settings.showFullVins ? car.vin : `…${vinTail(car.vin)}`);
  const wanted = cars.map((car) => ownName(car, longest) ?? `Volvo ${tail(car)}`);
  const taken = new Set<string>();
  return cars.map((car, index) => {
    const name = wanted[index] ?? "";
    const isShared = wanted.filter((other) => other === name).length > 1;
    const told = isShared ? `${ownName(car, longest - tail(car).length - 1) ?? "Volvo"} ${tail(car)}` : name;
    let unique = told;
    for (let count = 2; taken.has(unique); count++) unique = `${told} (${count})`;
    taken.add(unique);
    return isolated(unique);
  });
}

/** What a car of the account is called while the user chooses from all of them, each beside the end of its VIN. */
export function listedName(car: Pick<Car, "name" | "model">): string {
  return isolated(ownName(car, 60) ?? "Volvo");
}

function ownName(car: Pick<Car, "name" | "model">, longest: number): string | undefined {
  const chosen = plainLine(car.name ?? "", longest);
  if (chosen !== "") return chosen;
  const { model, year } = car.model ?? { model: "" };
  const made = plainLine(year === undefined ? model : `${model} ${year}`, longest);
  return made === "" ? undefined : made;
}

/** A VIN as far as the user wants it shown; `undefined` in presenter mode. */
export function vinText(car: Pick<Car, "vin">, settings: Settings): string | undefined {
  if (settings.presenterMode) return undefined;
  return settings.showFullVins ? car.vin : `…${vinTail(car.vin)}`;
}

/** Who asks Volvo, for the hover's last line; empty where nobody does, and in presenter mode without a name. */
export function accountLabel({ session, settings }: Picture): string {
  if (settings.demo || (session.kind !== "ready" && session.kind !== "stopped")) return "";
  if (session.account.kind === "testToken") return t("Test token");
  const label = settings.presenterMode ? "" : plainLine(session.account.label);
  return label === "" ? t("Volvo ID") : t("Volvo ID {0}", label);
}

import type { SessionState } from "../../../src/auth/sessionState";
import { hourMs, minuteMs } from "../../../src/base/clock";
import type { Connection } from "../../../src/charging/connection";
import type { Measured, Reading } from "../../../src/charging/reading";
import { checkVin, type Vin } from "../../../src/charging/vin";
import { type SettingKey, settingDefaults } from "../../../src/contributions";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import { emptyAccount } from "../../../src/charging/account";
import type { Car } from "../../../src/charging/car";
import type { CarStoreState } from "../../../src/charging/carStoreState";

/** Monday, 23 November 2026, 8:40 UTC. */
export const now = Date.UTC(2026, 10, 23, 8, 40);

/** A made-up VIN that ends in `tail`. */
export function vinOf(tail: number | string): Vin {
  const check = checkVin(`YV1TEST${String(tail).padStart(10, "0")}`);
  if (check.kind !== "valid") throw new Error(`not the end of a VIN: ${String(tail)}`);
  return check.vin;
}

export function settingsWith(values: Readonly<Partial<Record<SettingKey, unknown>>> = {}): Settings {
  return parseSettings((key) => values[key] ?? settingDefaults[key]);
}

export const ready: SessionState = { kind: "ready", credentials: "c", account: { kind: "testToken" } };

/** A value measured `ageMs` ago. */
export function measured<T>(value: T, ageMs = 12 * minuteMs): Measured<T> {
  return { value, measuredAt: now - ageMs };
}

export function connectionOf(kind: Exclude<Connection["kind"], "unknown">): Connection {
  return { kind };
}

/** A reading fetched 40 s ago and measured 12 min ago, unless `changes` says otherwise. */
export function readingOf(kind: Exclude<Connection["kind"], "unknown">, changes: Partial<Reading> = {}): Reading {
  return {
    connection: measured<Connection>(connectionOf(kind)),
    details: {},
    servedBy: "v1",
    fetchedAt: now - 40_000,
    ...changes,
  };
}

/** All details that Energy v2 reports for a car that is charging. */
export const chargingDetails: Reading["details"] = {
  batteryLevel: measured(58),
  range: measured({ amount: 250, unit: "km" }),
  chargingStatus: measured("charging"),
  powerStatus: measured("providingPower"),
  power: measured(11_040),
  targetLevel: measured(90, 70 * 24 * hourMs),
  currentLimit: measured(16, 400 * 24 * hourMs),
  minutesToTarget: measured(95),
};

export function carOf(tail: number | string, changes: Partial<Omit<Car, "vin">> = {}): Car {
  return { vin: vinOf(tail), failures: 0, ...changes };
}

interface ViewStateChanges {
  readonly cars?: readonly Car[];
  readonly carStore?: Partial<CarStoreState>;
  readonly settings?: Readonly<Partial<Record<SettingKey, unknown>>>;
  readonly session?: SessionState;
  readonly now?: number;
  readonly language?: string;
  readonly timeZone?: string;
}

export function viewStateOf(changes: ViewStateChanges = {}): ViewState {
  const calls = { day: Math.floor(now / (24 * hourMs)), calls: 42 };
  return createViewState({
    carStore: {
      cars: changes.cars ?? [],
      account: { ...emptyAccount, calls, ...(changes.cars?.some(({ reading }) => reading) && { accepted: true }) },
      checking: [],
      events: [],
      jitter: 0,
      sharing: "shared",
      nextCheckAt: now + 4 * minuteMs,
      ...changes.carStore,
    },
    session: changes.session ?? ready,
    settings: settingsWith(changes.settings),
    now: changes.now ?? now,
    locale: { language: changes.language ?? "en", timeZone: changes.timeZone ?? "UTC" },
  });
}

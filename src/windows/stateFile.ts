import * as v from "valibot";
import { dayMs } from "../base/clock";
import type { Vin } from "../charging/vin";
import type { SharedState } from "../charging/carStoreState";
import type { Notice } from "../charging/notice";
import type { KeyOf, Keys } from "./carKeys";
import { schemaVersion } from "./stateFileNames";
import { type CarRecord, type StateFile, stateSchema } from "./stateSchema";

/** Cars that are not configured, by key: a removed car may be added again. */
export type OtherCars = Readonly<Record<string, CarRecord>>;

/** A removed car is forgotten after this time. */
const rememberedMs = 30 * dayMs;

/** The text of the state, without VINs, names from settings or secrets. `keys` may be absent if there is no car. */
export function writeState(state: SharedState, otherCars: OtherCars, keys: Keys | undefined, now: number): string {
  const { cars, checking, events, ...rest } = state;
  const keyOf: KeyOf = (vin) => keys?.keyOf(vin) ?? "";
  const remembered = Object.entries(otherCars).filter(
    ([, { attemptedAt }]) => attemptedAt !== undefined && now - attemptedAt < rememberedMs,
  );
  const own = cars.map(({ vin, ...car }): [string, CarRecord] => [keyOf(vin), car]);
  const file: StateFile = {
    schema: schemaVersion,
    at: now,
    keys: keys?.id ?? "",
    ...rest,
    cars: Object.fromEntries([...remembered, ...own]),
    checking: checking.map(keyOf),
    events: events.map((notice) => {
      if (notice.kind === "reminder") return notice;
      const { vin, ...event } = notice;
      return { ...event, car: keyOf(vin) };
    }),
  };
  return JSON.stringify(file);
}

export type StateReading =
  | { readonly kind: "read"; readonly file: StateFile }
  /** Written by a newer version of this extension. */
  | { readonly kind: "newer" }
  | { readonly kind: "damaged" };

/** Reads the text of a state. Never throws. */
export function readState(text: string): StateReading {
  try {
    const raw = JSON.parse(text) as unknown;
    const result = v.safeParse(stateSchema, raw);
    if (result.success) return { kind: "read", file: result.output };
    const { schema } = raw as { readonly schema?: unknown };
    return { kind: typeof schema === "number" && schema > schemaVersion ? "newer" : "damaged" };
  } catch {
    return { kind: "damaged" };
  }
}

/** The state with `vins` in place of their keys. Cars with other keys are `otherCars`. */
export function resolveState(
  file: StateFile,
  vins: readonly Vin[],
  keyOf: KeyOf | undefined,
): { readonly state: SharedState; readonly otherCars: OtherCars } {
  const byKey = new Map(keyOf ? vins.map((vin) => [keyOf(vin), vin]) : []);
  const known = (key: string) => {
    const vin = byKey.get(key);
    return vin === undefined ? [] : [vin];
  };
  const { schema: _, at: __, keys: ___, cars, checking, events, ...rest } = file;
  const otherCars = Object.entries(cars).filter(([key]) => !byKey.has(key));
  const state: SharedState = {
    ...rest,
    cars: Object.entries(cars).flatMap(([key, car]) => known(key).map((vin) => ({ ...car, vin }))),
    checking: checking.flatMap(known),
    events: events.flatMap((notice): readonly Notice[] => {
      if (notice.kind === "reminder") return [notice];
      const { car, ...event } = notice;
      return known(car).map((vin) => ({ ...event, vin }));
    }),
  };
  return { state, otherCars: Object.fromEntries(otherCars) };
}

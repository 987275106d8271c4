import * as v from "valibot";
import { dayMs } from "../base/clock";
import type { Vin } from "../charging/vin";
import type { KeyOf } from "./carKeys";
import type { SharedState } from "./garage";
import type { News } from "./news";
import { type CarRecord, schemaVersion, type SnapshotFile, snapshotSchema } from "./snapshotSchema";

/** What is known of all cars, for the windows that do not poll and for the next one that opens. */
export const snapshotFile = "snapshot.json";

/** Cars that this window does not know the VINs of: other settings, or a car that was removed and may come back. */
export type Strangers = Readonly<Record<string, CarRecord>>;

/** A car that is no longer configured is forgotten after this time. */
const rememberedMs = 30 * dayMs;

/** The text of the snapshot: no VIN, no name that the user gave, nothing secret. */
export function writeSnapshot(
  state: SharedState,
  strangers: Strangers,
  keyOf: KeyOf,
  written: { readonly lease: number; readonly now: number },
): string {
  const { cars, checking, events, ...rest } = state;
  const remembered = Object.entries(strangers).filter(
    ([, { attemptedAt }]) => attemptedAt !== undefined && written.now - attemptedAt < rememberedMs,
  );
  const own = cars.map(({ vin, ...car }): [string, CarRecord] => [keyOf(vin), car]);
  const file: SnapshotFile = {
    schema: schemaVersion,
    lease: written.lease,
    at: written.now,
    ...rest,
    cars: Object.fromEntries([...remembered, ...own]),
    checking: checking.map(keyOf),
    events: events.map((news) => {
      if (news.kind === "reminder") return news;
      const { vin, ...event } = news;
      return { ...event, car: keyOf(vin) };
    }),
  };
  return JSON.stringify(file);
}

/** What a snapshot says; `undefined` for one that is damaged, or of another version of this extension. */
export function readSnapshot(text: string): SnapshotFile | undefined {
  try {
    const result = v.safeParse(snapshotSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** A snapshot as seen by a window that knows `vins`. */
export function resolveSnapshot(
  file: SnapshotFile,
  vins: readonly Vin[],
  keyOf: KeyOf,
): { readonly state: SharedState; readonly strangers: Strangers } {
  const byKey = new Map(vins.map((vin) => [keyOf(vin), vin]));
  const known = (key: string) => {
    const vin = byKey.get(key);
    return vin === undefined ? [] : [vin];
  };
  const { account, nextCheckAt } = file;
  const strangers = Object.entries(file.cars).filter(([key]) => !byKey.has(key));
  const state: SharedState = {
    cars: Object.entries(file.cars).flatMap(([key, car]) => known(key).map((vin) => ({ ...car, vin }))),
    account,
    checking: file.checking.flatMap(known),
    events: file.events.flatMap((news): readonly News[] => {
      if (news.kind === "reminder") return [news];
      const { car, ...event } = news;
      return known(car).map((vin) => ({ ...event, vin }));
    }),
    ...(nextCheckAt !== undefined && { nextCheckAt }),
  };
  return { state, strangers: Object.fromEntries(strangers) };
}

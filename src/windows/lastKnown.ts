import type { Connection, UnknownReason } from "../charging/connection";
import type { Problem } from "../charging/problem";
import type { Details, Reading } from "../charging/reading";
import type { Car, ConfiguredCar } from "../charging/car";
import { keysOf, saltFile } from "./carKeys";
import { schemaVersion, stateFile, turnsOf } from "./stateFileNames";

/** The files of the shared folder, read synchronously. */
export interface FilesNow {
  list(): readonly string[];
  read(name: string): string | undefined;
}

/**
 * The configured cars with their last known state, as far as the status-bar item shows it, for the first painting of a
 * window. Checks the values by hand: building the schema of the whole file takes longer than the rest of the start-up.
 * If the files cannot be read, the cars are unknown. Never throws.
 */
export function lastKnownCars(files: FilesNow, cars: readonly ConfiguredCar[]): readonly Car[] {
  const unknown = cars.map((car): Car => ({ ...car, failures: 0 }));
  try {
    const [newest = 0] = turnsOf(files.list());
    const state = asObject(JSON.parse(files.read(stateFile(newest)) ?? "null"));
    const keys = keysOf(files.read(saltFile));
    if (state["schema"] !== schemaVersion || !keys || state["keys"] !== keys.id) return unknown;
    const records = asObject(state["cars"]);
    return unknown.map((car) => ({ ...car, ...known(asObject(records[keys.keyOf(car.vin)])) }));
  } catch {
    return unknown;
  }
}

function known({ reading, problem, model }: Record<string, unknown>): Partial<Car> {
  const read = readingOf(asObject(reading));
  const { kind, until, cause } = asObject(problem);
  const { model: name, year } = asObject(model);
  return {
    ...(read && { reading: read }),
    ...(isText(kind) && { problem: { kind, cause, ...(isNumber(until) && { until }) } as unknown as Problem }),
    ...(isText(name) && { model: { model: name, ...(isNumber(year) && { year }) } }),
  };
}

function readingOf({ connection, details, servedBy, fetchedAt }: Record<string, unknown>): Reading | undefined {
  const { value, measuredAt } = asObject(connection);
  const checked = connectionOf(asObject(value));
  if (!checked || !isNumber(fetchedAt)) return undefined;
  return {
    connection: { value: checked, measuredAt: numberOr(measuredAt) },
    details: detailsOf(asObject(details)),
    servedBy: servedBy === "v1" ? "v1" : "v2",
    fetchedAt,
  };
}

function connectionOf({ kind, reason }: Record<string, unknown>): Connection | undefined {
  switch (kind) {
    case "connectedAc":
    case "connectedDc":
    case "connected":
    case "disconnected":
    case "fault":
      return { kind };
    case "unknown": {
      const { kind: why, raw } = asObject(reason);
      const named = why === "unrecognized" ? { kind: why, raw: isText(raw) ? raw : "" } : { kind: why };
      return { kind, reason: named as UnknownReason };
    }
    default:
      return undefined;
  }
}

/** Only the numbers and words that the template of the item can show. */
function detailsOf(details: Record<string, unknown>): Details {
  const checked = Object.entries(details).flatMap(([name, entry]) => {
    const { value, measuredAt } = asObject(entry);
    const { amount, unit } = asObject(value);
    const isRange = isNumber(amount) && isText(unit);
    return isNumber(value) || isText(value) || isRange ? [[name, { value, measuredAt: numberOr(measuredAt) }]] : [];
  });
  return Object.fromEntries(checked) as Details;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function numberOr(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined;
}

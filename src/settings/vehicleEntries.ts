import { checkVin } from "../charging/vin";
import type { ConfiguredCar } from "../charging/car";

/**
 * The new value of the setting `vehicles` for `cars`, given its `present` value. Entries that are not valid
 * cars stay in place, so that the user can correct a typing error.
 */
export function vehicleEntries(present: unknown, cars: readonly ConfiguredCar[]): readonly unknown[] {
  const remaining = cars.map((car) => (Object.keys(car).length === 1 ? car.vin : car));
  const entries: unknown[] = [];
  for (const entry of Array.isArray(present) ? (present as readonly unknown[]) : []) {
    if (!isCar(entry)) entries.push(entry);
    else if (remaining.length > 0) entries.push(remaining.shift());
  }
  return [...entries, ...remaining];
}

function isCar(entry: unknown): boolean {
  const text = typeof entry === "object" && entry !== null && "vin" in entry ? entry.vin : entry;
  return typeof text === "string" && checkVin(text).kind === "valid";
}

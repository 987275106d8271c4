import { t } from "@vscode/l10n";

/** Length limit for the name or id of a vehicle in a request (UTF-16 units). */
export const longestVehicle = 60;

/** The input of another program is wrong. `message` is a sentence for people. */
export class InputError extends TypeError {}

/**
 * The members of `input`; none if it is `undefined` or null. Throws {@link InputError} if it is not an object or has
 * members other than `known`.
 */
export function membersOf(input: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (input === undefined || input === null) return {};
  const isObject = typeof input === "object" && !Array.isArray(input);
  if (!isObject || !Object.keys(input).every((key) => known.includes(key))) {
    throw new InputError(t("Pass an object with only these members: {0}.", known.join(", ")));
  }
  return input as Readonly<Record<string, unknown>>;
}

/** `undefined` if no vehicle is given. Throws {@link InputError} if `vehicle` cannot be a name or an id. */
export function vehicleOf(vehicle: unknown): string | undefined {
  if (vehicle === undefined) return undefined;
  if (typeof vehicle === "string" && vehicle.trim() !== "" && vehicle.length <= longestVehicle) return vehicle;
  throw new InputError(
    t("“vehicle” must be the name or the id of a car, with at most {0} characters.", longestVehicle),
  );
}

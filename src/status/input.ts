import { t } from "@vscode/l10n";

/** The longest name of a vehicle that is looked for, in UTF-16 units. */
export const longestVehicle = 60;

/** What was asked for cannot be: `message` is a sentence for people. */
export class InputError extends TypeError {}

/** The members of `input`, which may be absent as a whole. Throws {@link InputError} if it has others than `known`. */
export function membersOf(input: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (input === undefined || input === null) return {};
  const isObject = typeof input === "object" && !Array.isArray(input);
  if (!isObject || !Object.keys(input).every((key) => known.includes(key))) {
    throw new InputError(t("Pass an object with only these members: {0}.", known.join(", ")));
  }
  return input as Readonly<Record<string, unknown>>;
}

/** Throws {@link InputError} if it is no name and no id. */
export function vehicleOf(vehicle: unknown): string | undefined {
  if (vehicle === undefined) return undefined;
  if (typeof vehicle === "string" && vehicle.trim() !== "" && vehicle.length <= longestVehicle) return vehicle;
  throw new InputError(
    t("“vehicle” must be the name or the id of a car, with at most {0} characters.", longestVehicle),
  );
}

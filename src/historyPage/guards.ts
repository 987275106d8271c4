/** True if a value from outside is a `T`. */
export type Guard<T> = (value: unknown) => value is T;

/** Length limit for a text in a message (UTF-16 units). */
const longestText = 500;

export function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestText;
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** True for a time in ms since the epoch. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function oneOf<const T extends string>(words: readonly T[]): Guard<T> {
  return (value): value is T => (words as readonly unknown[]).includes(value);
}

export function maybe<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function listOf<T>(guard: Guard<T>, most: number): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.length <= most && value.every(guard);
}

/** A guard for objects whose members pass `guards`. Ignores further members, which must not be read. */
export function shapeOf<T extends object>(guards: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(guards);
  return (value): value is T =>
    typeof value === "object" &&
    value !== null &&
    entries.every(([name, guard]) => guard((value as Readonly<Record<string, unknown>>)[name]));
}

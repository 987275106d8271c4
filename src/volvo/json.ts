/** Tolerant access to JSON of unknown shape. `null` counts as absent. Nothing here throws. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function member(value: unknown, name: string): unknown {
  const object = asObject(value);
  return object && Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

/** Whether `value` has this member, `null` or not. */
export function hasMember(value: unknown, name: string): boolean {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, name);
}

/** True if the body of a 2xx answer contains an error, a code or a status other than 2xx. */
export function saysRefused(body: unknown): boolean {
  const status = asNumber(member(body, "status")) ?? 200;
  if (status < 200 || status > 299) return true;
  const errors = member(body, "errors");
  if (errors !== undefined && !(Array.isArray(errors) && errors.length === 0)) return true;
  return ["error", "code", "statusCode"].some((name) => member(body, name) !== undefined);
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** A finite number, written as a number or as digits in a string (Energy v1 sends only strings). */
export function asNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

const iso = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * ISO 8601 with up to nine fraction digits, `Z` or an offset, in ms since the epoch. A time without a zone is in UTC, as
 * in Volvo's answers. `undefined` for anything else.
 */
export function asTime(value: unknown): number | undefined {
  const match = typeof value === "string" ? iso.exec(value.trim()) : null;
  if (!match) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = match;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const parsed = Date.parse(`${date ?? ""}T${time ?? ""}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}

import type { FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The honest answer with its body changed by `change`. Undefined if the honest answer is not a 200 or the body stays
 * the same.
 */
export function withText(context: FaultContext, change: (text: string) => string): SimulatedAnswer | undefined {
  const honest = context.honest();
  if (honest.status !== 200) return undefined;
  const body = change(honest.body);
  return body === honest.body ? undefined : { ...honest, body };
}

/** The honest answer with its JSON object changed in place by `change`; undefined in the cases of {@link withText}. */
export function withJson(context: FaultContext, change: (body: JsonObject) => void): SimulatedAnswer | undefined {
  return withText(context, (text) => {
    const body = parsed(text);
    if (!isJsonObject(body)) return text;
    change(body);
    return JSON.stringify(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The honest answer with another body text; undefined where the honest answer is no success, for there is nothing to
 * spoil, or where the text stays as it is.
 */
export function withText(context: FaultContext, change: (text: string) => string): SimulatedAnswer | undefined {
  const honest = context.honest();
  if (honest.status !== 200) return undefined;
  const body = change(honest.body);
  return body === honest.body ? undefined : { ...honest, body };
}

/** The honest answer with its JSON object changed in place by `change`; undefined where {@link withText} gives it. */
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

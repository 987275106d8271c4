import { oneOf } from "./guards";
import { isKey, type RangeUnit, rangeUnits } from "./view";

/**
 * A change of the view by the user. It is a change and not the resulting view, because the user may make a second
 * change before the answer to the first one arrives, and the second must not undo the first.
 */
export type ViewChange =
  | { readonly kind: "car"; readonly car: string }
  | { readonly kind: "unit"; readonly unit: RangeUnit }
  /** To the previous or next range. */
  | { readonly kind: "step"; readonly by: Direction }
  /** To the present range. */
  | { readonly kind: "today" }
  /** To another page of the table. */
  | { readonly kind: "page"; readonly by: Direction };

export type Direction = -1 | 1;

/** A request of the page to the extension. */
export type PageRequest =
  /** The page has been loaded and shows nothing yet. */
  | { readonly kind: "ready" }
  | ViewChange
  /** The button beside the notice was pressed. */
  | { readonly kind: "openSetting" };

const isUnit = oneOf(rangeUnits);
const isBare = oneOf(["ready", "today", "openSetting"]);

/** The request in a message from the page; `undefined` for any other message. Ignores further members. */
export function parseRequest(message: unknown): PageRequest | undefined {
  return isRequest(message) ? message : undefined;
}

function isRequest(message: unknown): message is PageRequest {
  if (typeof message !== "object" || message === null) return false;
  const { kind, car, unit, by } = message as Readonly<Record<string, unknown>>;
  if (kind === "car") return isKey(car);
  if (kind === "unit") return isUnit(unit);
  if (kind === "step" || kind === "page") return by === 1 || by === -1;
  return isBare(kind);
}

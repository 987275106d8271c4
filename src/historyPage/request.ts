import { oneOf } from "./guards";
import { isKey, type RangeUnit, rangeUnits } from "./view";

/**
 * What the user does to the view. A change and not the view that it leads to: a second one may be made before the
 * answer to the first one is there, and must not undo it.
 */
export type ViewChange =
  | { readonly kind: "car"; readonly car: string }
  | { readonly kind: "unit"; readonly unit: RangeUnit }
  /** To the range before or after. */
  | { readonly kind: "step"; readonly by: Direction }
  /** To the range of the present. */
  | { readonly kind: "today" }
  /** To another page of the table. */
  | { readonly kind: "page"; readonly by: Direction };

export type Direction = -1 | 1;

/** What the page asks of the extension. */
export type PageRequest =
  /** The page has been loaded and shows nothing yet. */
  | { readonly kind: "ready" }
  | ViewChange
  /** The button beside the notice was pressed. */
  | { readonly kind: "openSetting" };

const isUnit = oneOf(rangeUnits);
const isBare = oneOf(["ready", "today", "openSetting"]);

/** The request that a message of the page holds; `undefined` for anything else. Other members are let through. */
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

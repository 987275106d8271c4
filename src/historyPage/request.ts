import { isHistoryView, onlyView, type HistoryView } from "./view";

/** What the page asks of the extension. */
export type PageRequest =
  /** The page has been loaded and shows nothing yet. */
  | { readonly kind: "ready" }
  | { readonly kind: "show"; readonly view: HistoryView }
  /** The button beside the notice was pressed. */
  | { readonly kind: "openSetting" };

/** The request that a message of the page holds; `undefined` for anything else. */
export function parseRequest(message: unknown): PageRequest | undefined {
  if (typeof message !== "object" || message === null || !("kind" in message)) return undefined;
  if (message.kind === "ready" || message.kind === "openSetting") return { kind: message.kind };
  if (message.kind !== "show" || !("view" in message) || !isHistoryView(message.view)) return undefined;
  return { kind: "show", view: onlyView(message.view) };
}

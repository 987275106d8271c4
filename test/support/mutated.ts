import fc from "fast-check";
import { anyText } from "./builders/arbitrary";

interface Change {
  /** Selects one of all places. */
  readonly place: number;
  readonly value: unknown;
  readonly removes: boolean;
}

/** Values that commonly break parsers. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, "", -1, -0, 1e308, 1e21, 2 ** 53, 0.1, true, [], {}, [[]], "NaN", "\u0000", "\ud800"),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "DISCONNECTED",
    "CONNECTED",
    "FAULT",
    "2026-02-30T25:61:61Z",
    "99.99:99:99",
  ),
  anyText(),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);

/** One of `originals` with a few members replaced, removed or duplicated, or an unrelated value. */
export function mutated(originals: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.record<Change>({
    place: fc.nat(),
    value: oddValue,
    removes: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  });
  const changed = fc
    .tuple(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([original, changes]) => changes.reduce(apply, structuredClone(original)));
  return fc.oneof({ weight: 9, arbitrary: changed }, { weight: 1, arbitrary: oddValue });
}

/** The same as text, occasionally truncated or with a changed letter. */
export function mutatedText(originals: readonly unknown[]): fc.Arbitrary<string> {
  return fc
    .tuple(mutated(originals), fc.integer({ min: 0, max: 5 }), fc.nat(), anyText(3))
    .map(([value, kind, place, text]) => {
      const json = JSON.stringify(value) as string | undefined;
      if (json === undefined) return "";
      const at = place % (json.length + 1);
      if (kind === 0) return json.slice(0, at);
      return kind === 1 ? json.slice(0, at) + text + json.slice(at + 1) : json;
    });
}

function apply(root: unknown, { place, value: given, removes }: Change): unknown {
  // Constants are shared by all inputs. Without a copy, the next change would modify the constant or make it contain
  // itself.
  const value = structuredClone(given);
  const places: { readonly parent: Record<string, unknown>; readonly key: string }[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push({ parent: node as Record<string, unknown>, key });
      visit(child);
    }
  };
  visit(root);
  const chosen = places[place % Math.max(1, places.length)];
  if (!chosen) return value;
  if (removes) Reflect.deleteProperty(chosen.parent, chosen.key);
  else
    Object.defineProperty(chosen.parent, chosen.key, { value, enumerable: true, configurable: true, writable: true });
  return root;
}

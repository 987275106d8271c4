/** A mutable JSON value. */
export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };

/** A user-visible string of the manifest, and a function to replace it. */
export interface ManifestString {
  /** For example `contributes.commands.3.title`. */
  readonly at: string;
  readonly value: string;
  /** Its existing or suggested key in package.nls.json. */
  readonly key: string;
  readonly replace: (by: string) => void;
}

/** Names that are the same in every language. */
export const properNames: readonly string[] = ["Volvo Charging Status", "Volvo Charging", "Volvo ID"];

const readMembers = new Set([
  "displayName",
  "description",
  "userDescription",
  "title",
  "shortTitle",
  "category",
  "contextualTitle",
  "contents",
  "label",
  "altText",
  "markdownDescription",
  "patternErrorMessage",
  "errorMessage",
  "deprecationMessage",
  "markdownDeprecationMessage",
]);
const readLists = new Set(["enumDescriptions", "markdownEnumDescriptions", "enumItemLabels"]);

/** Every string of package.json shown by VS Code or the Marketplace, except proper names. */
export function manifestStrings(manifest: Record<string, Json>): readonly ManifestString[] {
  const found: ManifestString[] = [];
  const visit = (value: Json, path: readonly string[], replace: ManifestString["replace"]): void => {
    if (typeof value === "string") {
      if (isRead(path) && !properNames.includes(value)) {
        found.push({ at: path.join("."), value, key: keyOf(value) ?? suggestedKey(manifest, path), replace });
      }
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => visit(item, [...path, String(index)], (by) => void (value[index] = by)));
    } else if (value !== null && typeof value === "object") {
      for (const [name, item] of Object.entries(value)) visit(item, [...path, name], (by) => void (value[name] = by));
    }
  };
  for (const name of ["displayName", "description", "capabilities", "contributes"]) {
    visit(manifest[name] ?? null, [name], (by) => void (manifest[name] = by));
  }
  return found;
}

/** The key in `%key%`; `undefined` for a plain text. */
export function keyOf(value: string): string | undefined {
  return /^%(.+)%$/.exec(value)?.[1];
}

function isRead(path: readonly string[]): boolean {
  const [last = "", before = ""] = [path.at(-1), path.at(-2)];
  if (path[1] === "views" && last === "name") return true;
  // Texts for language models stay English.
  if (path.includes("inputSchema")) return false;
  // Under `properties` the members are named after settings, and `default` may hold any value.
  return !path.includes("default") && before !== "properties" && (readMembers.has(last) || readLists.has(before));
}

/** A key with a meaning instead of a position: `command.connect`, `setting.apiVersion.auto`, `welcome.setUp`. */
function suggestedKey(manifest: Record<string, Json>, path: readonly string[]): string {
  const [root = "", kind = "", ...rest] = path;
  if (root !== "contributes") return path.join(".");
  let node: Json = manifest["contributes"] ?? null;
  const names: string[] = [];
  for (const step of [kind, ...rest]) {
    node = member(node, step);
    const name = nameOf(node);
    names.push(name ?? step);
  }
  const last = path.at(-1) ?? "";
  const silent = ["properties", "items", "anyOf", "oneOf", "steps", "volvoCharging", last];
  const plain = names.slice(1).filter((name) => !silent.includes(name) && !readLists.has(name) && !/^\d+$/.test(name));
  const ending = ["title", "description", "contents", "name", "markdownDescription"].includes(last)
    ? []
    : [enumValue(manifest, path) ?? last];
  return [kindNames[kind] ?? kind, ...plain.map(shortened), ...ending].join(".");
}

/** The value described by an entry of `enumDescriptions`. */
function enumValue(manifest: Record<string, Json>, path: readonly string[]): string | undefined {
  if (!readLists.has(path.at(-2) ?? "")) return undefined;
  const owner = path.slice(0, -2).reduce<Json>((node, step) => member(node, step), manifest);
  const values = member(owner, "enum");
  const value = Array.isArray(values) ? values[Number(path.at(-1))] : undefined;
  return typeof value === "string" ? value : undefined;
}

const kindNames: Readonly<Record<string, string>> = {
  commands: "command",
  configuration: "setting",
  views: "view",
  viewsContainers: "container",
  viewsWelcome: "welcome",
  icons: "icon",
  colors: "color",
  walkthroughs: "walkthrough",
};

function nameOf(node: Json): string | undefined {
  const when = member(node, "when");
  const cause = typeof when === "string" ? /== (\w+)/.exec(when)?.[1] : undefined;
  const name = member(node, "command") ?? member(node, "id");
  return cause ?? (typeof name === "string" ? name : undefined);
}

function shortened(name: string): string {
  return name.replace(/^volvoCharging\.|^volvo-charging-/, "");
}

function member(node: Json, name: string): Json {
  if (Array.isArray(node)) return node[Number(name)] ?? null;
  return node !== null && typeof node === "object" ? (node[name] ?? null) : null;
}

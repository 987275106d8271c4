import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { catalogueFaults, codeCatalogue, manifestCatalogue, manifestKeyFaults } from "./l10n/catalogue";
import { codeStringsBelow } from "./l10n/codeStrings";
import { type Json, keyOf, manifestStrings } from "./l10n/manifestStrings";

// `npm run l10n`: lists missing, unused and inconsistent translations, and fails if there are any. `-- --extract` first
// moves plain texts of package.json to package.nls.json.

const root = process.cwd();

function writeJson(file: string, value: unknown): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

function readManifest(): Record<string, Json> {
  return JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as Record<string, Json>;
}

function extract(): void {
  const manifest = readManifest();
  const texts: Record<string, string> = { ...manifestCatalogue(root).english };
  for (const { value, key, replace } of manifestStrings(manifest)) {
    if (keyOf(value) !== undefined) continue;
    if (texts[key] !== undefined && texts[key] !== value) throw new Error(`${key} would name two texts`);
    texts[key] = value;
    replace(`%${key}%`);
  }
  const order = manifestStrings(manifest).map(({ key }) => key);
  const sorted = Object.entries(texts).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  writeJson(path.join(root, "package.nls.json"), Object.fromEntries(sorted));
  writeJson(path.join(root, "package.json"), manifest);
}

function main(): void {
  const { values } = parseArgs({ options: { extract: { type: "boolean" } } });
  if (values.extract) extract();
  const manifest = manifestCatalogue(root);
  const faults = [
    ...codeStringsBelow(path.join(root, "src")).faults,
    ...catalogueFaults(codeCatalogue(root)),
    ...manifestKeyFaults(readManifest(), manifest.english),
    ...catalogueFaults(manifest),
  ];
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

main();

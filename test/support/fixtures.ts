import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A real answer from Volvo, as quoted in public. Only identifiers are made up. */
export interface Fixture {
  readonly name: string;
  readonly status: number;
  /** The public issue or file that quotes it. */
  readonly source: string;
  /** Byte for byte, except identifiers. If only an inner value was quoted, it is wrapped in its original member. */
  readonly body: string;
}

interface Entry {
  readonly status: number;
  readonly source: string;
  readonly within?: string;
}

const folder = join(process.cwd(), "test", "fixtures");

const entries = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Readonly<Record<string, Entry>>;

export const fixtureNames: readonly string[] = Object.keys(entries);

/** All files in the folder, including those missing from the index. */
export function fixtureFiles(): readonly string[] {
  return readdirSync(folder).filter((name) => name !== "index.json");
}

/** Throws if there is no fixture of that name. */
export function fixture(name: string): Fixture {
  const entry = entries[name];
  if (!entry) throw new Error(`There is no fixture ${name}`);
  const { status, source, within } = entry;
  const bytes = readFileSync(join(folder, name), "utf8");
  return { name, status, source, body: within === undefined ? bytes : `{"${within}":${bytes}}` };
}

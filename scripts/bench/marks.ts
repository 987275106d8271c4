import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const limitMs = 60_000;

/** A mark of the extension host's own. */
export interface Mark {
  readonly name: string;
  /** ms since the epoch. */
  readonly startTime: number;
}

/** How many files an extension under `extensions/` has written to `folder`. */
export async function countWritten(folder: string): Promise<number> {
  return (await written(folder)).length;
}

/** What it has written there last, once there is more than `seen`. */
export async function nextWritten<T>(folder: string, seen: number): Promise<T> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    await delay(100);
    const files = await written(folder);
    const last = files.at(-1);
    if (files.length > seen && last !== undefined) {
      return JSON.parse(await fs.readFile(path.join(folder, last), "utf8")) as T;
    }
  }
  throw new Error(`Nothing was written within ${limitMs / 1000} s`);
}

async function written(folder: string): Promise<readonly string[]> {
  return (await fs.readdir(folder)).filter((file) => file.endsWith(".json")).sort();
}

/** Throws where the mark is missing, as a median without it would be one of other windows. */
export function timeOf(name: string, id: string, marks: readonly Mark[]): number {
  const mark = marks.find((candidate) => candidate.name === `code/extHost/${name}/${id}`);
  if (!mark) throw new Error(`The extension host has set no mark ${name} for ${id}`);
  return mark.startTime;
}

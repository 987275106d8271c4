import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const limitMs = 60_000;

/** A performance mark set by the extension host. */
export interface Mark {
  readonly name: string;
  /** ms since the epoch. */
  readonly startTime: number;
}

/** The number of files written to `folder` by an extension under `extensions/`. */
export async function countWritten(folder: string): Promise<number> {
  return (await written(folder)).length;
}

/** The newest of those files, once there are more than `seen`. */
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

/** The time of a mark. Throws if it is missing: a median over the other windows alone would be wrong. */
export function timeOf(name: string, id: string, marks: readonly Mark[]): number {
  const mark = marks.find((candidate) => candidate.name === `code/extHost/${name}/${id}`);
  if (!mark) throw new Error(`The extension host has set no mark ${name} for ${id}`);
  return mark.startTime;
}

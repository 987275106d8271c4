import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FilesNow } from "../windows/lastKnown";

/** Reads a folder synchronously, for the first painting of a window. Unreadable files count as missing. */
export function filesNow(folder: string): FilesNow {
  return {
    list: () => orElse(() => readdirSync(folder), []),
    read: (name) => orElse(() => readFileSync(join(folder, name), "utf8"), undefined),
  };
}

function orElse<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}

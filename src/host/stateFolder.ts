import { closeSync, ftruncateSync, openSync, watch, writeSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Disposable, toDisposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";

const fileMode = 0o600;
const folderMode = 0o700;
const notAFileCodes = ["ENOENT", "EISDIR", "ELOOP"];
/** On Windows a file cannot be replaced while another process reads it. */
const replaceAttempts = 5;

/** Implements {@link StateFolder} for the folder at `path`. */
export function createStateFolder(path: string): StateFolder {
  const pathOf = (name: string) => join(path, name);

  /** Runs `action`. If the folder is missing, creates it and runs `action` again. */
  async function inFolder<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      await mkdir(path, { recursive: true, mode: folderMode });
      return action();
    }
  }

  return {
    async list() {
      return (await undefinedIfMissing(readdir(path))) ?? [];
    },
    async create(name, content) {
      try {
        await inFolder(() => writeTo(pathOf(name), "wx", content));
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        // A full disk can have room for a file's name but not for its content. Other windows would take the empty file
        // for a valid one.
        if (codeOf(error) === "ENOSPC" || codeOf(error) === "EDQUOT") {
          await rm(pathOf(name), { force: true }).catch(() => undefined);
        }
        throw error;
      }
    },
    async overwrite(name, content) {
      return (await undefinedIfMissing(writeTo(pathOf(name), "r+", content).then(() => true))) ?? false;
    },
    read: (name) => undefinedIfMissing(readFile(pathOf(name), "utf8"), notAFileCodes),
    remove: (name) => rm(pathOf(name), { force: true }),
    overwriteNow(name, content) {
      try {
        const file = openSync(pathOf(name), "r+");
        try {
          ftruncateSync(file, writeSync(file, content, 0));
        } finally {
          closeSync(file);
        }
      } catch {
        // The process is ending. Other windows will consider the lock abandoned after its stale time.
      }
    },
    async replace(name, content) {
      const temporary = pathOf(`${name}.${crypto.randomUUID()}.tmp`);
      try {
        await inFolder(() => writeTo(temporary, "wx", content));
        await renameOver(temporary, pathOf(name));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      }
    },
    async version(name) {
      const stats = await undefinedIfMissing(stat(pathOf(name)));
      return stats && [stats.ino, stats.mtimeMs, stats.size].join("/");
    },
    modifiedAt: async (name) => (await undefinedIfMissing(stat(pathOf(name))))?.mtimeMs,
    append: (name, line, options) => inFolder(() => appendTo(pathOf(name), line, options)),
    async files() {
      const entries = (await undefinedIfMissing(readdir(path, { recursive: true, withFileTypes: true }))) ?? [];
      const sizes = entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const file = join(parentPath, name);
          const stats = await undefinedIfMissing(stat(file));
          return stats ? [{ path: relative(path, file).replaceAll("\\", "/"), bytes: stats.size }] : [];
        });
      return (await Promise.all(sizes)).flat();
    },
    clear: () => rm(path, { force: true, recursive: true }),
    watch: (onChange) => watchFolder(path, onChange),
    folder: (name) => createStateFolder(pathOf(name)),
  };
}

async function writeTo(file: string, flag: "wx" | "r+", content: string): Promise<void> {
  const handle = await open(file, flag, fileMode);
  try {
    // A single `write` to a nearly full disk writes a part without an error.
    await handle.writeFile(content);
    if (flag === "r+") await handle.truncate(Buffer.byteLength(content));
  } finally {
    await handle.close();
  }
}

const newline = 10;

async function appendTo(
  file: string,
  line: string,
  { head, limit }: { readonly head: string; readonly limit: number },
): Promise<boolean> {
  // Opened for reading too: a full disk or a power failure may have cut off the last line.
  const handle = await open(file, "a+", fileMode);
  try {
    const { size } = await handle.stat();
    const last = new Uint8Array(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const before = size === 0 ? `${head}\n` : last[0] === newline ? "" : "\n";
    const bytes = Buffer.from(`${before}${line}\n`);
    if (size + bytes.length > limit) return false;
    await handle.writeFile(bytes);
    return true;
  } finally {
    await handle.close();
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempts >= replaceAttempts || !["EPERM", "EBUSY", "EACCES"].includes(codeOf(error) ?? "")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * attempts));
    }
  }
}

/** Watching is optional: if the folder is missing or the system refuses it, `onChange` is never called. */
function watchFolder(path: string, onChange: () => void): Disposable {
  try {
    const watcher = watch(path, { persistent: false }, () => onChange());
    watcher.on("error", () => watcher.close());
    return toDisposable(() => watcher.close());
  } catch {
    return toDisposable(() => undefined);
  }
}

/** Resolves with `undefined` if `promise` rejects with one of `codes`, by default because the file is missing. */
async function undefinedIfMissing<T>(
  promise: Promise<T>,
  codes: readonly string[] = ["ENOENT"],
): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

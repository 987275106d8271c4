import { type Clock, secondMs, TimeoutError, withTimeLimit } from "../base/clock";
import type { StateFolder } from "../base/folder";

/** A working disk answers much faster. */
const limitMs = 5 * secondMs;

/** The shared folder cannot be used. */
export class FolderError extends Error {
  override readonly name = "FolderError";
}

/**
 * `folder` with a time limit for each call. Every failure is a {@link FolderError}. While a call hangs, other calls fail
 * at once: the system has few threads for files, and all extensions of the window share them.
 */
export function limitedFolder(folder: StateFolder, clock: Clock, hanging = new Set<object>()): StateFolder {
  async function limited<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (hanging.size > 0) throw new FolderError(`${what}: an earlier call still hangs`);
    const answer = call();
    try {
      return await withTimeLimit(clock, answer, limitMs, what);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw new FolderError(what, { cause: error });
      hanging.add(answer);
      const ended = () => hanging.delete(answer);
      answer.then(ended, ended);
      throw new FolderError(error.message);
    }
  }

  return {
    list: () => limited("list", () => folder.list()),
    create: (name, content) => limited(`create ${name}`, () => folder.create(name, content)),
    overwrite: (name, content) => limited(`overwrite ${name}`, () => folder.overwrite(name, content)),
    read: (name) => limited(`read ${name}`, () => folder.read(name)),
    remove: (name) => limited(`remove ${name}`, () => folder.remove(name)),
    replace: (name, content) => limited(`replace ${name}`, () => folder.replace(name, content)),
    version: (name) => limited(`version ${name}`, () => folder.version(name)),
    modifiedAt: (name) => limited(`modifiedAt ${name}`, () => folder.modifiedAt(name)),
    overwriteNow: (name, content) => folder.overwriteNow(name, content),
    append: (name, line, options) => limited(`append ${name}`, () => folder.append(name, line, options)),
    files: () => limited("files", () => folder.files()),
    clear: () => limited("clear", () => folder.clear()),
    watch: (onChange) => folder.watch(onChange),
    folder: (name) => limitedFolder(folder.folder(name), clock, hanging),
  };
}

import type { Disposable } from "./disposable";
import type { LockFolder } from "./numberedLock";

/** A folder that the extension hosts of all windows share. Files are for the user's eyes only (mode 0600). */
export interface StateFolder extends LockFolder {
  /** Writes a file whole or not at all: whoever reads it sees the old content or the new. */
  replace(name: string, content: string): Promise<void>;
  /**
   * {@link LockFolder.read} without waiting, for what a window shows first: `undefined` also where the file cannot be read.
   */
  readNow(name: string): string | undefined;
  /** {@link LockFolder.remove} without waiting, for the last moment of a process. Never throws. */
  removeNow(name: string): void;
  /** Changes when the file is written; `undefined` where there is none. Costs less than reading it. */
  version(name: string): Promise<string | undefined>;
  /** When the file was written (ms since the epoch); `undefined` where there is none. */
  modifiedAt(name: string): Promise<number | undefined>;
  /**
   * Calls `onChange` when files of this folder (not of those below it) change: soon, but not on every file system and
   * not for every change, so look now and then as well.
   */
  watch(onChange: () => void): Disposable;
  /** A folder below this one; made by the first write. */
  folder(name: string): StateFolder;
}

import type { Disposable } from "./disposable";
import type { LockFolder } from "./numberedLock";

/** A folder shared by the extension hosts of all windows. Files are readable by the user only (mode 0600). */
export interface StateFolder extends LockFolder {
  /** Writes a file atomically: a reader sees the old content or the new. */
  replace(name: string, content: string): Promise<void>;
  /**
   * Changes when the file is written; `undefined` if there is none. Cheaper than reading the file. The version of "" is
   * the folder's own: it changes when a file is created, replaced or removed, and when the folder is replaced.
   */
  version(name: string): Promise<string | undefined>;
  /** The time the file was written (ms since the epoch); `undefined` if there is none. */
  modifiedAt(name: string): Promise<number | undefined>;
  /**
   * Calls `onChange` soon after files of this folder (not of its subfolders) change. Not every file system reports
   * every change, so poll occasionally as well.
   */
  watch(onChange: () => void): Disposable;
  /** A subfolder, created by the first write. */
  folder(name: string): StateFolder;
}

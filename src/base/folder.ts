import type { Disposable } from "./disposable";
import type { LockFolder } from "./numberedLock";

export interface FileSize {
  readonly path: string;
  readonly bytes: number;
}

/** A folder shared by the extension hosts of all windows. Files are readable by the user only (mode 0600). */
export interface StateFolder extends LockFolder {
  /** Writes a file atomically: a reader sees the old content or the new. */
  replace(name: string, content: string): Promise<void>;
  /**
   * A text that changes when the file is written; `undefined` if there is no file. Cheaper than reading the file. The
   * version of "" is the folder's own: it changes when a file is created, replaced or removed, and when the folder is
   * replaced.
   */
  version(name: string): Promise<string | undefined>;
  /** The time the file was written (ms since the epoch); `undefined` if there is none. */
  modifiedAt(name: string): Promise<number | undefined>;
  /**
   * Calls `onChange` soon after files of this folder (not of its subfolders) change. Not every file system reports
   * every change, so poll occasionally as well.
   */
  watch(onChange: () => void): Disposable;
  /**
   * Appends a line and its newline in one write. If the file does not end in a newline, one comes first; a new or empty
   * file gets the line `head` first. `false`, without a change, if the file would be larger than `limit` bytes.
   */
  append(name: string, line: string, options: { readonly head: string; readonly limit: number }): Promise<boolean>;
  /** All files of this folder and its subfolders, by path ("folder/name"). Empty if the folder does not exist. */
  files(): Promise<readonly FileSize[]>;
  /** Removes the folder with everything in it. Also resolves if there is none. */
  clear(): Promise<void>;
  /** A subfolder, created by the first write. */
  folder(name: string): StateFolder;
}

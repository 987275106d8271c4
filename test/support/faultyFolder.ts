import type { StateFolder } from "../../src/base/folder";
import { systemError } from "./memoryFolder";

export type FolderFault = "list" | "create" | "overwrite" | "read" | "remove" | "replace" | "version";

/** What fails in a folder, and with which error code; switched off by emptying `calls`. */
export interface Breakage {
  calls: readonly FolderFault[];
  readonly code: string;
}

/** A folder in which some calls fail as they do on a broken file system. */
export function faultyFolder(folder: StateFolder, breakage: Breakage): StateFolder {
  const failing = async <T>(call: FolderFault, action: () => Promise<T>): Promise<T> => {
    if (breakage.calls.includes(call)) throw systemError(breakage.code);
    return action();
  };
  return {
    list: () => failing("list", () => folder.list()),
    create: (name, content) => failing("create", () => folder.create(name, content)),
    overwrite: (name, content) => failing("overwrite", () => folder.overwrite(name, content)),
    read: (name) => failing("read", () => folder.read(name)),
    remove: (name) => failing("remove", () => folder.remove(name)),
    replace: (name, content) => failing("replace", () => folder.replace(name, content)),
    version: (name) => failing("version", () => folder.version(name)),
    modifiedAt: (name) => failing("version", () => folder.modifiedAt(name)),
    overwriteNow: (name, content) => {
      if (!breakage.calls.includes("overwrite")) folder.overwriteNow(name, content);
    },
    removeNow: (name) => {
      if (!breakage.calls.includes("remove")) folder.removeNow(name);
    },
    watch: (onChange) => folder.watch(onChange),
    folder: (name) => faultyFolder(folder.folder(name), breakage),
  };
}

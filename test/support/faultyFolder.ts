import type { StateFolder } from "../../src/base/folder";
import { systemError } from "./memoryFolder";

export type FolderFault = "list" | "create" | "overwrite" | "read" | "remove" | "replace" | "version";

/** What fails in a folder, and with which error code; switched off by emptying `calls`. */
export interface Breakage {
  calls: readonly FolderFault[];
  readonly code: string;
  /** The one file that fails, by its path in the folder; all of them where left out. */
  readonly file?: string;
}

/** A folder in which some calls fail as they do on a broken file system. */
export function faultyFolder(folder: StateFolder, breakage: Breakage, path = ""): StateFolder {
  const fails = (call: FolderFault, name: string) => {
    const { calls, file = path + name } = breakage;
    return calls.includes(call) && file === path + name;
  };
  const failing = async <T>(call: FolderFault, name: string, action: () => Promise<T>): Promise<T> => {
    if (fails(call, name)) throw systemError(breakage.code);
    return action();
  };
  return {
    list: () => failing("list", "", () => folder.list()),
    create: (name, content) => failing("create", name, () => folder.create(name, content)),
    overwrite: (name, content) => failing("overwrite", name, () => folder.overwrite(name, content)),
    read: (name) => failing("read", name, () => folder.read(name)),
    readNow: (name) => (fails("read", name) ? undefined : folder.readNow(name)),
    remove: (name) => failing("remove", name, () => folder.remove(name)),
    replace: (name, content) => failing("replace", name, () => folder.replace(name, content)),
    version: (name) => failing("version", name, () => folder.version(name)),
    modifiedAt: (name) => failing("version", name, () => folder.modifiedAt(name)),
    overwriteNow: (name, content) => {
      if (!fails("overwrite", name)) folder.overwriteNow(name, content);
    },
    removeNow: (name) => {
      if (!fails("remove", name)) folder.removeNow(name);
    },
    watch: (onChange) => folder.watch(onChange),
    folder: (name) => faultyFolder(folder.folder(name), breakage, `${path}${name}/`),
  };
}

import type { StateFolder } from "../../../src/base/folder";
import { systemError } from "./memoryFolder";

export type FolderFault = "list" | "create" | "overwrite" | "read" | "remove" | "replace" | "version" | "append";

/** The failing calls of a folder and their error code. An empty `calls` ends the failure. */
export interface Breakage {
  calls: readonly FolderFault[];
  readonly code: string;
  /** The only files that fail, by their path in the folder; default all. */
  readonly files?: RegExp;
  /** Called when a call fails. */
  readonly onFailure?: () => void;
}

/** A folder in which some calls fail as on a broken file system. */
export function faultyFolder(folder: StateFolder, breakage: Breakage, path = ""): StateFolder {
  const fails = (call: FolderFault, name: string) => {
    const { calls, files } = breakage;
    return calls.includes(call) && (files?.test(path + name) ?? true);
  };
  const failing = async <T>(call: FolderFault, name: string, action: () => Promise<T>): Promise<T> => {
    if (fails(call, name)) {
      breakage.onFailure?.();
      throw systemError(breakage.code);
    }
    return action();
  };
  return {
    list: () => failing("list", "", () => folder.list()),
    create: (name, content) => failing("create", name, () => folder.create(name, content)),
    overwrite: (name, content) => failing("overwrite", name, () => folder.overwrite(name, content)),
    read: (name) => failing("read", name, () => folder.read(name)),
    remove: (name) => failing("remove", name, () => folder.remove(name)),
    replace: (name, content) => failing("replace", name, () => folder.replace(name, content)),
    version: (name) => failing("version", name, () => folder.version(name)),
    modifiedAt: (name) => failing("version", name, () => folder.modifiedAt(name)),
    overwriteNow: (name, content) => {
      if (!fails("overwrite", name)) folder.overwriteNow(name, content);
    },
    append: (name, line, options) => failing("append", name, () => folder.append(name, line, options)),
    files: () => failing("list", "", () => folder.files()),
    clear: () => failing("remove", "", () => folder.clear()),
    watch: (onChange) => folder.watch(onChange),
    folder: (name) => faultyFolder(folder.folder(name), breakage, `${path}${name}/`),
  };
}

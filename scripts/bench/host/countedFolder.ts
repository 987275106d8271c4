import type { StateFolder } from "../../../src/base/folder";

/** The same folder and its subfolders, with the number of calls by kind in `counts`. */
export function countedFolder(folder: StateFolder, counts: Map<string, number>): StateFolder {
  return new Proxy(folder, {
    get(target, name: keyof StateFolder) {
      if (name === "folder") return (below: string) => countedFolder(target.folder(below), counts);
      const call = target[name].bind(target) as (...parameters: unknown[]) => unknown;
      return (...parameters: unknown[]) => {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return call(...parameters);
      };
    },
  });
}

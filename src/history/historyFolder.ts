import type { StateFolder } from "../base/folder";

/** The history folder, or the folder of one car in it. */
export interface HistoryFolder extends Pick<StateFolder, "read" | "create" | "remove" | "append" | "files" | "clear"> {
  folder(name: string): HistoryFolder;
}

/** A folder in memory, with `files` by path: for a window that shares nothing with others, as in the demo. */
export function memoryFolder(files = new Map<string, string>(), path = ""): HistoryFolder {
  const inside = () => [...files.keys()].filter((file) => file.startsWith(path));
  return {
    read: (name) => Promise.resolve(files.get(path + name)),
    create: (name, content) => {
      const isNew = !files.has(path + name);
      if (isNew) files.set(path + name, content);
      return Promise.resolve(isNew);
    },
    remove: (name) => Promise.resolve(void files.delete(path + name)),
    append: (name, line, { head, limit }) => {
      const text = `${files.get(path + name) ?? `${head}\n`}${line}\n`;
      const isWithin = text.length <= limit;
      if (isWithin) files.set(path + name, text);
      return Promise.resolve(isWithin);
    },
    files: () =>
      Promise.resolve(inside().map((file) => ({ path: file.slice(path.length), bytes: files.get(file)?.length ?? 0 }))),
    clear: () => {
      for (const file of inside()) files.delete(file);
      return Promise.resolve();
    },
    folder: (name) => memoryFolder(files, `${path}${name}/`),
  };
}

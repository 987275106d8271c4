import { toDisposable } from "../../../src/base/disposable";
import type { StateFolder } from "../../../src/base/folder";

export type FolderCall =
  | "list"
  | "create"
  | "overwrite"
  | "read"
  | "remove"
  | "replace"
  | "version"
  | "modifiedAt"
  | "append"
  | "files"
  | "clear";

export interface FolderOptions {
  /** Awaited before each call takes effect. Simulates delays and the order of concurrent calls. */
  readonly before?: (call: FolderCall, name: string) => Promise<void> | void;
  /** Throws instead of a call. Simulates full disks and read-only folders. */
  readonly fault?: (call: FolderCall, name: string) => Error | undefined;
  /** Once true, the process counts as killed: its calls never settle and change nothing. */
  readonly isDead?: () => boolean;
  /** False simulates a file system that does not report changes. */
  readonly watches?: boolean;
}

/** The files of one computer, shared by the folders that simulated processes open on it. Calls take effect at once. */
export class MemoryDisk {
  private readonly folders = new Map<string, Map<string, { content: string; version: number }>>();
  private readonly watchers = new Set<{ readonly path: string; readonly onChange: () => void }>();
  private writes = 0;
  private removals = 0;
  /** The reported write time of all files (ms). */
  modifiedAt = 0;

  /** Everything on the disk, by path. */
  get contents(): ReadonlyMap<string, string> {
    const files = [...this.folders].flatMap(([path, folder]) =>
      [...folder].map(([name, { content }]) => [`${path}/${name}`, content] as const),
    );
    return new Map(files);
  }

  put(path: string, content: string): void {
    const end = path.lastIndexOf("/");
    this.write(path.slice(0, end), path.slice(end + 1), content);
  }

  get watcherCount(): number {
    return this.watchers.size;
  }

  /** The folder at `path` as seen by one process. */
  open(path: string, options: FolderOptions = {}): StateFolder {
    const files = this.filesOf(path);
    const isDead = () => options.isDead?.() ?? false;

    const run = async <T>(call: FolderCall, name: string, action: () => T): Promise<T> => {
      if (isDead()) return new Promise<never>(() => undefined);
      if (options.before) await options.before(call, name);
      if (isDead()) return new Promise<never>(() => undefined);
      const fault = options.fault?.(call, name);
      if (fault) throw fault;
      const result = action();
      return isDead() ? new Promise<never>(() => undefined) : result;
    };
    const put = (name: string, content: string) => this.write(path, name, content);
    const remove = (name: string) => {
      if (!files.delete(name)) return;
      this.removals++;
      this.changed(path);
    };
    const overwrite = (name: string, content: string) => {
      if (!files.has(name)) return false;
      put(name, content);
      return true;
    };

    return {
      list: () => run("list", "", () => [...files.keys()]),
      create: (name, content) =>
        run("create", name, () => {
          if (files.has(name)) return false;
          put(name, content);
          return true;
        }),
      overwrite: (name, content) => run("overwrite", name, () => overwrite(name, content)),
      read: (name) => run("read", name, () => files.get(name)?.content),
      remove: (name) => run("remove", name, () => remove(name)),
      overwriteNow: (name, content) => void (isDead() || overwrite(name, content)),
      replace: (name, content) => run("replace", name, () => put(name, content)),
      version: (name) =>
        run("version", name, () => (name === "" ? this.versionOf(path) : files.get(name)?.version.toString())),
      modifiedAt: (name) => run("modifiedAt", name, () => (files.has(name) ? this.modifiedAt : undefined)),
      append: (name, line, { head, limit }) =>
        run("append", name, () => {
          const content = files.get(name)?.content ?? "";
          const before = content === "" ? `${head}\n` : content.endsWith("\n") ? "" : "\n";
          if (content.length + before.length + line.length + 1 > limit) return false;
          put(name, `${content}${before}${line}\n`);
          return true;
        }),
      files: () =>
        run("files", "", () =>
          [...this.contents].flatMap(([file, content]) => {
            return file.startsWith(`${path}/`) ? [{ path: file.slice(path.length + 1), bytes: content.length }] : [];
          }),
        ),
      clear: () =>
        run("clear", "", () => {
          for (const [folder, inside] of this.folders) {
            if (folder !== path && !folder.startsWith(`${path}/`)) continue;
            this.removals += inside.size;
            inside.clear();
          }
          this.changed(path);
        }),
      watch: (onChange) => {
        if (options.watches === false) return toDisposable(() => undefined);
        const watcher = { path, onChange: () => void (isDead() || onChange()) };
        this.watchers.add(watcher);
        return toDisposable(() => this.watchers.delete(watcher));
      },
      folder: (name) => this.open(`${path}/${name}`, options),
    };
  }

  private filesOf(path: string): Map<string, { content: string; version: number }> {
    const files = this.folders.get(path) ?? new Map<string, { content: string; version: number }>();
    this.folders.set(path, files);
    return files;
  }

  /** The version of a folder: of itself and its content. */
  private versionOf(path: string): string {
    const versions = [...this.filesOf(path).values()].map(({ version }) => version);
    return [this.removals, versions.length, Math.max(0, ...versions)].join("/");
  }

  private write(path: string, name: string, content: string): void {
    this.filesOf(path).set(name, { content, version: ++this.writes });
    this.changed(path);
  }

  private changed(path: string): void {
    for (const watcher of [...this.watchers]) if (watcher.path === path) watcher.onChange();
  }
}

/** An error as thrown by node:fs. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

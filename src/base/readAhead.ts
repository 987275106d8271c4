import type { StateFolder } from "./folder";

export interface ReadAhead {
  /** The same folder. The first `version` and the first `read` of a file that is being read already get what came of it. */
  readonly folder: StateFolder;
  /** From now on everything comes from the folder as it is then. */
  end(): void;
}

interface Begun {
  version?: Promise<string | undefined>;
  text?: Promise<string | undefined>;
}

/**
 * Begins to read files of `folder` for whoever wants them soon. As there, a text is never older than the version that was
 * told before it; what fails is told when it is asked for.
 */
export function readAhead(folder: StateFolder, names: readonly string[]): ReadAhead {
  const begun = new Map<string, Begun>(names.map((name) => [name, begin(folder, name)]));
  function take(name: string, what: keyof Begun): Promise<string | undefined> | undefined {
    const file = begun.get(name);
    const promise = file?.[what];
    delete file?.[what];
    return promise;
  }
  return {
    folder: {
      ...folder,
      version: (name) => take(name, "version") ?? folder.version(name),
      read: (name) => take(name, "text") ?? folder.read(name),
    },
    end: () => begun.clear(),
  };
}

function begin(folder: StateFolder, name: string): Begun {
  const version = folder.version(name);
  const read = () => folder.read(name);
  const text = version.then((found) => (found === undefined ? undefined : read()), read);
  // Nobody may ever ask for it.
  text.catch(() => undefined);
  return { version, text };
}

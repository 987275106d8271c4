import { createHash, randomBytes } from "node:crypto";
import type { StateFolder } from "../base/folder";
import type { Logger } from "../base/log";
import type { Vin } from "../charging/vin";

/** What the names of cars in files are made with. */
export const saltFile = "salt";

/** What cars are called in files, where no VIN may be. */
export type KeyOf = (vin: Vin) => string;

const saltShape = /^[0-9a-f]{32}$/;

export interface CarKeys {
  /**
   * Keys for files of the folder: the same in every window of this computer, and of no meaning on another. Rejects where
   * the folder cannot be used.
   */
  current(): Promise<KeyOf>;
  /** Deletes what the keys are made with, so that nobody can tell any more what a file that was copied is about. */
  forget(): Promise<void>;
}

export function createCarKeys(folder: StateFolder, log: Logger): CarKeys {
  let loaded: { readonly version: string | undefined; readonly keyOf: KeyOf } | undefined;
  return {
    async current() {
      // Another window may have forgotten what they were made with.
      const version = await folder.version(saltFile).catch((error: unknown) => {
        if (!loaded) throw error;
        return loaded.version;
      });
      if (!loaded || loaded.version !== version) loaded = { version, keyOf: await loadKeys(folder, log) };
      return loaded.keyOf;
    },
    async forget() {
      loaded = undefined;
      await folder.remove(saltFile);
    },
  };
}

/** The keys that are made with `salt`; `undefined` where it is none. */
export function keysOf(salt: string | undefined): KeyOf | undefined {
  if (salt === undefined || !saltShape.test(salt)) return undefined;
  const keys = new Map<Vin, string>();
  return (vin) => {
    const key = keys.get(vin) ?? createHash("sha256").update(`${salt} ${vin}`).digest("hex").slice(0, 24);
    keys.set(vin, key);
    return key;
  };
}

async function loadKeys(folder: StateFolder, log: Logger): Promise<KeyOf> {
  for (let attempts = 0; attempts < 5; attempts++) {
    // Another window may be about to write what it has just created.
    for (let looks = 0; looks < 20; looks++) {
      const salt = await folder.read(saltFile);
      const keyOf = keysOf(salt);
      if (keyOf) return keyOf;
      if (salt === undefined) await folder.create(saltFile, randomBytes(16).toString("hex"));
    }
    log.warn("What cars are called in files is damaged and made anew; they are asked for again");
    await folder.remove(saltFile);
  }
  throw new Error("The file with the salt cannot be kept");
}

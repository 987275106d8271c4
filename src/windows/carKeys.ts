import { createHash, randomBytes } from "node:crypto";
import type { StateFolder } from "../base/folder";
import type { Vin } from "../charging/vin";

/** The file with the salt that the keys of cars are made with. */
export const saltFile = "salt";

/** The name of a car in files, where no VIN may be. */
export type KeyOf = (vin: Vin) => string;

/** Keys made with one salt. A state says by `id` which salt its keys were made with. */
export interface Keys {
  readonly id: string;
  readonly keyOf: KeyOf;
}

const saltShape = /^[0-9a-f]{32}$/;

/** The keys that all windows of this computer use. They mean nothing on another computer. */
export class CarKeys {
  private loaded: Keys | undefined;

  constructor(private readonly folder: Pick<StateFolder, "read" | "replace" | "remove">) {}

  /** The keys with this id; `undefined` where their salt is gone. Rejects where the folder cannot be read. */
  async withId(id: string): Promise<Keys | undefined> {
    // Also where the salt is gone: another window has deleted it, and nothing is written with it any more.
    if (this.loaded?.id !== id) this.loaded = keysOf(await this.folder.read(saltFile));
    return this.loaded?.id === id ? this.loaded : undefined;
  }

  /** The keys to write with, made where there are none. In a turn only. Rejects where the folder cannot be written. */
  async current(): Promise<Keys> {
    this.loaded ??= keysOf(await this.folder.read(saltFile)) ?? (await this.created());
    return this.loaded;
  }

  /** Deletes the salt: a copy of a state then no longer tells which cars it is about. */
  async forget(): Promise<void> {
    this.loaded = undefined;
    await this.folder.remove(saltFile);
  }

  private async created(): Promise<Keys> {
    const salt = randomBytes(16).toString("hex");
    await this.folder.replace(saltFile, salt);
    return keysWith(salt);
  }
}

/** The keys that are made with `salt`; `undefined` where it is missing or damaged. */
export function keysOf(salt: string | undefined): Keys | undefined {
  return salt !== undefined && saltShape.test(salt) ? keysWith(salt) : undefined;
}

function keysWith(salt: string): Keys {
  const known = new Map<Vin, string>();
  return {
    id: hash(salt, 8),
    keyOf: (vin) => {
      const key = known.get(vin) ?? hash(`${salt} ${vin}`, 24);
      known.set(vin, key);
      return key;
    },
  };
}

function hash(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

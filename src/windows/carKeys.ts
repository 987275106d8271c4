import { createHash, randomBytes } from "node:crypto";
import type { StateFolder } from "../base/folder";
import type { Vin } from "../charging/vin";

/** The file with the salt for the keys of cars. */
export const saltFile = "salt";

/** Replaces the VIN of a car in files, which must not hold VINs. */
export type KeyOf = (vin: Vin) => string;

/** The keys of one salt. A state names the salt of its keys by `id`. */
export interface Keys {
  readonly id: string;
  readonly keyOf: KeyOf;
}

const saltShape = /^[0-9a-f]{32}$/;

/** The keys of all windows of this computer. They mean nothing on another computer. */
export class CarKeys {
  private loaded: Keys | undefined;

  constructor(private readonly folder: Pick<StateFolder, "read" | "replace" | "remove">) {}

  /** The keys with this id. `undefined` if their salt was deleted. Rejects if the folder cannot be read. */
  async withId(id: string): Promise<Keys | undefined> {
    // If another window has deleted the salt, this window must not write with it any more.
    if (this.loaded?.id !== id) this.loaded = keysOf(await this.folder.read(saltFile));
    return this.loaded?.id === id ? this.loaded : undefined;
  }

  /** The keys to write with. Creates the salt if there is none. In a turn only. Rejects if the folder cannot be written. */
  async current(): Promise<Keys> {
    this.loaded ??= keysOf(await this.folder.read(saltFile)) ?? (await this.created());
    return this.loaded;
  }

  /** Deletes the salt. After that, no key in a copy of the state can be matched with a VIN. */
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

/** The keys of `salt`. `undefined` if it is missing or damaged. */
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

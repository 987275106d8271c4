import { createHmac, randomBytes } from "node:crypto";
import { type Clock, secondMs, sleep } from "../base/clock";
import type { StateFolder } from "../base/folder";
import type { Vin } from "../charging/vin";

/** The id of a car: 16 hexadecimal digits. It names the car in history, and is what other programs are told. */
export type CarIdOf = (vin: Vin) => string;

/** The file in the folder of history with the salt of the ids. */
export const carIdSaltFile = "salt";

const saltShape = /^[0-9a-f]{32}$/;

/** Another window creates the file and writes it a moment later. */
const attempts = 5;
const againMs = secondMs / 5;

/** HMAC-SHA-256 of the VIN: nobody without the salt can find the car by trying VINs. */
export function carIdsWith(salt: string): CarIdOf {
  const known = new Map<Vin, string>();
  return (vin) => {
    const id = known.get(vin) ?? createHmac("sha256", salt).update(vin).digest("hex").slice(0, 16);
    known.set(vin, id);
    return id;
  };
}

/**
 * The ids that all windows of this computer use, from the salt in `folder`. The first window to need one creates it;
 * it is never replaced, since it would separate the cars from their history. Rejects where the folder cannot be used
 * or the salt is damaged.
 */
export async function loadCarIds(folder: Pick<StateFolder, "read" | "create">, clock: Clock): Promise<CarIdOf> {
  for (let attempt = 1; ; attempt++) {
    const salt = await folder.read(carIdSaltFile);
    if (salt !== undefined && saltShape.test(salt)) return carIdsWith(salt);
    if (attempt === attempts) throw new Error("The salt of the ids of cars is damaged");
    if (salt === undefined) await folder.create(carIdSaltFile, newCarIdSalt());
    else await sleep(clock, againMs);
  }
}

export function newCarIdSalt(): string {
  return randomBytes(16).toString("hex");
}

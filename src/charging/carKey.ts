import type { Vin } from "./vin";

/**
 * A short name for a car in ids, command arguments and links, where the VIN must not appear. It hides the VIN from view,
 * but is not secret.
 */
export function carKey(vin: Vin): string {
  return textHash(vin);
}

/** 64-bit FNV-1a, as 16 hexadecimal digits. */
export function textHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash ^= BigInt(character.codePointAt(0) ?? 0);
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

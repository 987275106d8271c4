/** A checked vehicle identification number: 17 characters, upper case, without I, O and Q. */
export type Vin = string & { readonly brand: "Vin" };

export type VinCheck =
  | { readonly kind: "valid"; readonly vin: Vin }
  | { readonly kind: "wrongLength"; readonly length: number }
  | { readonly kind: "wrongCharacters"; readonly characters: readonly string[] };

const length = 17;

/**
 * Checks a typed VIN (ISO 3779). Trims whitespace and converts letters to upper case. Does not verify a check digit,
 * because European VINs have none.
 */
export function checkVin(text: string): VinCheck {
  const typed = text.trim();
  // Checked before the conversion to upper case, which turns "ß" into two letters that are valid in a VIN.
  const wrong = Array.from(typed).filter((character) => !/^[A-HJ-NPR-Z0-9]$/i.test(character));
  if (wrong.length > 0) {
    return { kind: "wrongCharacters", characters: [...new Set(wrong.map((character) => character.toUpperCase()))] };
  }
  if (typed.length !== length) return { kind: "wrongLength", length: typed.length };
  return { kind: "valid", vin: typed.toUpperCase() as Vin };
}

/**
 * Sweden and Belgium, China, the United States, Malaysia and Indonesia, and Polestar, because Volvo's API has such a demo
 * car. There is no complete list, because other makers also build cars for Volvo.
 */
const volvoMakers = /^(?:YV|LYV|LVY|LPS|7JD|7JR|PNV|MHA)/;

/** True if the VIN begins with a known manufacturer code of Volvo. Other codes are unusual, but not wrong. */
export function hasVolvoMaker(vin: Vin): boolean {
  return volvoMakers.test(vin);
}

/** The last four characters, which are shown in place of the whole VIN. */
export function vinTail(vin: Vin): string {
  return vin.slice(-4);
}

/**
 * The VIN in a typed or pasted text: the whole text without whitespace, dashes and dots, or the only VIN in JSON, an
 * address or a sentence. `undefined` if there is none or more than one.
 */
export function findVin(text: string): Vin | undefined {
  const alone = checkVin(compactVin(text));
  if (alone.kind === "valid") return alone.vin;
  const found = text.match(/(?<![A-Z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])/gi) ?? [];
  // A VIN ends in digits, unlike a word of 17 letters.
  const vins = new Set(found.map((vin) => vin.toUpperCase()).filter((vin) => /[0-9]{4}$/.test(vin)));
  return vins.size === 1 ? ([...vins][0] as Vin) : undefined;
}

/** `text` without whitespace, dashes, dots and invisible characters. */
export function compactVin(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}|[\s.\-\u2010-\u2015]/gu, "");
}

/** `text` with 1 for I and 0 for O and Q, which people often misread, if that makes it a VIN. Else `undefined`. */
export function correctedVin(text: string): Vin | undefined {
  const compact = compactVin(text);
  if (!/[IOQ]/i.test(compact)) return undefined;
  const check = checkVin(compact.replace(/I/gi, "1").replace(/[OQ]/gi, "0"));
  return check.kind === "valid" ? check.vin : undefined;
}

/** A checked vehicle identification number: 17 characters, upper case, without I, O and Q. */
export type Vin = string & { readonly brand: "Vin" };

export type VinCheck =
  | { readonly kind: "valid"; readonly vin: Vin }
  | { readonly kind: "wrongLength"; readonly length: number }
  | { readonly kind: "wrongCharacters"; readonly characters: readonly string[] };

const length = 17;

/**
 * Checks a typed VIN (ISO 3779). Blanks around it are dropped and letters made upper case. There is no
 * check digit to verify: European cars have none.
 */
export function checkVin(text: string): VinCheck {
  const typed = text.trim();
  // Before letters are made upper case: "ß" would become two letters that a VIN may have.
  const wrong = Array.from(typed).filter((character) => !/^[A-HJ-NPR-Z0-9]$/i.test(character));
  if (wrong.length > 0) {
    return { kind: "wrongCharacters", characters: [...new Set(wrong.map((character) => character.toUpperCase()))] };
  }
  if (typed.length !== length) return { kind: "wrongLength", length: typed.length };
  return { kind: "valid", vin: typed.toUpperCase() as Vin };
}

/** The last four characters: all that is shown of a VIN unless the user asks for more. */
export function vinTail(vin: Vin): string {
  return vin.slice(-4);
}

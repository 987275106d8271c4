import { t } from "@vscode/l10n";
import { readTypedSecret } from "../auth/credentials";
import { checkVin } from "../charging/vin";
import type { ConfiguredCar } from "../charging/car";

/** The error in a VIN while the user types it; `undefined` if the VIN can be added. */
export function vinCheckText(typed: string, configured: readonly ConfiguredCar[]): string | undefined {
  const check = checkVin(typed);
  switch (check.kind) {
    case "wrongCharacters": {
      const wrong = check.characters.map((character) => (character.trim() === "" ? t("blank") : character)).join(", ");
      return check.characters.some((character) => "IOQ".includes(character))
        ? t("A VIN has no I, O or Q (perhaps 1 or 0 is meant): {0}", wrong)
        : t("A VIN has letters and digits only, not: {0}", wrong);
    }
    case "wrongLength":
      return t("A VIN has 17 characters; these are {0}.", check.length);
    case "valid":
      return configured.some((car) => car.vin === check.vin) ? t("This car is on the list already.") : undefined;
  }
}

/** The error in a typed key or token; `undefined` if it is well formed. */
export function secretCheckText(typed: string): string | undefined {
  switch (readTypedSecret(typed).kind) {
    case "usable":
      return undefined;
    case "empty":
      return t("Nothing is left when blanks, quotes and “Bearer” are taken off.");
    case "lineBreak":
      return t("There is a line break in it. Copy it again, in one piece.");
    case "blank":
      return t("There is a blank in it. Copy it again, in one piece.");
    case "wrongCharacters":
      return t("There are characters in it that no key or token has. Copy it again.");
  }
}

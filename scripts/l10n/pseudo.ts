const accents: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter, index) => [
    letter,
    Array.from("ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ")[index] ?? letter,
  ]),
);

/** Parts that must not change: placeholders, icons, code, link targets, addresses. */
const fixed = /\{[^}]*\}|\$\([^)]*\)|`[^`]*`|\]\([^)]*\)|https?:\/\/[^\s)]+/g;

/**
 * A legible version of `text`, a third longer, with accents on every letter and marks at both ends. Shows which texts
 * on screen are untranslated, truncated or concatenated. For tests only.
 */
export function pseudoText(text: string): string {
  let from = 0;
  let result = "";
  for (const match of text.matchAll(fixed)) {
    result += accented(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  result += accented(text.slice(from));
  return `⟦${result}${"·".repeat(Math.ceil(text.length / 3))}⟧`;
}

/** All texts of a bundle. */
export function pseudoBundle(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudoText(text)]));
}

function accented(text: string): string {
  return Array.from(text, (letter) => accents[letter] ?? letter).join("");
}

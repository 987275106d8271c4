import path from "node:path";
import { codeStringsBelow } from "./codeStrings";
import { type Json, keyOf, manifestStrings } from "./manifestStrings";
import { codeFile, codeTranslations, readTexts, readTranslations, type Texts } from "./translations";

/** The texts of one kind in English and in the other languages. */
export interface Catalogue {
  /** The file with a language's texts, for messages. */
  readonly file: (language: string) => string;
  readonly english: Texts;
  readonly translations: Readonly<Record<string, Texts>>;
}

/**
 * The texts of the code. The key of a text is the English text, followed by a slash and the comment if there is one.
 */
export function codeCatalogue(root: string): Catalogue {
  const { strings } = codeStringsBelow(path.join(root, "src"));
  const english = Object.fromEntries(strings.map(({ key, text }) => [key, text]));
  return { file: codeFile, english, translations: codeTranslations(root) };
}

/** The texts of the manifest. */
export function manifestCatalogue(root: string): Catalogue {
  const file = (language: string) => `package.nls${language === "en" ? "" : `.${language}`}.json`;
  return { file, english: readTexts(path.join(root, file("en"))), translations: readTranslations(root, file) };
}

/** Missing keys, unused keys, and texts whose placeholders, links, icons or code differ from English. */
export function catalogueFaults({ english, translations, file }: Catalogue): readonly string[] {
  return Object.entries(translations).flatMap(([language, texts]) => [
    ...missing(english, texts).map((key) => `${file(language)}: missing: ${JSON.stringify(key)}`),
    ...missing(texts, english).map((key) => `${file(language)}: unused: ${JSON.stringify(key)}`),
    ...Object.entries(texts).flatMap(([key, text]) => {
      const original = english[key];
      return original !== undefined && fixedParts(text) !== fixedParts(original)
        ? [`${file(language)}: other placeholders or links: ${JSON.stringify(key)}`]
        : [];
    }),
  ]);
}

/** Plain texts in the manifest, keys missing from package.nls.json, and unused keys. */
export function manifestKeyFaults(manifest: Record<string, Json>, english: Texts): readonly string[] {
  const strings = manifestStrings(manifest);
  const used = Object.fromEntries(strings.filter(({ value }) => keyOf(value) !== undefined).map(({ key }) => [key, ""]));
  return [
    ...strings.filter(({ value }) => keyOf(value) === undefined).map(({ at }) => `package.json: plain text: ${at}`),
    ...missing(used, english).map((key) => `package.nls.json: missing: ${key}`),
    ...missing(english, used).map((key) => `package.nls.json: unused: ${key}`),
  ];
}

function missing(wanted: Texts, present: Texts): readonly string[] {
  return Object.keys(wanted).filter((key) => !Object.hasOwn(present, key));
}

/** The parts of a text that a translator must keep, sorted. */
function fixedParts(text: string): string {
  return (text.match(/\{[^}]*\}|\$\([^)]*\)|`[^`]*`|\]\([^)]*\)|\n/g) ?? []).sort().join(" ");
}

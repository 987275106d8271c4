import fs from "node:fs";
import path from "node:path";

/** The languages besides English. VS Code has a language pack for each. */
export const languages = ["de", "fr", "es", "it"] as const;

export type Texts = Readonly<Record<string, string>>;

/** The texts of the code in each language except English. */
export function codeTranslations(root: string): Readonly<Record<string, Texts>> {
  return readTranslations(root, codeFile);
}

/** The file with the texts of the code in `language`. */
export function codeFile(language: string): string {
  return path.join("l10n", `bundle.l10n.${language}.json`);
}

/** The texts in each language except English, where `file` names the file of a language. */
export function readTranslations(root: string, file: (language: string) => string): Readonly<Record<string, Texts>> {
  return Object.fromEntries(languages.map((language) => [language, readTexts(path.join(root, file(language)))]));
}

/** The texts of a file; none if there is no such file. */
export function readTexts(file: string): Texts {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Texts) : {};
}

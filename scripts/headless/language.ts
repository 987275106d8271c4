import fs from "node:fs/promises";
import path from "node:path";

/** The id of VS Code's own texts in a language pack. */
const coreTranslations = "vscode";

/**
 * Registers a language pack for `language` with the server whose data is in `serverDataDir`. It has none of VS Code's
 * own texts, so these stay English and only extensions use the language. Start the server with `--locale <language>`.
 * Without a pack, VS Code uses English for everything.
 */
export async function writeLanguagePack(serverDataDir: string, language: string): Promise<void> {
  const data = path.join(serverDataDir, "data");
  const translation = path.join(data, `${language}.i18n.json`);
  await fs.mkdir(data, { recursive: true });
  await fs.writeFile(translation, JSON.stringify({ version: "1.0.0", contents: {} }));
  const pack = {
    hash: `empty-${language}`,
    label: language,
    extensions: [{ extensionIdentifier: { id: `test.empty-${language}` }, version: "1.0.0" }],
    translations: { [coreTranslations]: translation },
  };
  await fs.writeFile(path.join(data, "languagepacks.json"), JSON.stringify({ [language]: pack }));
}

import fs from "node:fs/promises";
import path from "node:path";

/** The id of the language pack's own texts of VS Code. */
const coreTranslations = "vscode";

/**
 * Makes `language` known to a server that keeps its data in `serverDataDir`, as an installed language pack would, but
 * without a text of VS Code's own: those stay English, and only extensions speak the language. The server is then
 * started with `--locale <language>`; without the pack it would fall back to English for all.
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

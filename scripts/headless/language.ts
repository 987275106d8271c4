import fs from "node:fs/promises";
import path from "node:path";

/** The id of VS Code's own texts in a language pack. */
const coreTranslations = "vscode";

/**
 * Registers `language` with a server that keeps its data in `serverDataDir`, as an installed language pack would, but
 * without VS Code's own texts. Those stay English, and only extensions use the language. The server then starts with
 * `--locale <language>`. Without the pack it would fall back to English for everything.
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

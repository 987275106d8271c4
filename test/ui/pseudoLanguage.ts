import fs from "node:fs/promises";
import path from "node:path";
import { codeCatalogue, manifestCatalogue } from "../../scripts/l10n/catalogue";
import { pseudoBundle } from "../../scripts/l10n/pseudo";
import { projectRoot } from "../../scripts/headless/paths";
import { extensionId } from "../../src/contributions";

/** Dates use Russian, so that every text in plain Latin letters is untranslated. */
export const pseudoLanguage = "ru-x-pseudo";

/** Adds the pseudo-language's texts to the installed extension; no package contains them. */
export async function installPseudoTexts(extensionsDir: string): Promise<void> {
  const installed = (await fs.readdir(extensionsDir)).find((folder) => folder.startsWith(`${extensionId}-`));
  if (installed === undefined) throw new Error(`${extensionId} is not installed in ${extensionsDir}`);
  const folder = path.join(extensionsDir, installed);
  const texts = {
    [path.join("l10n", `bundle.l10n.${pseudoLanguage}.json`)]: codeCatalogue(projectRoot).english,
    [`package.nls.${pseudoLanguage}.json`]: manifestCatalogue(projectRoot).english,
  };
  for (const [file, english] of Object.entries(texts)) {
    await fs.writeFile(path.join(folder, file), JSON.stringify(pseudoBundle(english)));
  }
}

/** Text that is the same in every language. */
const names =
  /Volvo Charging|Volvo ID|\bE[XC]\d0\b|\bXC60\b|\b(?:kW|km|mi|A|VIN|v1|v2)\b|…\w{4}|https?:\S+|`[^`]*`|volvoCharging\.[\w.]+/g;

/** The words of `text` that are in no bundle: plain letters other than names and units. */
export function plainWords(text: string): string[] {
  return text.replace(names, "").match(/[A-Za-z]{2,}/g) ?? [];
}

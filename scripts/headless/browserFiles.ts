import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

export interface BrowserFiles {
  readonly executable: string;
  readonly env: { readonly LD_LIBRARY_PATH: string; readonly FONTCONFIG_PATH: string };
}

/** The files that `unpackBrowser` has unpacked for the browser in `folder`. */
export function browserFiles(folder: string): BrowserFiles {
  const unpacked = path.join(folder, "unpacked");
  return {
    executable: path.join(unpacked, "chromium"),
    env: { LD_LIBRARY_PATH: path.join(unpacked, "al2023", "lib"), FONTCONFIG_PATH: path.join(unpacked, "fontconfig") },
  };
}

/**
 * Unpacks the browser, the shared libraries missing from minimal systems, and fonts. Rejects if the package has
 * changed.
 */
export async function unpackBrowser(folder: string): Promise<void> {
  const unpacked = path.join(folder, "unpacked");
  await fs.mkdir(unpacked, { recursive: true });
  // The package unpacks into the temp folder, and its libraries only if it detects AWS.
  const env = { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  const script = `import("@sparticuz/chromium").then(({ default: chromium }) => {
    chromium.setGraphicsMode = false;
    return chromium.executablePath();
  })`;
  await promisify(execFile)(process.execPath, ["-e", script], { cwd: folder, env });
  const { executable, env: paths } = browserFiles(folder);
  // Real paths, because the configuration may outlive a symbolic link to this checkout, and the browser crashes without
  // fonts.
  const real = await fs.realpath(folder);
  await writeFontConfig(paths.FONTCONFIG_PATH, [
    path.join(real, "unpacked", "fonts"),
    path.join(real, "node_modules", "dejavu-fonts-ttf", "ttf"),
  ]);
  await Promise.all([fs.access(executable), fs.access(paths.LD_LIBRARY_PATH)]);
}

/** Only these fonts, so that screenshots do not depend on the machine. */
async function writeFontConfig(folder: string, fontFolders: readonly string[]): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const folders = fontFolders.map((font) => `  <dir>${font}</dir>`);
  const families: Record<string, string> = {
    "sans-serif": "DejaVu Sans",
    "system-ui": "DejaVu Sans",
    monospace: "DejaVu Sans Mono",
    serif: "DejaVu Serif",
  };
  const aliases = Object.entries(families).map(
    ([generic, family]) => `  <alias><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`,
  );
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    "<fontconfig>",
    ...folders,
    `  <cachedir>${path.join(folder, "cache")}</cachedir>`,
    ...aliases,
    "</fontconfig>",
  ];
  await fs.writeFile(path.join(folder, "fonts.conf"), `${lines.join("\n")}\n`);
}

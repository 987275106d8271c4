import { listFiles, PackageManager } from "@vscode/vsce";
import fs from "node:fs/promises";
import path from "node:path";
import { ensureInstalled } from "../headless/install";
import { projectRoot } from "../headless/paths";
import { kilobytes, type Row, type Section } from "./report";

const peers = ["github-authentication", "merge-conflict", "npm"];
const entries: readonly (readonly [name: string, when: string])[] = [
  ["extension", "in every window"],
  ["product", "where there is a car or a credential"],
  ["commands", "at the first command"],
  ["demo", "when the demo starts"],
];
const mainBar = 35_000;
const vsixBar = 300_000;

export const size: Section = {
  name: "size",
  title: "Size",
  async measure() {
    const builtIn = await Promise.all(peers.map(async (name) => `${name} ${kilobytes(await builtInSize(name))}`));
    const rows: Row[] = [];
    for (const [name, when] of entries) {
      const bytes = await sizeOf(path.join(projectRoot, "dist", `${name}.js`));
      const isMain = name === "extension";
      rows.push({
        figure: `dist/${name}.js, loaded ${when}`,
        ours: kilobytes(bytes),
        beside: isMain ? builtIn.join(", ") : "",
        ...(isMain && { bar: `≤ ${kilobytes(mainBar)}`, isMet: bytes <= mainBar }),
      });
    }
    const vsix = await sizeOf(path.join(projectRoot, "out", "volvo-charging-status.vsix"));
    const files = await listFiles({ cwd: projectRoot, packageManager: PackageManager.None });
    rows.push({
      figure: "VSIX",
      ours: `${kilobytes(vsix)}, ${files.length} files`,
      beside: "",
      bar: `≤ ${kilobytes(vsixBar)}`,
      isMet: vsix <= vsixBar,
    });
    return { rows, notes: ["Beside it: the main files of built-in extensions of VS Code 1.139, as they are on disk."] };
  },
};

async function sizeOf(file: string): Promise<number> {
  return (await fs.stat(file)).size;
}

async function builtInSize(name: string): Promise<number> {
  const installed = await ensureInstalled("vscode-1.139");
  const folder = path.join(installed, "node_modules/code-server/lib/vscode/extensions", name);
  const { main } = JSON.parse(await fs.readFile(path.join(folder, "package.json"), "utf8")) as {
    readonly main: string;
  };
  return sizeOf(path.join(folder, main.endsWith(".js") ? main : `${main}.js`));
}

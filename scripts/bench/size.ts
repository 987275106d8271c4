import { listFiles, PackageManager } from "@vscode/vsce";
import type { Metafile } from "esbuild";
import fs from "node:fs/promises";
import path from "node:path";
import { ensureInstalled } from "../headless/install";
import { projectRoot } from "../headless/paths";
import { kilobytes, type Row, type Section } from "./report";

const dist = path.join(projectRoot, "dist");
const peers = ["github-authentication", "merge-conflict", "npm"];
const scripts: readonly (readonly [name: string, when: string])[] = [
  ["extension.js", "in every window"],
  ["product.js", "where there is a car or a credential"],
  ["commands.js", "at the first command"],
  ["demo.js", "when the demo starts"],
  ["historyPage/page.js", "by the history panel"],
];
const mainBar = 35_000;
const scriptsBar = 360_000;
const vsixBar = 300_000;

export const size: Section = {
  name: "size",
  title: "Size",
  async measure() {
    const builtIn = await Promise.all(peers.map(async (name) => `${name} ${kilobytes(await builtInSize(name))}`));
    const rows: Row[] = [];
    let together = 0;
    for (const [name, when] of scripts) {
      const bytes = await sizeOf(path.join(dist, name));
      together += bytes;
      const isMain = name === "extension.js";
      rows.push({
        figure: `dist/${name}, loaded ${when}`,
        ours: kilobytes(bytes),
        beside: isMain ? builtIn.join(", ") : "",
        ...(isMain && { bar: `≤ ${kilobytes(mainBar)}`, isMet: bytes <= mainBar }),
      });
    }
    rows.push({
      figure: "all scripts",
      ours: kilobytes(together),
      beside: "",
      bar: `≤ ${kilobytes(scriptsBar)}`,
      isMet: together <= scriptsBar,
    });
    const vsix = await sizeOf(path.join(projectRoot, "out", "volvo-charging-status.vsix"));
    const files = await listFiles({ cwd: projectRoot, packageManager: PackageManager.None });
    rows.push({
      figure: "VSIX",
      ours: `${kilobytes(vsix)}, ${files.length} files`,
      beside: "",
      bar: `≤ ${kilobytes(vsixBar)}`,
      isMet: vsix <= vsixBar,
    });
    return {
      rows,
      notes: [
        "Beside it: the main files of built-in extensions of VS Code 1.139, as they are on disk.",
        await whatScriptsHold(),
      ],
    };
  },
};

/** What the scripts consist of, by the record of the build. */
async function whatScriptsHold(): Promise<string> {
  const { outputs } = JSON.parse(await fs.readFile(path.join(dist, "meta.json"), "utf8")) as Metafile;
  const bytesOf = new Map<string, number[]>();
  for (const [output, { inputs }] of Object.entries(outputs)) {
    if (!output.endsWith(".js")) continue;
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      bytesOf.set(input, [...(bytesOf.get(input) ?? []), bytesInOutput]);
    }
  }
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const total = (isCounted: (input: string) => boolean) =>
    kilobytes(sum([...bytesOf].flatMap(([input, sizes]) => (isCounted(input) ? sizes : []))));
  const copies = kilobytes(sum([...bytesOf.values()].map((sizes) => sum(sizes) - Math.max(...sizes))));
  return (
    `Of all scripts, ${copies} are modules that several of them have a copy of, ` +
    `${total((input) => input.startsWith("node_modules/"))} are libraries, ` +
    `and ${total((input) => input.startsWith("src/simulator/"))} are the simulator of the demo. ` +
    "No script loads another one for a module that both need."
  );
}

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

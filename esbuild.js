// Two builds: the shipped bundle (default), and the unbundled files for tests and scripts (`--tests`).
"use strict";

const esbuild = require("esbuild");
const fs = require("node:fs");
const path = require("node:path");

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
const tests = process.argv.includes("--tests");
const testOutput = process.argv.find((argument) => argument.startsWith("--out="))?.slice("--out=".length) ?? "out";

/** The oldest supported VS Code, 1.104, runs extensions on Node 22. */
const target = "node22";

/** Entry points besides extension.js stay separate files, which extension.js requires on first use. */
const entriesAtUse = ["lastKnown", "online", "signIn", "volvoIdConnection", "demo"];
const loadedAtUse = {
  name: "loaded-at-use",
  setup(/** @type {import("esbuild").PluginBuild} */ build) {
    const top = path.resolve(__dirname, "src");
    const filter = new RegExp(`^\\./(${entriesAtUse.join("|")})$`);
    build.onResolve({ filter }, ({ path: target, resolveDir }) =>
      resolveDir === top ? { path: target, external: true } : undefined,
    );
  },
};

/**
 * Replaces all imports of "vscode" with one module that exports the members named in the sources, and does the same for
 * the l10n library. Otherwise esbuild copies all members into each importing file at every start. For the editor's API
 * that takes as long as all other top-level code.
 */
const takenOnce = {
  name: "taken-once",
  setup(/** @type {import("esbuild").PluginBuild} */ build) {
    const namespace = "taken-once";
    const filter = /^(vscode|@vscode\/l10n)$/;
    build.onResolve({ filter }, ({ path: name, namespace: importer }) => {
      if (importer !== namespace) return { path: name, namespace };
      return name === "vscode" ? { path: name, external: true } : undefined;
    });
    build.onLoad({ filter, namespace }, ({ path: name }) => {
      const members = name === "vscode" ? editorMembers() : ["config", "t"];
      const lines = members.map((member) => `export const ${member} = api.${member};`);
      return { contents: [`const api = require("${name}");`, ...lines].join("\n"), resolveDir: __dirname };
    });
  },
};

function editorMembers() {
  const texts = sourcesBelow("src").map((file) => fs.readFileSync(file, "utf8"));
  const named = texts.flatMap((text) => Array.from(text.matchAll(/\bvscode\.(\w+)/g), ([, name]) => name));
  return [...new Set(named)];
}

/** @type {import("esbuild").BuildOptions} */
const bundle = {
  entryPoints: ["extension", ...entriesAtUse].map((name) => `src/${name}.ts`),
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "cjs",
  target,
  supported: {
    // Entry points loaded on use are required by path: `import()` in a CommonJS file would need a file name.
    "dynamic-import": false,
    // Node supports them. Otherwise expressions with `\p{…}` become constructor calls that run at every start, even if
    // unused.
    "regexp-unicode-property-escapes": true,
  },
  plugins: [loadedAtUse, takenOnce],
  mainFields: ["module", "main"],
  minify: production,
  charset: "utf8",
  sourcemap: production ? false : "linked",
  sourcesContent: false,
  legalComments: "none",
  metafile: true,
  logLevel: "info",
};

/** @returns {string[]} all TypeScript files below `directory` */
function sourcesBelow(directory) {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** @type {import("esbuild").BuildOptions} */
const unbundled = {
  entryPoints: ["src", "test", "scripts"].flatMap(sourcesBelow),
  outdir: testOutput,
  outbase: ".",
  bundle: false,
  platform: "node",
  format: "cjs",
  target,
  supported: { "dynamic-import": false },
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
};

async function main() {
  const options = tests ? unbundled : bundle;
  if (tests) fs.rmSync(testOutput, { recursive: true, force: true });
  if (watch) {
    const context = await esbuild.context(options);
    await context.watch();
    return;
  }
  const result = await esbuild.build(options);
  if (!tests) fs.writeFileSync("dist/meta.json", JSON.stringify(result.metafile));
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

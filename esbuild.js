// Two builds: the bundle that ships (default), and the unbundled files that tests and scripts run (`--tests`).
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

/** The entry points beside extension.js stay files of their own, required by it when they are used. */
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
 * One module in place of all imports of "vscode", with the members that the sources name, and one in place of those of the
 * library for texts. Otherwise each file that imports them gets a copy of all that they have, made at every start: of the
 * editor's API that takes as long as all other top-level code.
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
    // The entry points loaded at use are required by their path: a CommonJS file's `import()` would want a file name.
    "dynamic-import": false,
    // Node has them. Otherwise expressions with `\p{…}` become calls that are made at every start, used or not.
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

/** @returns {string[]} every TypeScript file below `directory` */
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

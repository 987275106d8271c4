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

/** These bundles are separate files. Node loads them at their first use. */
const entriesAtUse = ["product", "commands", "demo"];
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
 * All files of a bundle share one `require("vscode")`, because each call of it takes a moment at every start.
 */
const requiredOnce = {
  name: "required-once",
  setup(/** @type {import("esbuild").PluginBuild} */ build) {
    const namespace = "required-once";
    build.onResolve({ filter: /^vscode$/ }, ({ path: name, namespace: importer }) =>
      importer === namespace ? { path: name, external: true } : { path: name, namespace },
    );
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: 'module.exports = require("vscode");' }));
  },
};

/**
 * Calls `t` by its name. As a member of a CommonJS module, each of several hundred calls would need six more bytes. The
 * library's build for browsers has every function that we use and leaves out the code that reads files.
 */
const calledByName = {
  name: "called-by-name",
  setup(/** @type {import("esbuild").PluginBuild} */ build) {
    const namespace = "called-by-name";
    build.onResolve({ filter: /^@vscode\/l10n$/ }, ({ path: name }) => ({ path: name, namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({
      contents: 'import * as l10n from "@vscode/l10n/dist/browser.js"; export const { t, config } = l10n;',
      resolveDir: __dirname,
    }));
  },
};

/** @type {import("esbuild").BuildOptions} */
const bundle = {
  entryPoints: ["extension", ...entriesAtUse].map((name) => `src/${name}.ts`),
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "cjs",
  target,
  supported: {
    // The other bundles are loaded with `require`: `import()` in a CommonJS file would need a file name extension.
    "dynamic-import": false,
    // Node supports `\p{…}`, but V8 builds its tables whenever it compiles the file, even if the expression is never
    // used. This costs a millisecond at the start of every window. With `false`, esbuild turns the literals into calls
    // of `new RegExp`, which build the tables when they run. It does not convert a `\p{…}` in brackets; a test finds
    // those.
    "regexp-unicode-property-escapes": false,
  },
  plugins: [loadedAtUse, requiredOnce, calledByName],
  mainFields: ["module", "main"],
  minify: production,
  charset: "utf8",
  sourcemap: production ? false : "linked",
  sourcesContent: false,
  legalComments: "none",
  metafile: true,
  logLevel: "info",
};

/**
 * The page of the history panel runs in a web view, which can read only this folder.
 *
 * @type {import("esbuild").BuildOptions}
 */
const historyPage = {
  entryPoints: ["src/historyPage/page.ts", "src/historyPage/page.css"],
  outdir: "dist/historyPage",
  bundle: true,
  platform: "browser",
  format: "iife",
  // The Chromium version in VS Code 1.104.
  target: "chrome138",
  minify: production,
  charset: "utf8",
  sourcemap: false,
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
  const builds = tests ? [unbundled] : [bundle, historyPage];
  if (tests) fs.rmSync(testOutput, { recursive: true, force: true });
  if (watch) {
    const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const results = await Promise.all(builds.map((options) => esbuild.build(options)));
  const metafiles = results.flatMap(({ metafile }) => metafile ?? []);
  const metafile = {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
  if (!tests) fs.writeFileSync("dist/meta.json", JSON.stringify(metafile));
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

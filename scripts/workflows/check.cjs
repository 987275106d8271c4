// `check.cjs [folder]`: checks the syntax of all workflows, by default those of this project. Prints each fault, and
// exits with 1 if there is any. Node cannot load the modules of GitHub's language service, whose imports have no
// extensions, so esbuild bundles them first.
"use strict";

const esbuild = require("esbuild");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");
const folder = process.argv[2] ?? path.join(root, ".github", "workflows");

async function main() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(__dirname, "syntax.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  const bundled = new Module(path.join(__dirname, "syntax.js"), module);
  bundled.paths = module.paths;
  bundled._compile(outputFiles[0].text, bundled.id);
  const files = fs.readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  if (files.length === 0) throw new Error(`${folder} has no workflows.`);
  const faults = files.map((file) =>
    bundled.exports.syntaxFaults(file, fs.readFileSync(path.join(folder, file), "utf8")),
  );
  const found = (await Promise.all(faults)).flat();
  for (const fault of found) console.error(fault);
  if (found.length > 0) process.exit(1);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

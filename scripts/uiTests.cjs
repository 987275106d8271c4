// Runs the UI tests: `uiTests.cjs [--version 1.104] [--images] [--part main|rest] [name …]`. Names are files of test/ui
// without their suffix. No names means all files of the part, or of both parts. `--images` also regenerates the
// pictures of README.md.
"use strict";

const { spawnSync } = require("node:child_process");
const { readdirSync } = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");

const { values, positionals } = parseArgs({
  options: {
    version: { type: "string", default: "1.139" },
    images: { type: "boolean", default: false },
    part: { type: "string" },
  },
  allowPositionals: true,
});

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("The UI tests need the headless VS Code, which runs on Linux x64 only: skipped.");
  process.exit(0);
}

// Tests spend most of their time waiting, so two cores can run four files at once.
const parallel = ["--parallel", "--jobs", "4"];
const mocha = path.resolve(__dirname, "..", "node_modules", "mocha", "bin", "mocha.js");
const folder = path.resolve(__dirname, "..", "out", "test", "ui");
const all = readdirSync(folder).flatMap((file) => /^(.*)\.test\.js$/.exec(file)?.[1] ?? []);
// To keep `npm test` short, it runs only the tests of a car, its account and the first steps. `npm run test:slow` runs
// the rest.
const main = ["mainJob", "setUp", "signIn", "cars", "nextSteps", "statusBar", "themes"];
const parts = { main, rest: all.filter((name) => !main.includes(name)) };
// The longest files start first, so no slow file runs alone at the end.
const longest = ["demo", "setUp", "versions", "signIn", "mainJob", "notifications", "themes", "surroundings", "looks"];
const order = (name) => (longest.includes(name) ? longest.indexOf(name) : longest.length);
const part = values.part === undefined ? all : parts[values.part];
if (!part) throw new Error(`There is no part ${values.part}`);
const chosen = positionals.length > 0 ? positionals : part;
const names = [...chosen].sort((a, b) => order(a) - order(b));
const files = names.map((name) => `out/test/ui/${name}.test.js`);
const env = { ...process.env, VSCODE_VERSION: values.version, ...(values.images && { UPDATE_IMAGES: "1" }) };

console.log(`UI tests on VS Code ${values.version}`);
// A browser on a busy machine can miss a key. A second failure of the same test is a failure.
const attempts = ["--retries", "1", "--reporter", path.join(__dirname, "uiReporter.cjs")];
const args = [mocha, ...parallel, "--exit", "--timeout", "240000", ...attempts, ...files];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1);

// Packs out/volvo-charging-status.vsix. Warnings of vsce count as failures.
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
const target = path.join("out", "volvo-charging-status.vsix");

fs.mkdirSync(path.join(root, "out"), { recursive: true });
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [vsce, "package", "--no-dependencies", "--out", target],
  { cwd: root, encoding: "utf8" },
);
const printed = `${stdout}${stderr}`;
if (status !== 0 || /\bWARNING\b/.test(printed)) {
  console.error(printed);
  process.exit(1);
}

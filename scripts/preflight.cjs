// Runs before every test and start, on any installed Node. Prints one line if a prerequisite is missing.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const has = (...parts) => fs.existsSync(path.join(root, "node_modules", ...parts));

function missing() {
  if (Number(process.versions.node.split(".")[0]) < 20)
    return `Node 20 or newer is needed; this is ${process.version}.`;
  if (!has("esbuild") || !has("typescript")) return "The packages are not installed: run `npm ci`.";
  const ownNode = has("node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!ownNode) return "npm's install scripts are switched off: run `npm ci --ignore-scripts=false`.";
  return undefined;
}

const problem = missing();
if (problem) {
  console.error(problem);
  process.exit(1);
}

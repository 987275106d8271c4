// Runs before every test and start, on any installed Node. Prints one line if a prerequisite is missing.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const has = (...parts) => fs.existsSync(path.join(root, "node_modules", ...parts));

function missing() {
  if (!has("esbuild") || !has("typescript")) return "The packages are not installed: run `npm ci`.";
  // package-lock.json has Node packages for Linux and Windows. On other systems the user must install Node.
  if (Number(process.versions.node.split(".")[0]) < 24)
    return `Node 24 is needed; this is ${process.version}. On Linux and Windows, \`npm ci --include=optional\` installs it.`;
  return undefined;
}

const problem = missing();
if (problem) {
  console.error(problem);
  process.exit(1);
}

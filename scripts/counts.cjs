// The counters of the tests: `counts.cjs --clear` resets them before a run, `counts.cjs` prints their sums afterwards.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const folder = path.resolve(__dirname, "..", "test-results", "counts");

if (process.argv.includes("--clear")) {
  fs.rmSync(folder, { recursive: true, force: true });
} else {
  const sums = new Map();
  for (const file of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    for (const line of fs.readFileSync(path.join(folder, file), "utf8").split("\n").filter(Boolean)) {
      const [, count, name] = /^(\d+) (.*)$/.exec(line) ?? [];
      if (name) sums.set(name, (sums.get(name) ?? 0) + Number(count));
    }
  }
  for (const [name, sum] of [...sums].sort()) console.log(`${name}: ${sum.toLocaleString("en")}`);
}

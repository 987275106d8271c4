// `npm run fuzz`: 10,000 runs of each property in test/fuzz. `FUZZ_RUNS` changes the number, `FUZZ_SEED` repeats a run.
"use strict";

const { spawnSync } = require("node:child_process");
const path = require("node:path");

const mocha = path.resolve(__dirname, "..", "node_modules", "mocha", "bin", "mocha.js");
const args = [mocha, "--parallel", "--timeout", "900000", "--reporter", "spec", "out/test/fuzz/**/*.test.js"];
const env = { FUZZ_RUNS: "10000", ...process.env };
process.exit(spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1);

#!/usr/bin/env node
// Replaces a desktop VS Code executable as `vscodeExecutablePath` of @vscode/test-electron's runTests.
"use strict";

const { launch } = require("../../out/scripts/headless/launcher.js");

// The default reaction to a signal would skip the clean-up that ends the server.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

launch(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

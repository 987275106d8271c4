"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

/** After this time all automatically started extensions have started. */
const settleMs = 1_000;

/** Writes the host's own marks to a new file in the folder named by the environment. */
async function report() {
  const ids = JSON.parse(process.env["BENCH_EXTENSIONS"] ?? "[]");
  await Promise.all(ids.map((id) => vscode.extensions.getExtension(id)?.activate()));
  const marks = globalThis.MonacoPerformanceMarks.getMarks();
  const file = path.join(process.env["BENCH_MARKS_FOLDER"], `${Date.now()}.json`);
  fs.writeFileSync(`${file}.part`, JSON.stringify(marks));
  fs.renameSync(`${file}.part`, file);
}

exports.activate = () => {
  globalThis.setTimeout(report, settleMs);
};

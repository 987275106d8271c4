import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { anythingScript } from "../../test/support/product/anythingEditor";
import { projectRoot } from "../headless/paths";
import { median, milliseconds } from "./report";

/** In ms. */
interface Loading {
  readonly compile: number;
  readonly run: number;
}

/** Loads a bundle as Node does, with a fake `vscode` that has every member, and prints the times. */
const loadScript = `
const fs = require("node:fs");
const vm = require("node:vm");
${anythingScript}
// An extension host loads these before any extension.
for (const used of ["node:crypto", "node:fs/promises", "node:path"]) require(used);
const source = fs.readFileSync(process.argv[1], "utf8");
const started = performance.now();
const load = vm.compileFunction(source, ["exports", "require", "module"]);
const compiled = performance.now();
const loaded = { exports: {} };
load(loaded.exports, (name) => (name === "vscode" ? anything : require(name)), loaded);
console.log(JSON.stringify({ compile: compiled - started, run: performance.now() - compiled }));
`;

/** The parts of loading the main file, as a sentence: medians over `runs` processes of this Node. */
export async function loadingNote(runs: number): Promise<string> {
  const file = path.join(projectRoot, "dist", "extension.js");
  const measured: Loading[] = [];
  while (measured.length < runs) {
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", loadScript, file]);
    measured.push(JSON.parse(stdout) as Loading);
  }
  const of = (part: keyof Loading) => milliseconds(median(measured.map((each) => each[part])));
  return `Loading the main file is mostly compilation: in separate processes on this machine V8 compiles it in ${of("compile")}, and its top-level code runs for ${of("run")}.`;
}

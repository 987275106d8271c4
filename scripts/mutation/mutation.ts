import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import * as prettier from "prettier";
import { projectRoot } from "../headless/paths";
import { type Area, areas } from "./areas";
import { Compiler } from "./compiler";
import { type Equivalent, type Measured, type MutationReport, scoreOf, summary } from "./report";

// `npm run mutation [-- --only lock,turn] [--files …] [--report] [--survivors]`: mutates the areas one after another
// and prints their scores; without `--only` it writes test/mutation/results.md from the newest report of each area.
// `--report` only evaluates earlier reports, `--files` mutates single files again, and `--survivors` prints each
// surviving mutant.

const folder = path.join(projectRoot, "test-results", "mutation");
const resultsFile = path.join(projectRoot, "test", "mutation", "results.md");
const equivalentsFile = path.join(projectRoot, "test", "mutation", "equivalents.json");
const stryker = path.join(projectRoot, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");

const fileOf = ({ name }: Area, ending: string) => path.join(folder, `${name.replace(/ /g, "-")}.${ending}`);

/** Mutates the area, or only `files`, whose results then replace their earlier ones in the area's report. */
function run(area: Area, files?: readonly string[]): void {
  fs.mkdirSync(folder, { recursive: true });
  const before = files && (JSON.parse(fs.readFileSync(fileOf(area, "json"), "utf8")) as MutationReport);
  const config = {
    mutate: files ?? area.mutate,
    testRunner: "mocha",
    coverageAnalysis: "perTest",
    concurrency: 2,
    buildCommand: "node esbuild.js --tests",
    mochaOptions: { spec: area.tests.map((name) => `out/test/unit/${name}.test.js`) },
    plugins: ["@stryker-mutator/mocha-runner", path.join(projectRoot, "scripts", "mutation", "texts.cjs")],
    ignorers: ["texts"],
    ignorePatterns: [".headless", "dist", "out", "out-*", "test-results", "coverage"],
    tempDirName: `out-mutation-${area.name.replace(/ /g, "-")}`,
    // StrykerJS need not disable type checks in the files, because esbuild does not check types.
    disableTypeChecks: false,
    timeoutMS: 10_000,
    reporters: ["json", "progress"],
    jsonReporter: { fileName: fileOf(area, "json") },
    allowConsoleColors: false,
  };
  const configFile = fileOf(area, "config.json");
  fs.writeFileSync(configFile, JSON.stringify(config));
  const { status } = spawnSync(process.execPath, [stryker, "run", configFile], { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) throw new Error(`StrykerJS failed on ${area.name}`);
  if (before) {
    const { files: renewed } = JSON.parse(fs.readFileSync(fileOf(area, "json"), "utf8")) as MutationReport;
    fs.writeFileSync(fileOf(area, "json"), JSON.stringify({ files: { ...before.files, ...renewed } }));
  }
  fs.writeFileSync(fileOf(area, "commit"), commit());
}

function commit(): string {
  const git = (...args: readonly string[]) =>
    spawnSync("git", [...args], { cwd: projectRoot, encoding: "utf8" }).stdout.trim();
  return (
    git("rev-parse", "--short", "HEAD") +
    (git("status", "--porcelain", "--", "src", "test/unit", "test/support") === "" ? "" : " and changes")
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      files: { type: "string" },
      report: { type: "boolean", default: false },
      survivors: { type: "boolean", default: false },
    },
  });
  const wanted = values.only?.split(",") ?? areas.map(({ name }) => name);
  const chosen = areas.filter(({ name }) => wanted.includes(name));
  if (chosen.length < wanted.length) throw new Error(`The areas are: ${areas.map(({ name }) => name).join(", ")}`);
  if (!values.report) for (const area of chosen) run(area, values.files?.split(","));
  const equivalents = JSON.parse(fs.readFileSync(equivalentsFile, "utf8")) as readonly Equivalent[];
  const compiler = new Compiler();
  const refuses = (file: string, text: string) => compiler.refuses(file, text);
  const measured = chosen.flatMap((area): readonly Measured[] => {
    if (!fs.existsSync(fileOf(area, "commit"))) return [];
    const report = JSON.parse(fs.readFileSync(fileOf(area, "json"), "utf8")) as MutationReport;
    return [
      { area, score: scoreOf(report, equivalents, refuses), commit: fs.readFileSync(fileOf(area, "commit"), "utf8") },
    ];
  });
  for (const { area, score } of measured) {
    console.log(
      `${area.name}: ${score.percent.toFixed(1)} % of ${score.killed + score.refused + score.survivors.length}`,
    );
    if (!values.survivors) continue;
    for (const { file, lineNumber, line, original, replacement, isCovered } of score.survivors)
      console.log(`  ${file}:${lineNumber}${isCovered ? "" : " (no test)"}: ${line}\n    ${original} → ${replacement}`);
  }
  if (values.only !== undefined) return;
  const missing = areas.filter((area) => !measured.some((one) => one.area === area));
  const options = await prettier.resolveConfig(resultsFile);
  const text = await prettier.format(summary(measured, missing, equivalents), { ...options, parser: "markdown" });
  fs.writeFileSync(resultsFile, text);
  console.log(`Written to ${path.relative(projectRoot, resultsFile)}`);
}

void main();

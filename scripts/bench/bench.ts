import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../headless/paths";
import { calls } from "./calls";
import { idle } from "./idle";
import { poll } from "./poll";
import { presentation } from "./presentation";
import { type Section, sectionMarkdown, type SectionResult } from "./report";
import { size } from "./size";
import { startUp } from "./startUp";

// `npm run bench [-- --only startUp,size] [--quick]`: measures what the product costs, prints the table and, after a
// full run, writes it to bench/results.md.

const sections: readonly Section[] = [startUp, size, calls, poll, idle, presentation];
const resultsFile = path.join(projectRoot, "bench", "results.md");

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean", default: false } } });
  const wanted = values.only?.split(",") ?? sections.map(({ name }) => name);
  const unknown = wanted.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    throw new Error(`There is no section ${unknown.join(", ")}: ${sections.map(({ name }) => name).join(", ")}`);
  }
  const startedAt = Date.now();
  const parts: string[] = [];
  const missed: string[] = [];
  for (const section of sections.filter(({ name }) => wanted.includes(name))) {
    const from = Date.now();
    const result = await measured(section, values.quick);
    const part = sectionMarkdown(section, result);
    missed.push(
      ...result.rows.filter(({ isMet }) => isMet === false).map(({ figure }) => `${section.title}: ${figure}`),
    );
    parts.push(part);
    console.log(`\n${part}`);
    console.error(`${section.name} took ${seconds(from)}`);
  }
  const summary = missed.length === 0 ? "Every bar is met." : `Missed: ${missed.join("; ")}.`;
  console.log(summary);
  if (values.only !== undefined || values.quick) return;
  const text = [preamble(seconds(startedAt)), summary, "", ...parts].join("\n");
  await fs.mkdir(path.dirname(resultsFile), { recursive: true });
  await fs.writeFile(resultsFile, text);
  console.log(`Written to ${path.relative(projectRoot, resultsFile)}`);
}

async function measured(section: Section, quick: boolean): Promise<SectionResult> {
  console.error(`${section.name}…`);
  try {
    return await section.measure({ quick, log: (line) => console.error(`  ${line}`) });
  } catch (error) {
    throw new Error(`${section.name} could not be measured`, { cause: error });
  }
}

function preamble(took: string): string {
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const load = os.loadavg().map((value) => value.toFixed(2));
  return [
    "# What it costs",
    "",
    "Written by `npm run bench`; CONTRIBUTING.md says how to read it.",
    "",
    `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, ${took}, on ${machine}, ${os.type()} ${os.release()}; load averages at the end ${load.join(", ")}.`,
    "VS Code 1.104.0 (Node.js 22) and 1.139.1 (Node.js 24), headless; simulator and yardsticks in the same run.",
    "",
  ].join("\n");
}

function seconds(from: number): string {
  const took = Math.round((Date.now() - from) / 1000);
  return took < 120 ? `${took} s` : `${Math.round(took / 60)} min`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

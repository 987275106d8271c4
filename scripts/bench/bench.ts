import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../headless/paths";
import { calls } from "./calls";
import { history } from "./history";
import { idle } from "./idle";
import { poll } from "./poll";
import { presentation } from "./presentation";
import { provenance } from "./provenance";
import { missedBars, prettyMarkdown, type Section, sectionMarkdown, type SectionResult } from "./report";
import { size } from "./size";
import { startUp } from "./startUp";

// `npm run bench [-- --only startUp,size] [--quick]`: measures the product's costs and prints the table. A full run
// also writes bench/results.md after each section, so an interrupted run keeps its finished sections.

// Questions of users come first: does the editor start later, how many calls does it make, how much memory does it use?
const sections: readonly Section[] = [startUp, calls, idle, poll, presentation, history, size];
const resultsFile = path.join(projectRoot, "bench", "results.md");
const startedAt = Date.now();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean", default: false } } });
  const wanted = values.only?.split(",") ?? sections.map(({ name }) => name);
  const unknown = wanted.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    throw new Error(`There is no section ${unknown.join(", ")}: ${sections.map(({ name }) => name).join(", ")}`);
  }
  const isWritten = values.only === undefined && !values.quick;
  const measuredIn = await provenance();
  console.log(measuredIn.join("\n"));
  const parts: string[] = [];
  const missed: string[] = [];
  const remaining = sections.filter(({ name }) => wanted.includes(name));
  for (let section = remaining.shift(); section; section = remaining.shift()) {
    const result = await measured(section, values.quick);
    const part = await sectionMarkdown(section, result);
    parts.push(part);
    missed.push(...missedBars(section, result));
    console.log(`\n${part}`);
    if (!isWritten) continue;
    const summary = summaryOf(missed, remaining);
    await writeResults([...preamble(measuredIn), "", summary, "", ...parts].join("\n"));
  }
  console.log(summaryOf(missed, remaining));
  if (isWritten) console.log(`Written to ${path.relative(projectRoot, resultsFile)}`);
}

/** Measures a section. A failure counts as a missed bar and does not stop the other sections. */
async function measured(section: Section, quick: boolean): Promise<SectionResult> {
  progress(`${section.name}…`);
  const from = Date.now();
  try {
    const result = await section.measure({ quick, log: (line) => progress(`  ${line}`) });
    progress(`${section.name} took ${duration(from)} min`);
    return result;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    const [reason] = String(error).split("\n");
    return { rows: [{ figure: "all", ours: "not measured", beside: "", isMet: false }], notes: [reason ?? ""] };
  }
}

function progress(line: string): void {
  console.error(`[${duration(startedAt)}] ${line}`);
}

function summaryOf(missed: readonly string[], remaining: readonly Section[]): string {
  const bars = missed.length === 0 ? "Every bar is met." : `Missed: ${missed.join("; ")}.`;
  if (remaining.length === 0) return bars;
  return `Not finished, without ${remaining.map(({ title }) => title).join(", ")}. ${bars}`;
}

function preamble(measuredIn: readonly string[]): readonly string[] {
  const load = os.loadavg().map((value) => value.toFixed(2));
  const when = new Date(startedAt).toISOString().slice(0, 16).replace("T", " ");
  return [
    "# What it costs",
    "",
    "Written by `npm run bench`; CONTRIBUTING.md says how to read it.",
    "",
    `- Begun ${when} UTC, took ${duration(startedAt)} min; load averages at the end ${load.join(", ")}`,
    ...measuredIn,
  ];
}

async function writeResults(text: string): Promise<void> {
  await fs.mkdir(path.dirname(resultsFile), { recursive: true });
  await fs.writeFile(resultsFile, await prettyMarkdown(text));
}

/** The time since `from` in minutes and seconds, "12:05". */
function duration(from: number): string {
  const seconds = Math.round((Date.now() - from) / 1000);
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

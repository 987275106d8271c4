import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { projectRoot } from "../../scripts/headless/paths";
import type { Workbench } from "../../scripts/headless/workbench";
import { animatedPng, type Frame } from "../package/png";

const folder = path.join(projectRoot, "docs", "images");
const record = path.join(folder, "texts.json");

/** `npm run screenshots` sets this to rewrite the pictures of README.md. */
const isWriting = Boolean(process.env["UPDATE_IMAGES"]);

/** Takes one of README.md's pictures while they are rewritten. `take` writes the given file. */
export async function takePicture(name: string, take: (file: string) => Promise<void>): Promise<void> {
  if (isWriting) await take(path.join(folder, name));
}

/**
 * Takes README.md's animated picture while the pictures are rewritten. `play` adds frames: each shows the current window
 * for `ms`. The picture plays three times and then stops, because endless motion distracts from reading.
 */
export async function takeAnimation(
  name: string,
  workbench: Workbench,
  play: (add: (ms: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  await takePicture(name, async (file) => {
    const frames: Frame[] = [];
    await play(async (ms) => {
      await workbench.screenshot(file);
      frames.push({ png: await fs.readFile(file), ms });
    });
    await fs.writeFile(file, animatedPng(frames, 3));
  });
}

/**
 * Fails if the texts in README.md's pictures differ from the current texts of the same scenes, except for times and call
 * counts. `texts` has the lines of each picture by its file. Records them while the pictures are rewritten.
 */
export async function assertPicturesShow(texts: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const now = Object.fromEntries(Object.entries(texts).map(([name, lines]) => [name, lines.map(lasting)]));
  if (isWriting) await fs.writeFile(record, `${JSON.stringify(now, undefined, 2)}\n`);
  const recorded: unknown = JSON.parse(await fs.readFile(record, "utf8"));
  assert.deepEqual(now, recorded, "README.md's pictures are out of date: run `npm run screenshots`");
}

/** The parts that do not depend on the time of day. */
function lasting(line: string): string {
  return line
    .replace(/\w{3} \d+, (?:\d{4}, )?(?=\d+:\d\d)/g, "")
    .replace(/\w{3} \d+, \d{4}/g, "‹date›")
    .replace(/\b(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) (?=\d+:\d\d)/g, "")
    .replace(/\d+:\d\d [AP]M/g, "‹time›")
    .replace(/\d+ (?:min|h|d) ago|just now/g, "‹age›")
    .replace(/(?<=Calls today: )\d+/, "‹count›");
}

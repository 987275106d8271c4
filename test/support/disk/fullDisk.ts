import { createStateFolder } from "../../../src/host/stateFolder";
import { fillDisk } from "./smallDisk";

/** Runs on a separate disk of a few pages: fills it, writes, frees space, and prints the results. */
async function main(disk: string): Promise<void> {
  const freeSpace = fillDisk(disk);
  const folder = createStateFolder(disk);
  const code = (error: unknown) => String((error as { code?: unknown }).code);
  const left = async () => (await folder.list()).filter((name) => name !== "filler");
  const created = await folder.create("1", "content").then(String, code);
  const leftOfCreated = await left();
  const replaced = await folder.replace("snapshot.json", "content").then(() => "", code);
  const leftOfReplaced = await left();
  freeSpace();
  const then = await folder.create("1", "content");
  console.log(JSON.stringify({ created, left: leftOfCreated, replaced, leftOfReplaced, then }));
}

void main(process.argv[2] ?? "");

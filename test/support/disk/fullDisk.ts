import { createStateFolder } from "../../../src/host/stateFolder";
import { fillDisk } from "./smallDisk";

/** Runs on a separate disk of a few pages: fills it, writes, frees space, and prints the results. */
async function main(disk: string): Promise<void> {
  const folder = createStateFolder(disk);
  const code = (error: unknown) => String((error as { code?: unknown }).code);
  const left = async () => (await folder.list()).filter((name) => name !== "filler");
  // The disk has room for a part of this text.
  const tooLong = "x".repeat(100_000);
  await folder.create("state", "old");
  const replacedInPart = await folder.replace("state", tooLong).then(() => "", code);
  const appendedInPart = await folder.append("log", tooLong, { head: "", limit: 1_000_000 }).then(String, code);
  await folder.remove("log");
  const createdInPart = await folder.create("1", tooLong).then(String, code);
  const leftInPart = await left();
  const state = await folder.read("state");
  await folder.remove("state");
  const freeSpace = fillDisk(disk);
  const created = await folder.create("1", "content").then(String, code);
  const leftOfCreated = await left();
  const replaced = await folder.replace("snapshot.json", "content").then(() => "", code);
  const leftOfReplaced = await left();
  freeSpace();
  const then = await folder.create("1", "content");
  const inPart = {
    replaced: replacedInPart,
    state,
    appended: appendedInPart,
    created: createdInPart,
    left: leftInPart,
  };
  console.log(JSON.stringify({ inPart, created, left: leftOfCreated, replaced, leftOfReplaced, then }));
}

void main(process.argv[2] ?? "");

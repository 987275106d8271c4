import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/**
 * What `commands` of a shell print while a disk of 64 KiB is mounted at `folder`, in a process that has the rights for it.
 * `undefined` where this system does not allow that. Rejects where a command fails.
 */
export async function onSmallDisk(folder: string, commands: string): Promise<string | undefined> {
  const script = `mount -t tmpfs -o size=64k tmpfs ${folder} && ${commands}`;
  const run = promisify(execFile)("unshare", ["-rm", "sh", "-c", script], { timeout: 30_000 });
  const { stdout } = await run.catch((error: unknown) => {
    const { stderr = "" } = error as { stderr?: string };
    if (!/unshare|mount|not permitted/i.test(stderr) && !String(error).includes("ENOENT")) throw error;
    return { stdout: "" };
  });
  if (stdout !== "") return stdout;
  console.log("    skipped: this system does not allow mounting a disk (unshare)");
  return undefined;
}

/** Fills the disk at `folder`. Returns what frees its space again. */
export function fillDisk(folder: string): () => void {
  const filler = path.join(folder, "filler");
  const block = Buffer.alloc(1024);
  const file = fs.openSync(filler, "w");
  try {
    for (;;) fs.writeSync(file, block);
  } catch {
    fs.closeSync(file);
  }
  return () => fs.rmSync(filler);
}

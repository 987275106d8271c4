import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/**
 * Runs shell `commands` with a disk of 64 KiB mounted at `folder` and returns their output. `undefined` if this system
 * does not allow mounting. Rejects if a command fails.
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

/** Fills the disk at `folder`. Returns a function that frees the space. */
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

import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import { promisify } from "node:util";
import { fillDisk } from "./smallDisk";

const run = promisify(execFile);

/** A small separate disk, mounted at a folder and visible to all processes. */
export class MountedDisk {
  private constructor(private readonly folder: string) {}

  /** `undefined` if this system does not allow mounting, which takes root or sudo without a password. */
  static async mount(folder: string, kilobytes: number): Promise<MountedDisk | undefined> {
    await fs.mkdir(folder, { recursive: true });
    const options = `size=${kilobytes}k,mode=700,uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0}`;
    try {
      await asRoot("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
      return new MountedDisk(folder);
    } catch {
      return undefined;
    }
  }

  /** Returns a function that frees the space. */
  fill(): () => void {
    return fillDisk(this.folder);
  }

  async allowWrites(isAllowed: boolean): Promise<void> {
    await asRoot("mount", ["-o", `remount,${isAllowed ? "rw" : "ro"}`, this.folder]);
  }

  async unmount(): Promise<void> {
    await asRoot("umount", ["-l", this.folder]);
  }
}

async function asRoot(command: string, args: readonly string[]): Promise<void> {
  if (process.getuid?.() === 0) await run(command, args);
  else await run("sudo", ["-n", command, ...args]);
}

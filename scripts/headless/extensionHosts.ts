import fs from "node:fs/promises";

/**
 * The process ids of a server's extension hosts, one per window, oldest first. For tests that kill or freeze one. The
 * host of a closed window may linger for a moment.
 */
export async function extensionHostPids(serverPid: number): Promise<number[]> {
  const pids = (await fs.readdir("/proc")).map(Number).filter((pid) => pid > 0);
  const found = await Promise.all(pids.map(async (pid) => ((await isHostOf(serverPid, pid)) ? [pid] : [])));
  return found.flat().sort((a, b) => a - b);
}

async function isHostOf(serverPid: number, pid: number): Promise<boolean> {
  try {
    const [command, stat] = await Promise.all(
      ["cmdline", "stat"].map(async (file) => await fs.readFile(`/proc/${pid}/${file}`, "utf8")),
    );
    // The fields after the name in parentheses: state, parent, process group. The server leads the group.
    const group = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
    return group === serverPid && (command?.includes("--type=extensionHost") ?? false);
  } catch {
    // The process has just ended.
    return false;
  }
}

import fs from "node:fs/promises";

/** Which of these processes holds the socket whose own end is at `port` of this machine. For Linux. */
export async function ownerOfPort(port: number, pids: readonly number[]): Promise<number | undefined> {
  const inodes = await socketsAt(port);
  for (const pid of pids) if ((await socketsOf(pid)).some((inode) => inodes.includes(inode))) return pid;
  return undefined;
}

async function socketsAt(port: number): Promise<readonly string[]> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((table) => fs.readFile(`/proc/net/${table}`, "utf8").catch(() => "")),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  // Number, own address, the other's address, state, and after five more the inode.
  const rows = tables.flatMap((table) => table.split("\n").map((line) => line.trim().split(/\s+/)));
  return rows.flatMap(([, own, , , , , , , , inode]) => (own?.endsWith(suffix) && inode !== undefined ? [inode] : []));
}

async function socketsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const files = await fs.readdir(folder).catch(() => []);
  const links = await Promise.all(files.map((file) => fs.readlink(`${folder}/${file}`).catch(() => "")));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

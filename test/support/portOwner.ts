import fs from "node:fs/promises";

/** The process, among `pids`, whose socket has the local port `port`; `undefined` for none. Linux only. */
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
  // The columns are the number, the local address, the remote address, the state, five others, and the inode.
  const rows = tables.flatMap((table) => table.split("\n").map((line) => line.trim().split(/\s+/)));
  return rows.flatMap(([, local, , , , , , , , inode]) =>
    local?.endsWith(suffix) && inode !== undefined ? [inode] : [],
  );
}

async function socketsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const files = await fs.readdir(folder).catch(() => []);
  const links = await Promise.all(files.map((file) => fs.readlink(`${folder}/${file}`).catch(() => "")));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

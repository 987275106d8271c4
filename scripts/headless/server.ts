import fs from "node:fs/promises";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { VSCodeVersion } from "./install";
import { writeLanguagePack } from "./language";
import { ProcessGroup } from "./processGroup";
import { frontDoor, serveFlags, serverMain, type ServerFolders } from "./serverCommand";
import { writeUserSettings, type Settings } from "./userSettings";

export interface ServerOptions extends ServerFolders {
  readonly version: VSCodeVersion;
  /** User settings, merged over the quiet defaults. */
  readonly settings?: Settings;
  /** Environment variables of the extension host, merged over those of this process; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Enables the payload's `extensionDevelopmentPath` and `extensionTestsPath`. Not for UI tests: VS Code then shows no
   * notification (1.139) and answers modal dialogs by itself (1.104). Not with `frontDoor`.
   */
  readonly testHooks?: boolean;
  /** Starts code-server's own entry, which stores secrets in the browser, by host and port. */
  readonly frontDoor?: boolean;
  /** The display language of extensions, e.g. `de`. VS Code's own texts stay English. Not with `frontDoor`. */
  readonly language?: string;
  /** Receives all output of the server. */
  readonly logFile?: string;
  /** Reuse a port to keep a browser's storage, which belongs to host and port. Default: any free port. */
  readonly port?: number;
}

/** Workbench hooks by name, e.g. `extensionDevelopmentPath`; see `Server.uri` for paths in them. */
export type Payload = readonly (readonly [name: string, value: string])[];

export interface Server {
  readonly port: number;
  readonly pid: number;
  readonly version: VSCodeVersion;
  readonly folders: ServerFolders;
  /** The workbench's address. `folder` is an absolute path; `undefined` opens no folder. */
  url(folder: string | undefined, payload?: Payload): string;
  /** The workbench's URI of an absolute path on the server. */
  uri(absolutePath: string): string;
  /** Ends the server, its extension hosts and all other descendants. */
  dispose(): Promise<void>;
}

const startLimitMs = 60_000;

/**
 * Installs VS Code if needed, starts its server on a loopback port and resolves when it accepts connections. Rejects
 * with the server's last lines if it exits or does not accept connections within 60 s.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { version, serverDataDir, extensionsDir } = options;
  const folders: ServerFolders = { serverDataDir, extensionsDir };
  await fs.mkdir(extensionsDir, { recursive: true });
  await writeUserSettings(serverDataDir, options.settings);
  if (options.language !== undefined) await writeLanguagePack(serverDataDir, options.language);
  const port = options.port ?? 0;
  if (options.frontDoor) await fs.writeFile(path.join(serverDataDir, "code-server.yaml"), "auth: none\n");
  const command = options.frontDoor
    ? await frontDoor(version, folders, port)
    : await serverMain(version, folders, serveFlags(port, options));
  const group = await ProcessGroup.start(
    command,
    await serverEnv({ ...(options.frontDoor ? frontDoorEnv(serverDataDir) : {}), ...options.env }, serverDataDir),
    options.logFile,
  );
  try {
    const listening = await group.printed(listeningLine, startLimitMs, `VS Code ${version}`);
    return serverOn(Number(listening[1]), group, options, folders);
  } catch (error) {
    await group.dispose();
    throw error;
  }
}

/**
 * Installs a VSIX. Call it before the server starts: a starting server can remove a new extension as a leftover.
 * Rejects with VS Code's output.
 */
export async function installExtension(version: VSCodeVersion, folders: ServerFolders, vsix: string): Promise<void> {
  const { command, args } = await serverMain(version, folders, ["--install-extension", vsix, "--force"]);
  try {
    await promisify(execFile)(command, [...args], { env: await serverEnv({}, folders.serverDataDir) });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`VS Code ${version} did not install ${vsix}: ${[stdout, stderr].join("\n").trim()}`, {
      cause: error,
    });
  }
}

/** Both entries print the port only once they accept connections. */
const listeningLine = /(?:Extension host agent listening on |HTTP server listening on http:\/\/127\.0\.0\.1:)(\d+)/;

function serverOn(port: number, group: ProcessGroup, options: ServerOptions, folders: ServerFolders): Server {
  return {
    port,
    pid: group.pid,
    version: options.version,
    folders,
    url(folder, payload) {
      const url = new URL(`http://127.0.0.1:${port}/`);
      if (folder === undefined) url.searchParams.set("ew", "true");
      else url.searchParams.set("folder", folder);
      if (payload) url.searchParams.set("payload", JSON.stringify(payload));
      return url.href;
    },
    uri: (absolutePath) => `vscode-remote://127.0.0.1:${port}${absolutePath}`,
    dispose: () => group.dispose(),
  };
}

/** Keeps code-server from writing into the user's home folder. */
function frontDoorEnv(serverDataDir: string): Record<string, string> {
  return { XDG_DATA_HOME: path.join(serverDataDir, "share") };
}

/** Variables of an enclosing VS Code, code-server or npm, which would change the behavior of this one. */
const foreign =
  /^(VSCODE_|ELECTRON_|npm_|CODE_SERVER_|CS_|PASSWORD$|HASHED_PASSWORD$|PORT$|NODE_OPTIONS$|XDG_RUNTIME_DIR$)/;

/**
 * Each profile gets its own temporary folder, because VS Code leaves sockets behind. A profile with a long path does
 * not, because socket paths have a length limit.
 */
async function serverEnv(overrides: ServerOptions["env"], serverDataDir: string): Promise<NodeJS.ProcessEnv> {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const env = { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: "{}" };
  const temp = path.join(serverDataDir, "tmp");
  if (temp.length > longestTempPath) return { ...env, ...overrides };
  await fs.mkdir(temp, { recursive: true });
  return { ...env, TMPDIR: temp, ...overrides };
}

/** A socket's path has at most 107 bytes; VS Code adds up to 53. */
const longestTempPath = 54;

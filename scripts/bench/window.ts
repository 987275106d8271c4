import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContext } from "playwright-core";
import { launchBrowser } from "../headless/browser";
import type { VSCodeVersion } from "../headless/install";
import { projectRoot } from "../headless/paths";
import { installExtension, type Server, startServer } from "../headless/server";
import type { Settings } from "../headless/userSettings";

export const productVsix = path.join(projectRoot, "out", "volvo-charging-status.vsix");

export interface BenchWindowOptions {
  readonly version: VSCodeVersion;
  readonly settings?: Settings;
  readonly env?: Readonly<Record<string, string>>;
  /** Extension files to install, in this order. */
  readonly extensions: readonly string[];
  /** Keeps secrets across a reload. */
  readonly frontDoor?: boolean;
}

/** A fresh VS Code with a folder that holds a package.json, and a browser to open windows in. */
export class BenchCode {
  private constructor(
    readonly profile: string,
    readonly folder: string,
    readonly server: Server,
    private readonly browser: Browser,
    readonly context: BrowserContext,
  ) {}

  static async start({ extensions, ...options }: BenchWindowOptions): Promise<BenchCode> {
    const profile = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-"));
    const folder = path.join(profile, "folder");
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, "package.json"), "{}\n");
    const folders = { serverDataDir: path.join(profile, "data"), extensionsDir: path.join(profile, "extensions") };
    for (const vsix of extensions) await installExtension(options.version, folders, vsix);
    const server = await startServer({ ...options, ...folders });
    try {
      const browser = await launchBrowser();
      return new BenchCode(profile, folder, server, browser, await browser.newContext());
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.dispose();
    await fs.rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Packs one of the yardsticks in `extensions/` into `folder` and resolves with the file's path. */
export async function packYardstick(name: string, folder: string): Promise<string> {
  const file = path.join(folder, `${name}.vsix`);
  const vsce = path.join(projectRoot, "node_modules", "@vscode", "vsce", "vsce");
  const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", file];
  const cwd = path.join(projectRoot, "scripts", "bench", "extensions", name);
  await promisify(execFile)(process.execPath, [vsce, "package", ...options], { cwd });
  return file;
}

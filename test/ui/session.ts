import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Locator } from "playwright-core";
import { launchBrowser } from "../../scripts/headless/browser";
import type { VSCodeVersion } from "../../scripts/headless/install";
import { saveLogs } from "../../scripts/headless/logs";
import { projectRoot } from "../../scripts/headless/paths";
import { installExtension, type Server, startServer } from "../../scripts/headless/server";
import { Workbench, type WorkbenchOptions } from "../../scripts/headless/workbench";
import type { Settings } from "../../scripts/headless/userSettings";
import { addToCount } from "../support/counts";
import { assertNoLeak, isOwnSettings, scanFolder } from "../support/leakScan";
import { seededSecrets } from "../support/seededSecrets";
import { itemId, uiVersion } from "./scene";

export const vsix = path.join(projectRoot, "out", "volvo-charging-status.vsix");
export const resultsFolder = path.join(projectRoot, "test-results");

export interface UiSessionOptions {
  readonly settings?: Settings;
  readonly version?: VSCodeVersion;
  /** Secrets survive a reload and reach windows opened later. */
  readonly frontDoor?: boolean;
  /** The display language; English if omitted. */
  readonly language?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly port?: number;
  /** The caller handles Ctrl+C. */
  readonly leavesSignals?: boolean;
}

let browser: Promise<Browser> | undefined;
let sessions = 0;

/** All open sessions of this process share one browser, which closes with the last of them. */
function enterBrowser(leavesSignals: boolean): Promise<Browser> {
  sessions++;
  return (browser ??= launchBrowser({ leavesSignals }));
}

async function leaveBrowser(): Promise<void> {
  if (--sessions > 0) return;
  const last = browser;
  browser = undefined;
  await (await last)?.close();
}

/** A fresh profile with the packed extension installed, a server for it, and the windows that a test opens. */
export class UiSession {
  private readonly windows: Workbench[] = [];
  private readonly consoleLines: string[] = [];

  private constructor(
    readonly server: Server,
    readonly profile: string,
    readonly folder: string,
    private readonly context: BrowserContext,
  ) {}

  static async start(options: UiSessionOptions = {}): Promise<UiSession> {
    const profile = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-ui-"));
    const folder = path.join(profile, "folder");
    await fs.mkdir(folder);
    const version = options.version ?? uiVersion;
    const folders = { serverDataDir: path.join(profile, "data"), extensionsDir: path.join(profile, "extensions") };
    await installExtension(version, folders, vsix);
    const server = await startServer({
      ...options,
      // Dates have the format of the display language, not that of this computer's region.
      env: { LC_ALL: "", LC_TIME: "", LANG: "C.UTF-8", ...options.env },
      ...folders,
      version,
      logFile: path.join(profile, "data", "server-output.txt"),
    });
    try {
      const context = await (
        await enterBrowser(options.leavesSignals ?? false)
      ).newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ["clipboard-read", "clipboard-write"],
      });
      return new UiSession(server, profile, folder, context);
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  /** Opens a window and waits for the extension's status-bar item in it. */
  async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const window = await Workbench.open(this.context, this.server, {
      folder: this.folder,
      statusBarItem: itemId,
      ...options,
    });
    this.windows.push(window);
    window.page.on("console", (message) => this.consoleLines.push(message.text()));
    return window;
  }

  /** Everything the extension and its host wrote below the profile: state, logs, output. */
  async writtenFiles(): Promise<readonly string[]> {
    const entries = await fs.readdir(path.join(this.profile, "data"), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  }

  /** Takes a screenshot of the first window, or of one part of it. */
  async screenshot(name: string, part?: Locator, margin?: number): Promise<string> {
    const file = path.join(resultsFolder, "screenshots", `${name}.png`);
    await this.windows[0]?.screenshot(file, part, margin);
    return file;
  }

  /** Saves the screen when a test fails. */
  async keepEvidence(title: string): Promise<void> {
    const name = `failed-${title.replace(/[^\w]+/g, "-").slice(0, 60)}`;
    for (const [index, window] of this.windows.entries()) {
      if (window.page.isClosed()) continue;
      await window
        .screenshot(path.join(resultsFolder, "screenshots", `${name}-${index + 1}.png`))
        .catch(() => undefined);
    }
  }

  /** Ends everything, then scans all files and output. Rejects if a secret or a VIN is found. */
  async close(): Promise<void> {
    const said = this.windows.flatMap((window) => window.notifications.shown().map(({ message }) => message));
    for (const window of this.windows) await window.close().catch(() => undefined);
    await this.context.close();
    await leaveBrowser();
    await this.server.dispose();
    await saveLogs(path.join(this.profile, "data"), path.join(resultsFolder, "logs", path.basename(this.profile)));
    await fs.writeFile(
      path.join(this.profile, "data", "window-output.txt"),
      [...this.consoleLines, ...said].join("\n"),
    );
    try {
      await this.scanForLeaks();
    } finally {
      await fs.rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  }

  private async scanForLeaks(): Promise<void> {
    const scan = await scanFolder(path.join(this.profile, "data"), seededSecrets(), isOwnSettings);
    addToCount("Bytes scanned for leaks", scan.bytes);
    addToCount("Files scanned for leaks", scan.files);
    assertNoLeak(scan);
  }
}

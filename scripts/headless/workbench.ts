import fs from "node:fs/promises";
import path from "node:path";
import type { Browser, BrowserContext, CDPSession, Locator, Page } from "playwright-core";
import type { VSCodeVersion } from "./install";
import type { Payload, Server } from "./server";
import { ActivityBar } from "./ui/activityBar";
import { CommandPalette } from "./ui/commandPalette";
import { Dialog } from "./ui/dialog";
import { Editors } from "./ui/editors";
import { endHover } from "./ui/hover";
import { Notifications } from "./ui/notifications";
import { installReaders } from "./ui/inPage";
import { QuickInput } from "./ui/quickInput";
import { Screen } from "./ui/screen";
import { StatusBarItem } from "./ui/statusBar";
import { TreeView } from "./ui/treeView";
import { Walkthrough } from "./ui/walkthrough";
import { editUserSettings, type Settings } from "./userSettings";

export type Theme = "dark" | "light" | "hc-black" | "hc-light";

export interface WorkbenchOptions {
  /** The folder to open (an absolute path). Default: an empty window. */
  readonly folder?: string;
  /** Waits for this status-bar item, e.g. as a sign that its extension runs. */
  readonly statusBarItem?: string;
  /** CSS pixels; default 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Device pixels per CSS pixel; default 1. */
  readonly deviceScaleFactor?: number;
  readonly payload?: Payload;
}

const defaultViewport = { width: 1280, height: 800 };
const startLimitMs = 60_000;
const saveLimitMs = 5_000;
const saveTries = 5;

/** One window of VS Code in the browser, operated as a user does. */
export class Workbench {
  readonly screen: Screen;
  readonly quickInput: QuickInput;
  readonly activityBar: ActivityBar;
  readonly dialog: Dialog;
  readonly editors: Editors;
  readonly walkthrough: Walkthrough;
  private readonly palette: CommandPalette;
  private cdpSession: CDPSession | undefined;

  private constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly options: WorkbenchOptions,
    screen: Screen,
    readonly notifications: Notifications,
  ) {
    this.screen = screen;
    this.quickInput = new QuickInput(screen);
    this.palette = new CommandPalette(screen, this.quickInput);
    this.activityBar = new ActivityBar(screen);
    this.dialog = new Dialog(screen);
    this.editors = new Editors(screen);
    this.walkthrough = new Walkthrough(screen);
  }

  /**
   * Opens a window and resolves when it is usable. In a browser, the window gets its own storage. In a context, it
   * shares the storage of the context, including the secrets of a server with `frontDoor`. Rejects after 60 s.
   */
  static async open(
    where: Browser | BrowserContext,
    server: Server,
    options: WorkbenchOptions = {},
  ): Promise<Workbench> {
    const context = "newContext" in where ? await newContext(where) : where;
    const page = await context.newPage();
    await installReaders(page);
    const screen = new Screen(page);
    const workbench = new Workbench(page, server, options, screen, await Notifications.observe(screen));
    await workbench.emulate(options.viewport ?? defaultViewport, options.deviceScaleFactor ?? 1);
    await page.goto(server.url(options.folder, options.payload));
    await workbench.waitUntilReady();
    return workbench;
  }

  statusBarItem(id: string): StatusBarItem {
    return new StatusBarItem(this.screen, id);
  }

  /** The only tree view of a view container. `container` is the container's id in package.json. */
  treeView(container: string): TreeView {
    return new TreeView(this.screen, container);
  }

  /** Runs a command by its title in the command palette, e.g. "Volvo Charging: Refresh". Rejects if it is not there. */
  async run(title: string): Promise<void> {
    await this.palette.run(title);
  }

  /**
   * Changes user settings in the running window (undefined removes one). Writes the file, then saves it once in the
   * settings editor, because this VS Code does not notice external changes.
   */
  async changeSettings(settings: Settings): Promise<void> {
    await editUserSettings(this.server.folders.serverDataDir, settings);
    await this.typeIntoSettings(" ");
  }

  /** Types at the end of settings.json, in its editor, and saves it. */
  async typeIntoSettings(text: string): Promise<void> {
    await this.run("Preferences: Open User Settings (JSON)");
    await this.editors.waitForTab("settings.json");
    const dirty = this.page.locator(".part.editor .tab.active.dirty");
    for (let tries = 1; ; tries++) {
      await this.screen.click(
        this.page.locator(".part.editor .monaco-editor .view-lines").first(),
        "the settings editor",
      );
      await this.page.keyboard.press("Control+End");
      await this.page.keyboard.type(text);
      const isTyped = await isSoon(dirty, "visible");
      await this.page.keyboard.press("Control+S");
      if (isTyped && (await isSoon(dirty, "detached"))) break;
      if (tries === saveTries) throw await this.screen.failure("The settings editor cannot be saved");
      // The editor may lose text while it loads, and VS Code refuses to save over a newer file.
      await this.run("File: Revert File");
    }
    await this.run("View: Close Editor");
  }

  /** Switches to this theme unless it is active. */
  async setTheme(theme: Theme): Promise<void> {
    const name = { dark: "vs-dark", light: "vs", "hc-black": "hc-black", "hc-light": "hc-light" }[theme];
    const read = () => this.page.locator(".monaco-workbench").first().getAttribute("class");
    const isOn = (classes: string | null) => classes?.split(" ").includes(name) ?? false;
    if (isOn(await read())) return;
    await this.changeSettings({ "workbench.colorTheme": themeNames[this.server.version][theme] });
    await this.screen.eventually(`theme ${theme}`, read, isOn);
  }

  /**
   * Sets the window's size in CSS pixels and the device pixels per CSS pixel. For a browser zoom of 200 %: half the
   * size, factor 2.
   */
  async setViewport(size: { width: number; height: number }, deviceScaleFactor = 1): Promise<void> {
    await this.emulate(size, deviceScaleFactor);
    await this.screen.eventually(
      `a window of ${size.width} × ${size.height}`,
      () => this.page.evaluate(() => inPage.size()),
      ({ width, height, scale }) => width === size.width && height === size.height && scale === deviceScaleFactor,
    );
  }

  /**
   * Saves a PNG of the window, or of one part with `margin` CSS pixels around it, once fonts and animations are done.
   */
  async screenshot(file: string, part?: Locator, margin = 0): Promise<void> {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await this.page.evaluate(() => inPage.painted());
    const { width, height } = await this.page.evaluate(() => inPage.size());
    const box = part ? await part.boundingBox() : { x: 0, y: 0, width, height };
    if (!box) throw await this.screen.failure("The part to take a screenshot of is not on screen");
    const x = Math.max(0, box.x - margin);
    const y = Math.max(0, box.y - margin);
    const clip = {
      x,
      y,
      width: Math.min(width, box.x + box.width + margin) - x,
      height: Math.min(height, box.y + box.height + margin) - y,
      scale: 1,
    };
    // Playwright's own method would undo `setViewport`.
    const session = await this.session();
    const { data } = await session.send("Page.captureScreenshot", { format: "png", clip });
    await fs.writeFile(file, Buffer.from(data, "base64"));
  }

  /** Moves the pointer to a place without hovers. */
  async endHover(): Promise<void> {
    await endHover(this.screen);
  }

  /** Reloads the window with a new extension host and resolves when it is usable again. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** Closes the window. Its extension host shuts down as it does when a user closes a window. */
  async close(): Promise<void> {
    if (this.page.isClosed()) return;
    // Unloads the workbench first. Otherwise its extension host would wait for a reconnection.
    await this.page.goto("about:blank");
    await this.page.close();
  }

  private async emulate(size: { width: number; height: number }, deviceScaleFactor: number): Promise<void> {
    // Keeps Playwright's own viewport size in sync.
    await this.page.setViewportSize(size);
    const session = await this.session();
    await session.send("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor, mobile: false });
  }

  /** The only session, because the emulation ends with its session or with a screenshot from another session. */
  private async session(): Promise<CDPSession> {
    this.cdpSession ??= await this.page.context().newCDPSession(this.page);
    return this.cdpSession;
  }

  private async waitUntilReady(): Promise<void> {
    await this.screen.eventually(
      "the workbench",
      () => this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").count(),
      (count) => count > 0,
      startLimitMs,
    );
    const { statusBarItem } = this.options;
    if (statusBarItem) await this.statusBarItem(statusBarItem).waitFor(undefined, startLimitMs);
  }
}

/** The default themes of each version. */
const themeNames: Record<VSCodeVersion, Record<Theme, string>> = {
  "1.139": {
    dark: "Dark 2026",
    light: "Light 2026",
    "hc-black": "Default High Contrast",
    "hc-light": "Default High Contrast Light",
  },
  "1.104": {
    dark: "Default Dark Modern",
    light: "Default Light Modern",
    "hc-black": "Default High Contrast",
    "hc-light": "Default High Contrast Light",
  },
};

async function isSoon(locator: Locator, state: "visible" | "detached"): Promise<boolean> {
  return await locator.waitFor({ state, timeout: saveLimitMs }).then(
    () => true,
    () => false,
  );
}

async function newContext(browser: Browser): Promise<BrowserContext> {
  return await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
}

import path from "node:path";
import type { Page } from "playwright-core";
import { projectRoot } from "../paths";
import type { ActivityBarEntry } from "./activityBar";
import type { Painted } from "./contrast";
import type { DialogState } from "./dialog";
import type { Fit, Hover } from "./hover";
import type { Icon } from "./icon";
import type { Notification } from "./notifications";
import type { QuickInputState } from "./quickInput";
import type { StatusBarItemState } from "./statusBar";
import type { TreeRowState } from "./treeRow";
import type { TitleAction, WelcomeState } from "./treeView";

/** The readers in `page/*.js`. They run inside the page and return its visible state. */
interface InPage {
  describe(): string[];
  painted(): Promise<void>;
  /** Resolves after `ms` milliseconds, and after all earlier timers of the page. */
  pause(ms: number): Promise<void>;
  focused(): string;
  endlessAnimations(): number;
  size(): { width: number; height: number; scale: number };
  icons(element: unknown): Icon[];
  statusBarItem(id: string): StatusBarItemState | undefined;
  recordItem(id: string): void;
  recordedItem(): (StatusBarItemState | undefined)[];
  activityBar(selector: string): ActivityBarEntry[];
  hovers(selector: string): Hover[];
  menuItems(selector: string): string[];
  dialog(selector: string): DialogState | undefined;
  tabs(): string[];
  editorText(): string;
  toasts(selector: string): Notification[];
  recordToasts(selector: string): void;
  quickInput(selector: string): QuickInputState | undefined;
  treeRows(tree: string): TreeRowState[];
  welcome(view: string): WelcomeState | undefined;
  texts(selector: string): string[];
  titleActions(selector: string): TitleAction[];
  paintedColors(selector: string): Painted[];
  fit(selector: string): Fit | undefined;
}

declare global {
  /** Exists only inside the page, for functions passed to `page.evaluate`. */
  var inPage: InPage;
}

/** Installs `inPage` in all documents this page loads from now on. */
export async function installReaders(page: Page): Promise<void> {
  const folder = path.join(projectRoot, "scripts", "headless", "page");
  for (const file of ["helpers.js", "parts.js", "lists.js", "colours.js"])
    await page.addInitScript({ path: path.join(folder, file) });
}

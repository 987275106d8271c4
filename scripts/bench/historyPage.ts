import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { dayMs } from "../../src/base/clock";
import { itemId, vins } from "../../test/ui/scene";
import { putHistory } from "../../test/ui/storedHistory";
import { WebPanel } from "../headless/ui/webPanel";
import { Workbench } from "../headless/workbench";
import { commuterRows } from "./commuter";
import { BenchCode, packYardstick, productVsix } from "./window";

/** A page and the key that shows it. The yardstick `page` defines the keys. */
interface Shown {
  readonly key: string;
  /** The selector of an element that the drawn page has. */
  readonly marker: string;
}

const history: Shown = { key: "Control+Alt+F7", marker: "main .chart .state" };
const yardstick: Shown = { key: "Control+Alt+F8", marker: "[data-yardstick]" };
const textEditorKey = "Control+Alt+F6";

/** The time between two looks for the marker. */
const lookMs = 4;

/** More than two months, so that the previous month is complete. */
const days = 70;

export interface PageTimes {
  /** From the key press to the page's first frame with its marker (ms). */
  readonly historyMs: readonly number[];
  readonly yardstickMs: readonly number[];
}

declare global {
  /** Exists inside the page only: the time at which the frame was first drawn with its marker (ms since the epoch). */
  var benchDrawnAt: number | undefined;
}

/**
 * Shows in turn the history of a commuter's whole month and the page of an extension that draws nothing, in a window of
 * VS Code. VS Code discards hidden web views, so it loads both pages each time.
 */
export async function measureHistoryPage(times: number): Promise<PageTimes> {
  const packed = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-"));
  const page = await packYardstick("page", packed);
  const code = await BenchCode.start({
    version: "1.139",
    extensions: [page, productVsix],
    settings: { "volvoCharging.vehicles": [vins[0]] },
  });
  try {
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    // 1970 began on a Thursday.
    const monday = today - days * dayMs - ((today / dayMs - days + 3) % 7) * dayMs;
    await putHistory(code, { [vins[0]]: commuterRows({ begin: monday, days, shift: 0 }).rows });
    const file = code.server.uri(path.join(code.folder, "package.json"));
    const window = await Workbench.open(code.context, code.server, {
      ...{ folder: code.folder, statusBarItem: itemId, payload: [["openFile", file]] },
    });
    await window.editors.waitForTab("package.json");
    await recordDrawn(window.page);
    await window.run("Volvo Charging: Show History");
    const panel = new WebPanel(window.screen, "main .chart");
    const week = await panel.waitForText("h2", (text) => text !== "");
    await panel.click("button:text-is('Month')");
    const month = await panel.waitForText("h2", (text) => text !== week);
    await panel.click("button[aria-label=Earlier]");
    const whole = await panel.waitForText("h2", (text) => text !== month);
    const [historyMs, yardstickMs]: [number[], number[]] = [[], []];
    // The first round is not measured, because it loads the code of both extensions.
    for (const isMeasured of [false, ...Array<boolean>(times).fill(true)]) {
      const ours = await timeToDraw(window, history);
      await panel.waitForText("h2", (text) => text === whole);
      const beside = await timeToDraw(window, yardstick);
      if (isMeasured) historyMs.push(ours);
      if (isMeasured) yardstickMs.push(beside);
    }
    return { historyMs, yardstickMs };
  } finally {
    await code.close();
    await fs.rm(packed, { recursive: true, force: true });
  }
}

/** Makes each later frame of the page record when it was first drawn with a marker. */
async function recordDrawn(page: Page): Promise<void> {
  const content = `if (self !== top) {
      // Once VS Code writes the document, animation frames requested earlier no longer run, so a timer looks.
      const timer = setInterval(() => {
        if (!document.querySelector(${JSON.stringify([history.marker, yardstick.marker].join())})) return;
        clearInterval(timer);
        // A task that is set in an animation frame runs after the frame is drawn.
        requestAnimationFrame(() => setTimeout(() => (globalThis.benchDrawnAt = Date.now())));
      }, ${lookMs});
    }`;
  await page.addInitScript({ content });
}

async function timeToDraw({ page, screen }: Workbench, { key, marker }: Shown): Promise<number> {
  const drawn = async () => {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame() || frame.isDetached()) continue;
      const found = await frame.evaluate(
        (selector) =>
          (globalThis as unknown as InFrame).document.querySelector(selector) ? globalThis.benchDrawnAt : undefined,
        marker,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  await page.keyboard.press(textEditorKey);
  await screen.eventually("no web view", drawn, (at) => at === undefined);
  const from = Date.now();
  await page.keyboard.press(key);
  return (await screen.appears(`a page with ${marker}`, drawn)) - from;
}

interface InFrame {
  readonly document: { querySelector(selector: string): unknown };
}

import { errors, type Page } from "playwright-core";
import { extensionId } from "../../src/contributions";
import { itemId } from "../../test/ui/scene";

/** The extension that only shows an item. */
export const atOnce = "volvo-bench.item";

/** An item that takes longer counts as never shown. */
export const shownLimitMs = 10_000;

/** A status-bar item and the text that it must show. */
interface Awaited {
  readonly extension: string;
  readonly item: string;
  /** A regular expression. */
  readonly text: string;
}

const awaited: readonly Awaited[] = [
  { extension: extensionId, item: itemId, text: "\\bAC\\b" },
  { extension: atOnce, item: `${atOnce}.item`, text: "\\w" },
];

declare global {
  /**
   * Exists inside the page only: the time at which each extension's item first showed its awaited text, in ms since the
   * epoch.
   */
  var benchShownAt: Record<string, number> | undefined;
}

/** Makes each later document of the page record when the items first show their awaited text. */
export async function recordShown(page: Page): Promise<void> {
  const code = `globalThis.benchShownAt = {};
    for (const { extension, item, text } of ${JSON.stringify(awaited)}) {
      new MutationObserver((_, observer) => {
        if (!new RegExp(text).test(document.getElementById(item)?.textContent ?? "")) return;
        benchShownAt[extension] = performance.timeOrigin + performance.now();
        observer.disconnect();
      }).observe(document, { subtree: true, childList: true, characterData: true });
    }`;
  await page.addInitScript({ content: code });
}

/**
 * The time at which the item of each extension showed its awaited text, in ms since the epoch; infinite if it never
 * did.
 */
export async function shownTimes(page: Page): Promise<(extension: string) => number> {
  const isAll = (count: number) => Object.keys(globalThis.benchShownAt ?? {}).length === count;
  await page.waitForFunction(isAll, awaited.length, { timeout: shownLimitMs }).catch((error: unknown) => {
    if (!(error instanceof errors.TimeoutError)) throw error;
  });
  const times = (await page.evaluate(() => globalThis.benchShownAt)) ?? {};
  return (extension) => times[extension] ?? Infinity;
}

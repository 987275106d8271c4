import { errors, type Page } from "playwright-core";
import { extensionId } from "../../src/contributions";
import { itemId } from "../../test/ui/scene";

/** An extension that shows an item in its first statement and does no more. */
export const atOnce = "volvo-bench.item";

/** Not shown by then is as good as never. */
export const shownLimitMs = 10_000;

/** What the document of a page has to show. */
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
  /** Exists inside the page only: when each extension's item first showed what is awaited, in ms since the epoch. */
  var benchShownAt: Record<string, number> | undefined;
}

/** From now on each document of the page notes when the items first show what is awaited. */
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

/** When the item of each extension showed what is awaited, in ms since the epoch; infinite where it never did. */
export async function shownTimes(page: Page): Promise<(extension: string) => number> {
  const isAll = (count: number) => Object.keys(globalThis.benchShownAt ?? {}).length === count;
  await page.waitForFunction(isAll, awaited.length, { timeout: shownLimitMs }).catch((error: unknown) => {
    if (!(error instanceof errors.TimeoutError)) throw error;
  });
  const times = (await page.evaluate(() => globalThis.benchShownAt)) ?? {};
  return (extension) => times[extension] ?? Infinity;
}

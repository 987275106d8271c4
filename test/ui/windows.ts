import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { type Fit, type Hover, hoverFit } from "../../scripts/headless/ui/hover";
import type { Product } from "./scene";
import type { UiSession } from "./session";

interface Size {
  readonly width: number;
  readonly height: number;
}

export const ordinary: Size = { width: 1280, height: 800 };
/** The size of the ordinary window at a browser zoom of 200 %. */
export const zoomed: Size = { width: 640, height: 400 };
export const narrow: Size = { width: 480, height: 800 };

/** The name for pictures and titles, the size, and the number of device pixels per CSS pixel. */
export const smallWindows = [
  ["at-200-percent", zoomed, 2],
  ["narrow", narrow, 1],
] as const;

/** Opens the item's hover, and asserts that it is within the window and that nothing is cut off on the right. */
export async function hoverWithin(
  product: Product,
  session: UiSession,
  window: Size,
  screenshot: string,
): Promise<{ readonly hover: Hover; readonly fit: Fit }> {
  const hover = await product.item.hover();
  const fit = await hoverFit(product.workbench.screen);
  await session.screenshot(screenshot);
  const details = JSON.stringify(fit);
  // The hover's border may be on the window's edge.
  assert.ok(fit.left >= -1 && fit.right <= window.width + 1, details);
  assert.ok(fit.top >= -1 && fit.bottom <= window.height + 1, details);
  assert.equal(fit.hiddenRight, 0, details);
  return { hover, fit };
}

/** Fails if the last link of the open hover does not become visible with the mouse wheel. */
export async function assertScrolls({ workbench }: Product, { left, right, top, bottom }: Fit): Promise<void> {
  const { page, screen } = workbench;
  await page.mouse.move((left + right) / 2, (top + bottom) / 2);
  await screen.eventually(
    "the hover's last link",
    async () => {
      await page.mouse.wheel(0, 100);
      return await page.locator(".workbench-hover a").last().boundingBox();
    },
    (box) => box !== null && box.y > top && box.y + box.height < bottom,
  );
}

/** Fails if `part` is cut off on the left or right. */
export async function assertWithin(window: Size, part: Locator): Promise<void> {
  const box = await part.boundingBox();
  assert.ok(box !== null && box.x >= 0 && box.x + box.width <= window.width, JSON.stringify(box));
}

import type { Locator } from "playwright-core";
import type { Icon } from "./icon";
import type { Screen } from "./screen";

export interface Hover {
  readonly text: string;
  readonly links: readonly { readonly text: string; readonly target: string }[];
  readonly icons: readonly Icon[];
  readonly html: string;
}

/** Where the hover is, and how much of it is out of sight. CSS pixels. */
export interface Fit {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** What would have to be scrolled to, in either direction. */
  readonly hiddenRight: number;
  readonly hiddenBelow: number;
}

const hoverSelector = ".workbench-hover";

/** How long a hover takes at most to show: VS Code waits half a second, and a slow machine for more. */
const showsWithinMs = 3_000;
const attempts = 5;

/** Moves the pointer over `target` as a person does, and returns the hover that shows once its content has loaded. */
export async function hoverOver(screen: Screen, target: Locator, what: string): Promise<Hover> {
  for (let attempt = 1; ; attempt++) {
    await endHover(screen);
    await target.hover();
    try {
      const first = async () => (await readHovers(screen))[0];
      return await screen.appears(`the hover of ${what}`, first, hasContent, showsWithinMs);
    } catch (error) {
      // An element that is painted anew under a resting pointer does not notice it: a person would point again.
      if (attempt === attempts) throw error;
    }
  }
}

function hasContent({ text }: Hover): boolean {
  return text !== "" && !text.startsWith("Loading");
}

/** Opens the hover of `target` and clicks a link in it: anew where it went away before the click, as its owner changed. */
export async function clickInHover(screen: Screen, target: Locator, what: string, text: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await hoverOver(screen, target, what);
    try {
      await clickHoverLink(screen, text);
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

async function clickHoverLink(screen: Screen, text: string): Promise<void> {
  const link = screen.page.locator(hoverSelector).getByRole("link", { name: text, exact: true });
  const fallback = screen.page.locator(hoverSelector).locator("a", { hasText: text });
  const found = (await link.count()) > 0 ? link.first() : fallback.first();
  await screen.click(found, `link "${text}" in the hover`, { limitMs: showsWithinMs });
}

/** Moves the pointer where nothing has a hover, and waits until none shows. */
export async function endHover(screen: Screen): Promise<void> {
  const { width, height } = screen.page.viewportSize() ?? { width: 1280, height: 800 };
  const fit = await readFit(screen);
  const [x, y] = [width / 2, height - 60];
  // In a small window a hover lies over the place that is free otherwise.
  const isCovered = fit !== undefined && fit.left <= x && x <= fit.right && fit.bottom >= y;
  await screen.page.mouse.move(x, isCovered ? 1 : y);
  const none = (hovers: readonly Hover[]) => hovers.length === 0;
  try {
    await screen.eventually("no hover", () => readHovers(screen), none, showsWithinMs);
  } catch {
    // What has the keyboard's focus keeps its hover whatever the pointer does.
    await screen.page.keyboard.press("Escape");
    await screen.eventually("no hover", () => readHovers(screen), none);
  }
}

async function readHovers(screen: Screen): Promise<Hover[]> {
  return await screen.page.evaluate((selector) => inPage.hovers(selector), hoverSelector);
}

/** How the hover that is on screen fits there. */
export async function hoverFit(screen: Screen): Promise<Fit> {
  return await screen.appears("a hover", () => readFit(screen));
}

async function readFit(screen: Screen): Promise<Fit | undefined> {
  return await screen.page.evaluate((selector) => inPage.fit(selector), hoverSelector);
}

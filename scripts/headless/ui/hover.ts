import type { Locator } from "playwright-core";
import type { Icon } from "./icon";
import type { Screen } from "./screen";

export interface Hover {
  readonly text: string;
  readonly links: readonly { readonly text: string; readonly target: string }[];
  readonly icons: readonly Icon[];
  readonly html: string;
}

/** The hover's position, and the size of its hidden part, in CSS pixels. */
export interface Fit {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** The overflow that would need scrolling. */
  readonly hiddenRight: number;
  readonly hiddenBelow: number;
}

const hoverSelector = ".workbench-hover";

/** Maximum time until a hover shows: half a second in VS Code, more on a slow machine. */
const showsWithinMs = 3_000;
const attempts = 5;

/** Moves the pointer over `target` as a user does, and returns the hover once its content has loaded. */
export async function hoverOver(screen: Screen, target: Locator, what: string): Promise<Hover> {
  for (let attempt = 1; ; attempt++) {
    await endHover(screen);
    await target.hover();
    try {
      const first = async () => (await readHovers(screen))[0];
      return await screen.appears(`the hover of ${what}`, first, hasContent, showsWithinMs);
    } catch (error) {
      // An element that is repainted under a resting pointer gets no event. A user would point again.
      if (attempt === attempts) throw error;
    }
  }
}

function hasContent({ text }: Hover): boolean {
  return text !== "" && !text.startsWith("Loading");
}

/**
 * Opens the hover of `target` and clicks a link in it. Retries if the hover closes before the click because its owner
 * changed.
 */
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

/** Moves the pointer to a place without hovers, and waits until none shows. */
export async function endHover(screen: Screen): Promise<void> {
  const { width, height } = screen.page.viewportSize() ?? { width: 1280, height: 800 };
  const fit = await readFit(screen);
  const [x, y] = [width / 2, height - 60];
  // In a small window a hover can cover this place.
  const isCovered = fit !== undefined && fit.left <= x && x <= fit.right && fit.bottom >= y;
  await screen.page.mouse.move(x, isCovered ? 1 : y);
  const none = (hovers: readonly Hover[]) => hovers.length === 0;
  try {
    await screen.eventually("no hover", () => readHovers(screen), none, showsWithinMs);
  } catch {
    // A focused element keeps its hover regardless of the pointer.
    await screen.page.keyboard.press("Escape");
    await screen.eventually("no hover", () => readHovers(screen), none);
  }
}

async function readHovers(screen: Screen): Promise<Hover[]> {
  return await screen.page.evaluate((selector) => inPage.hovers(selector), hoverSelector);
}

/** The geometry of the visible hover. */
export async function hoverFit(screen: Screen): Promise<Fit> {
  return await screen.appears("a hover", () => readFit(screen));
}

async function readFit(screen: Screen): Promise<Fit | undefined> {
  return await screen.page.evaluate((selector) => inPage.fit(selector), hoverSelector);
}

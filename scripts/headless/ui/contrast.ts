import type { Screen } from "./screen";

/** What is painted on what, as `[red, green, blue]` from 0 to 255, transparency resolved. */
export interface Painted {
  /** Its class names, to tell in a message which one it is. */
  readonly what: string;
  readonly foreground: Rgb;
  readonly background: Rgb;
}

export type Rgb = readonly [number, number, number];

/** The colours of the visible elements that `selector` finds, and of what lies behind each. */
export async function paintedColours(screen: Screen, selector: string): Promise<Painted[]> {
  return await screen.page.evaluate((parts) => inPage.paintedColours(parts), selector);
}

/** From 1 (the same) to 21 (black and white), by WCAG 2.2 ("contrast ratio"). */
export function contrast({ foreground, background }: Pick<Painted, "foreground" | "background">): number {
  const [one, other] = [luminance(foreground), luminance(background)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

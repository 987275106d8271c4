import type { Screen } from "./screen";

/** Foreground and background as `[red, green, blue]` from 0 to 255, with transparency resolved. */
export interface Painted {
  /** Class names and text, to identify the element in messages. */
  readonly what: string;
  readonly foreground: Rgb;
  readonly background: Rgb;
}

export type Rgb = readonly [number, number, number];

/** The colors of the visible elements of `selector`, and of their backgrounds. */
export async function paintedColors(screen: Screen, selector: string): Promise<Painted[]> {
  return await screen.page.evaluate((parts) => inPage.paintedColors(parts), selector);
}

/** The contrast ratio of WCAG 2.2, from 1 (equal) to 21 (black and white). */
export function contrast({ foreground, background }: Pick<Painted, "foreground" | "background">): number {
  const [one, other] = [luminance(foreground), luminance(background)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

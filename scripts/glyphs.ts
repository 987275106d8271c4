/** A glyph of the icon font, drawn in `media/glyphs/<id>.svg`. */
export interface Glyph {
  readonly id: string;
  readonly codePoint: number;
  readonly description: string;
}

/**
 * The icon font's table, the counterpart of `contributes.icons` in package.json. A code point never changes: a new
 * glyph takes the next free number, and the number of a removed glyph stays unused.
 */
export const glyphs: readonly Glyph[] = [
  { id: "volvo-charging-ac", codePoint: 0xe001, description: "Plugged in to an AC charger" },
  { id: "volvo-charging-dc", codePoint: 0xe002, description: "Plugged in to a DC charger" },
  { id: "volvo-charging-plugged", codePoint: 0xe003, description: "Plugged in, charger type not reported" },
  { id: "volvo-charging-unplugged", codePoint: 0xe004, description: "Not plugged in" },
  { id: "volvo-charging-fault", codePoint: 0xe005, description: "Charging fault" },
  { id: "volvo-charging-unknown", codePoint: 0xe006, description: "Not known whether plugged in" },
  { id: "volvo-charging-car", codePoint: 0xe007, description: "Car" },
];

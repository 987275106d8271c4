// Builds media/volvo-charging.woff and docs/icons from media/glyphs/*.svg, and media/icon.png from media/icon.svg. Run
// it from the project root: `npm run icons`. The output is reproducible byte for byte. It does not change
// media/container.svg, which is drawn by hand.
import { Resvg } from "@resvg/resvg-js";
import { generateFonts, FontAssetType } from "fantasticon";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as GlyphTable from "./glyphs";

const root = process.cwd();
const media = path.join(root, "media");

// Node runs this file directly and needs the file extension, which TypeScript and the compiled tests do not accept.
const { glyphs } = createRequire(path.join(root, "package.json"))("./scripts/glyphs.ts") as typeof GlyphTable;

/** 64 units for each of the 16 pixels of a glyph, so every edge on the grid stays an integer. */
const unitsPerEm = 16 * 64;

function checkDrawings(): void {
  const drawn = fs
    .readdirSync(path.join(media, "glyphs"))
    .filter((file) => file.endsWith(".svg"))
    .map((file) => path.basename(file, ".svg"))
    .sort();
  const listed = glyphs.map((glyph) => glyph.id).sort();
  if (drawn.join() !== listed.join()) {
    throw new Error(`media/glyphs holds [${drawn.join(", ")}], but scripts/glyphs.ts lists [${listed.join(", ")}]`);
  }
  if (new Set(glyphs.map((glyph) => glyph.codePoint)).size !== glyphs.length) {
    throw new Error("scripts/glyphs.ts gives one code point to two glyphs");
  }
}

async function buildFont(): Promise<void> {
  const codePointOf = new Map(glyphs.map((glyph) => [glyph.id, String(glyph.codePoint)]));
  await generateFonts({
    name: "volvo-charging",
    inputDir: path.join(media, "glyphs"),
    outputDir: media,
    fontTypes: [FontAssetType.WOFF],
    assetTypes: [],
    // Fantasticon orders the glyphs like an object with these ids as keys. It finds the files in any order, but an
    // object iterates numeric keys in ascending order, so a new glyph comes last on every machine.
    getIconId: ({ basename }) => codePointOf.get(basename) ?? basename,
    codepoints: Object.fromEntries(glyphs.map((glyph) => [String(glyph.codePoint), glyph.codePoint])),
    normalize: true,
    fontHeight: unitsPerEm,
    // No descender, as in VS Code's own icon font: a glyph fills its line box from top to bottom.
    descent: 0,
    formatOptions: {
      ttf: {
        // The font's creation time in seconds. Fixed, for reproducible output.
        ts: 0,
        version: "1.0",
        description: "Icons of the extension Volvo Charging Status",
        url: "https://github.com/chargeglance/volvo-charging-status",
      },
    },
  });
}

function renderIcon(): void {
  const svg = fs.readFileSync(path.join(media, "icon.svg"), "utf8");
  const image = new Resvg(svg, { fitTo: { mode: "width", value: 256 }, font: { loadSystemFonts: false } }).render();
  fs.writeFileSync(path.join(media, "icon.png"), image.asPng());
}

/** The glyphs as pictures for the table in README.md, in a gray that is visible on light and dark pages. */
function renderReadmeIcons(): void {
  const folder = path.join(root, "docs", "icons");
  fs.mkdirSync(folder, { recursive: true });
  for (const { id } of glyphs.filter((glyph) => glyph.id !== "volvo-charging-car")) {
    const svg = fs.readFileSync(path.join(media, "glyphs", `${id}.svg`), "utf8").replace("currentColor", "#808080");
    const image = new Resvg(svg, { fitTo: { mode: "width", value: 24 }, font: { loadSystemFonts: false } }).render();
    fs.writeFileSync(path.join(folder, `${id.replace("volvo-charging-", "")}.png`), image.asPng());
  }
}

async function main(): Promise<void> {
  checkDrawings();
  await buildFont();
  renderIcon();
  renderReadmeIcons();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

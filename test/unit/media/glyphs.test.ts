import { Resvg } from "@resvg/resvg-js";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { glyphs } from "../../../scripts/glyphs";

const drawings = path.join("media", "glyphs");
const size = 16;

/** The amount of ink in each of the 16 x 16 pixels, from 0 to 1. */
type Ink = readonly number[];

function readDrawing(id: string): string {
  return fs.readFileSync(path.join(drawings, `${id}.svg`), "utf8");
}

function rasterise(id: string): Ink {
  const { pixels } = new Resvg(readDrawing(id), { fitTo: { mode: "width", value: size } }).render();
  return Array.from({ length: size * size }, (_, index) => (pixels[index * 4 + 3] ?? 0) / 255);
}

/** A blurred glyph, as seen by an eye that cannot separate neighboring pixels. */
function blur(ink: Ink): Ink {
  const weights = [1, 4, 6, 4, 1].map((weight) => weight / 16);
  const smear = (from: Ink, stepX: number, stepY: number): Ink =>
    from.map((_, index) => {
      const x = index % size;
      const y = Math.floor(index / size);
      return weights.reduce((sum, weight, position) => {
        const atX = x + stepX * (position - 2);
        const atY = y + stepY * (position - 2);
        const inside = atX >= 0 && atX < size && atY >= 0 && atY < size;
        return inside ? sum + weight * (from[atY * size + atX] ?? 0) : sum;
      }, 0);
    });
  return smear(smear(ink, 1, 0), 0, 1);
}

/** The share of the pixels inked by either glyph that is not inked equally by both. */
function difference(one: Ink, other: Ink): number {
  const unlike = one.reduce((sum, ink, index) => sum + Math.abs(ink - (other[index] ?? 0)), 0);
  const inked = one.reduce((sum, ink, index) => sum + Math.max(ink, other[index] ?? 0), 0);
  return unlike / inked;
}

function assertUnlike(inks: ReadonlyMap<string, Ink>, least: number): void {
  const entries = [...inks];
  for (const [position, [id, ink]] of entries.entries()) {
    for (const [otherId, otherInk] of entries.slice(position + 1)) {
      const found = difference(ink, otherInk);
      const percent = Math.round(found * 100);
      assert.ok(found >= least, `${id} and ${otherId} differ in ${percent} % of their ink, less than ${least * 100} %`);
    }
  }
}

/** The tables of a WOFF file by name. */
function readFont(file: string): Map<string, Buffer> {
  const font = fs.readFileSync(file);
  assert.equal(font.toString("latin1", 0, 4), "wOFF");
  const tables = new Map<string, Buffer>();
  for (let index = 0; index < font.readUInt16BE(12); index++) {
    const entry = 44 + index * 20;
    const stored = font.readUInt32BE(entry + 8);
    const data = font.subarray(font.readUInt32BE(entry + 4), font.readUInt32BE(entry + 4) + stored);
    const packed = stored < font.readUInt32BE(entry + 12);
    tables.set(font.toString("latin1", entry, entry + 4), packed ? zlib.inflateSync(data) : data);
  }
  return tables;
}

/** The code points of a font, from the part of its character map that is in format 12. */
function codePointsOf(cmap: Buffer): number[] {
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const start = cmap.readUInt32BE(4 + index * 8 + 4);
    if (cmap.readUInt16BE(start) !== 12) continue;
    return Array.from({ length: cmap.readUInt32BE(start + 12) }, (_, group) => {
      const first = cmap.readUInt32BE(start + 16 + group * 12);
      const last = cmap.readUInt32BE(start + 16 + group * 12 + 4);
      return Array.from({ length: last - first + 1 }, (__, offset) => first + offset);
    }).flat();
  }
  throw new Error("the font has no character map in format 12");
}

describe("glyphs", () => {
  it("keep their code points forever", () => {
    assert.deepEqual(Object.fromEntries(glyphs.map((glyph) => [glyph.id, glyph.codePoint])), {
      "volvo-charging-ac": 0xe001,
      "volvo-charging-dc": 0xe002,
      "volvo-charging-plugged": 0xe003,
      "volvo-charging-unplugged": 0xe004,
      "volvo-charging-fault": 0xe005,
      "volvo-charging-unknown": 0xe006,
      "volvo-charging-car": 0xe007,
    });
  });

  it("have unique code points and descriptions", () => {
    assert.equal(new Set(glyphs.map((glyph) => glyph.id)).size, glyphs.length);
    assert.equal(new Set(glyphs.map((glyph) => glyph.codePoint)).size, glyphs.length);
    assert.equal(new Set(glyphs.map((glyph) => glyph.description)).size, glyphs.length);
  });

  it("have one drawing each, and no drawing is unused", () => {
    const files = glyphs.map((glyph) => `${glyph.id}.svg`);
    assert.deepEqual(fs.readdirSync(drawings).sort(), files.sort());
  });

  it("are drawn as a font requires: filled outlines on 16 x 16 units", () => {
    for (const { id } of glyphs) {
      const drawing = readDrawing(id);
      assert.match(drawing, /viewBox="0 0 16 16"/, id);
      assert.doesNotMatch(drawing, /stroke|evenodd|transform|<(?!svg|path|\/svg|!--)/, id);
    }
  });

  it("keep a margin of one pixel on every side", () => {
    for (const { id } of glyphs) {
      const ink = rasterise(id);
      const atEdge = (index: number): boolean =>
        index < size || index >= size * (size - 1) || index % size === 0 || index % size === size - 1;
      assert.ok(!ink.some((value, index) => value > 0 && atEdge(index)), id);
    }
  });

  // Measured when they were drawn: at least 59 % sharp (AC and DC) and 42 % blurred (AC and unknown).
  it("differ in at least 40 % of their ink at 16 pixels", () => {
    assertUnlike(new Map(glyphs.map(({ id }) => [id, rasterise(id)])), 0.4);
  });

  it("differ in at least 30 % of their ink when blurred", () => {
    assertUnlike(new Map(glyphs.map(({ id }) => [id, blur(rasterise(id))])), 0.3);
  });

  it("are all in the font, which has nothing below its baseline", () => {
    const font = readFont(path.join("media", "volvo-charging.woff"));
    const cmap = font.get("cmap");
    const hhea = font.get("hhea");
    const head = font.get("head");
    assert.ok(cmap && hhea && head);
    assert.deepEqual(
      codePointsOf(cmap),
      glyphs.map((glyph) => glyph.codePoint).sort((one, other) => one - other),
    );
    assert.equal(hhea.readInt16BE(4), head.readUInt16BE(18), "ascender");
    assert.equal(hhea.readInt16BE(6), 0, "descender");
  });
});

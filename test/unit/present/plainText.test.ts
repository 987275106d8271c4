import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeMarkdown, isolated, plainLine } from "../../../src/present/plainText";
import { anyText } from "../../support/builders/arbitrary";
import { renderMarkdown } from "./rendered";
import { hostileTexts } from "./scenes";

const fragments = [
  "$(",
  "](",
  "<b>",
  "&amp;",
  "|",
  "`",
  "\\",
  "**",
  "https://a.b",
  "\u202e",
  "\n",
  "\u200d",
  "👩‍👩‍👧",
  "é",
  "א",
];
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...fragments, ...hostileTexts.map((text) => text.slice(0, 80))), anyText()))
  // `renderMarkdown` uses these two characters to mark icons.
  .map((parts) => parts.join("").replace(/[\ue100\ue101]/gu, ""));

function letters(text: string): number {
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].length;
}

describe("A plain line", () => {
  const table: readonly (readonly [given: string, line: string])[] = [
    ["  EX30  ", "EX30"],
    ["two\r\nlines\tand\u2028more", "two lines and more"],
    ["\u202eevil\u202c \u2066x\u2069\ufeff", "evil x"],
    ["bell\u0007 and \u001b[0m", "bell and [0m"],
    ["$(zap) and [a](command:b)", "$ (zap) and [a] (command:b)"],
    ["👩‍👩‍👧‍👦 family", "👩‍👩‍👧‍👦 family"],
    ["می‌خواهم", "می‌خواهم"],
    ["\u200b\u2060\u00ad", ""],
    ["\u3164\u2800\u200d", ""],
    ["lone \ud83d surrogate", "lone surrogate"],
  ];

  for (const [given, line] of table) {
    it(`is ${JSON.stringify(line)} for ${JSON.stringify(given)}`, () => {
      assert.equal(plainLine(given), line);
    });
  }

  it("is cut between letters as people count them", () => {
    assert.equal(plainLine("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2), "👩‍👩‍👧‍👦…");
    assert.equal(plainLine("é".repeat(5), 4), "ééé…");
    assert.equal(plainLine("word and more", 6), "word…");
  });

  it("is short, and contains nothing that labels and notifications interpret", () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 60 }), (given, longest) => {
        const line = plainLine(given, longest);
        assert.ok(letters(line) <= longest, line);
        assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]|^\s|\s$|\$\(|\]\(/u);
        assert.equal(plainLine(line, longest), line, "again");
      }),
    );
  });

  it("is made without delay from a text of any length", () => {
    const startedAt = performance.now();
    assert.equal(letters(plainLine("a\u0301".repeat(1_000_000))), 60);
    assert.equal(letters(plainLine(`a${"\u0301".repeat(1_000_000)}`)), 1);
    assert.ok(performance.now() - startedAt < 1_000);
  });
});

describe("A name", () => {
  it("is isolated if it contains right-to-left letters, and unchanged otherwise", () => {
    assert.equal(isolated("סוסיתא"), "\u2068סוסיתא\u2069");
    assert.equal(isolated("EX30 é 漢字 👍"), "EX30 é 漢字 👍");
  });
});

describe("Text escaped for Markdown", () => {
  it("is shown unchanged, with any content", () => {
    fc.assert(
      fc.property(nasty, (given) => {
        const line = plainLine(given);
        fc.pre(line !== "");
        const { text, tags, icons, links } = renderMarkdown(`before ${escapeMarkdown(line)} after`);
        assert.deepEqual([tags, icons, links], [["p", "/p"], [], []]);
        assert.equal(text, `before ${line} after`);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps no-break spaces and collapses all other whitespace", () => {
    assert.equal(escapeMarkdown("80\u00a0% :\u202fa \n\t b"), "80\u00a0% \\:\u202fa b");
  });

  it("contains no block, link, icon or HTML even if it was not a plain line before", () => {
    fc.assert(
      fc.property(nasty, (given) => {
        const { tags, icons, links } = renderMarkdown(escapeMarkdown(given).trim());
        assert.deepEqual([tags.filter((tag) => !tag.endsWith("p")), icons, links], [[], [], []]);
      }),
      { numRuns: 500 },
    );
  });
});

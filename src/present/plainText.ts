/** Makes names and words from the settings or from Volvo safe to display. */

/** Most names contain only these characters. */
const plainAscii = /^[ -~]*$/;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Created at first use: creating it takes longer than loading all modules, and few names need it. */
let segmenter: Intl.Segmenter | undefined;

function lettersOf(line: string): readonly string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(line), ({ segment }) => segment);
}

/** The text without invisible characters and with runs of whitespace collapsed; empty if nothing visible remains. */
function visible(text: string): string {
  // The patterns below compile Unicode tables, which takes a millisecond. Most start-ups do not need them.
  if (plainAscii.test(text)) return text.replace(/ +/g, " ");
  /** Invisible characters that move or hide text. Joiners are kept, because emoji and Persian words contain them. */
  const invisible = /(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}|\p{Cs}|\u034f/gu;
  /** More combining marks than any script puts on one letter. They would be drawn over the lines above and below. */
  const piledMarks = /(\p{M}{4})\p{M}+/gu;
  /** Control characters, line and paragraph separators, whitespace, and spaces that `\s` does not match. */
  const whitespace = /(?:\p{Cc}|\p{Zl}|\p{Zp}|[\u115f\u1160\u2800\u3164\uffa0\s])+/gu;
  const line = text.replace(invisible, "").replace(piledMarks, "$1").replace(whitespace, " ");
  return /\p{L}|\p{N}|\p{P}|\p{S}/u.test(line) ? line : "";
}

/**
 * The text as one line for any label, cut with an ellipsis to `longest` characters as people count them. Control
 * characters and direction overrides are removed. `$(` and `](` get a space in the middle, because VS Code's labels and
 * notifications read them as icons and links. Empty if nothing visible remains.
 */
export function plainLine(text: string, longest = 60): string {
  // Avoids splitting a megabyte into letters. The limit is far above the code units of the longest result.
  const line = visible(text.slice(0, longest * 100))
    .replaceAll("$(", "$ (")
    .replaceAll("](", "] (")
    .trim();
  if (line.length <= longest) return line;
  const letters = plainAscii.test(line) ? Array.from(line) : lettersOf(line);
  return letters.length <= longest
    ? line
    : `${letters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`;
}

/**
 * A name that keeps its own text direction and does not affect the direction of the words beside it, by means of
 * Unicode's bidirectional isolates (UAX 9). Names without right-to-left letters are returned unchanged.
 */
export function isolated(name: string): string {
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

/** All whitespace except the no-break spaces before French punctuation and percent signs. */
const breakableWhitespace = /[^\S\u00a0\u202f]+/g;

/** VS Code's pattern for icons (base/common/iconLabels.ts). */
const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/**
 * Escapes text for Markdown, so that it contains no links, HTML, icons, table cells or blocks. VS Code looks for icons
 * in the rendered HTML after decoding entities, and removes one backslash before an icon. That backslash is added
 * first, and then escaped like all others.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(breakableWhitespace, " ")
    .replace(icon, "\\$&")
    .replaceAll("&", "&amp;")
    .replace(/[\\`*_{}[\]()#+\-.!|~^:@=]/g, "\\$&")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

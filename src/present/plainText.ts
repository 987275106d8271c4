/** Names and words that come from settings or from Volvo, made fit to be shown. */

/** What most names are made of. */
const plainAscii = /^[ -~]*$/;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Made at its first use: that takes longer than loading everything else, and hardly any name is too long. */
let segmenter: Intl.Segmenter | undefined;

function lettersOf(line: string): readonly string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(line), ({ segment }) => segment);
}

/** The text without what nobody sees, blanks in a row made one; empty where nothing is left to be seen. */
function seen(text: string): string {
  // The others are made of Unicode's tables where they stand: a millisecond that most starts can do without.
  if (plainAscii.test(text)) return text.replace(/ +/g, " ");
  /** What is not seen but moves or hides text. The joiners stay: emoji and Persian words are made with them. */
  const invisible = /(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}|\p{Cs}|\u034f/gu;
  /** More marks than any script puts on one letter; they would be drawn over the lines above and below. */
  const piledMarks = /(\p{M}{4})\p{M}+/gu;
  /** Control characters, line and paragraph separators, and blanks that are none to `\s`. */
  const blanks = /[\p{Cc}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0\s]+/gu;
  const line = text.replace(invisible, "").replace(piledMarks, "$1").replace(blanks, " ");
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(line) ? line : "";
}

/**
 * One line that can stand in any label, cut to `longest` characters as people count them, with an ellipsis. Without
 * control characters, direction overrides and what VS Code's labels and notifications would take for an icon or a link:
 * `$(` and `](` get a blank in the middle. Empty where nothing in it can be seen.
 */
export function plainLine(text: string, longest = 60): string {
  // Far more code units than the longest result can have: a megabyte is not cut into letters first.
  const line = seen(text.slice(0, longest * 100))
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
 * A name that keeps its own direction and does not turn the words beside it round, by the isolates of Unicode's
 * bidirectional algorithm (UAX 9). Names without right-to-left letters stay as they are.
 */
export function isolated(name: string): string {
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name;
}

/** All white space but the blanks that keep French marks and percent signs on their line. */
const breakableBlanks = /[^\S\u00a0\u202f]+/g;

/** What VS Code takes for an icon (base/common/iconLabels.ts). */
const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/**
 * Text inside Markdown that means nothing but itself: no links, HTML, icons, table cells or blocks. VS Code looks for
 * icons in the HTML that it made, entities decoded, and takes one backslash before an icon away: that one is put there
 * first, and escaped with all others.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(breakableBlanks, " ")
    .replace(icon, "\\$&")
    .replaceAll("&", "&amp;")
    .replace(/[\\`*_{}[\]()#+\-.!|~^:@=]/g, "\\$&")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

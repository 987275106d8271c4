import { marked } from "marked";

/** What VS Code makes of Markdown, as far as safety and wording go. */
export interface Rendered {
  /** What a person reads; `$(id)` stands for an icon, a table's cells are separated by bars. */
  readonly text: string;
  readonly icons: readonly string[];
  /** The targets of links. */
  readonly links: readonly string[];
  /** Every tag, in order: `p`, `/p`, `a` … */
  readonly tags: readonly string[];
}

/** VS Code's own pattern (base/common/iconLabels): looked for in the rendered HTML, a backslash before it is dropped. */
const icon = /(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g;

/** Private-use characters that no text to be rendered may hold. */
const iconStart = "\ue100";
const iconEnd = "\ue101";

/**
 * Renders as VS Code does it with supportHtml and supportThemeIcons on: marked makes HTML of it, and icons are then
 * looked for in all of that HTML (base/browser/markdownRenderer).
 */
export function renderMarkdown(markdown: string): Rendered {
  // VS Code first doubles the backslash of an icon that is escaped in the source (markdownEscapeEscapedIcons).
  const source = markdown.replace(/\\\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, (match) => `\\${match}`);
  const html = marked.parse(source, { async: false });
  const icons: string[] = [];
  const withIcons = html.replace(icon, (_, escaped: string | undefined, id: string) => {
    if (escaped !== undefined) return `$(${id})`;
    icons.push(id);
    return `${iconStart}${id}${iconEnd}`;
  });
  const tags = Array.from(withIcons.matchAll(/<(\/?[a-zA-Z][\w-]*)/g), ([, tag = ""]) => tag);
  const links = Array.from(withIcons.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g), ([, href = ""]) => unescapeHtml(href));
  return { text: readable(withIcons), icons, links, tags };
}

function readable(html: string): string {
  const text = html
    .replace(/<br>/g, " / ")
    .replace(/<\/t[hd]>\s*<t[hd][^>]*>/g, " | ")
    .replace(/<a\b[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/g, "[$2→$1]")
    .replace(/<[^>]*>/g, "")
    .replace(/\n{2,}/g, "\n");
  return unescapeHtml(text)
    .replaceAll(iconStart, "$(")
    .replaceAll(iconEnd, ")")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#36": "$", "#39": "'", amp: "&" };

function unescapeHtml(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

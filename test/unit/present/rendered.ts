import { marked } from "marked";

/** The result of rendering Markdown like VS Code, as far as safety and wording need it. */
export interface Rendered {
  /** The visible text. `$(id)` represents an icon, and bars separate the cells of a table. */
  readonly text: string;
  readonly icons: readonly string[];
  /** The targets of links. */
  readonly links: readonly string[];
  /** Every tag, in order: `p`, `/p`, `a` … */
  readonly tags: readonly string[];
}

/**
 * VS Code's own pattern (base/common/iconLabels). VS Code applies it to the rendered HTML and removes a backslash
 * before it.
 */
const icon = /(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g;

/** Private-use characters, which the rendered text must not contain. */
const iconStart = "\ue100";
const iconEnd = "\ue101";

/** Many tests render the same hovers. */
const rendered = new Map<string, Rendered>();

/**
 * Renders Markdown like VS Code with supportHtml and supportThemeIcons: marked converts it to HTML, and icons are then
 * replaced in the whole HTML (base/browser/markdownRenderer).
 */
export function renderMarkdown(markdown: string): Rendered {
  const result = rendered.get(markdown) ?? render(markdown);
  rendered.set(markdown, result);
  return result;
}

function render(markdown: string): Rendered {
  // VS Code first doubles the backslash before an icon that the source escapes (markdownEscapeEscapedIcons).
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

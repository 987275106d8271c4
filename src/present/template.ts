/** The placeholders that a status-bar template can contain. */
export const placeholders = ["icon", "name", "state", "soc", "range", "age", "count", "power", "doneAt"] as const;

export type Placeholder = (typeof placeholders)[number];

/** Values can be getters: only those that a template contains are read. */
export type TemplateValues = Readonly<Partial<Record<Placeholder, string | undefined>>>;

const opener = /[([{«“]\s*$/;
const closer = /^\s*[)\]}»”]/;
const separators = /^[\s,;:·•|/\\–—-]+/;

/**
 * Fills in each `{placeholder}`. A placeholder without a value is removed together with the text between it and the
 * value before it; without a value before it, together with the whitespace and punctuation after it. Brackets around it
 * alone are removed too. The text before the first and after the last placeholder is kept. Unknown placeholders are
 * kept, so that the user sees a typing error. Values are not searched for placeholders.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  const [start = "", ...rest] = template.replace(/(?:\s|\p{Cc})+/gu, " ").split(/\{([a-zA-Z]+)\}/);
  let filled = "";
  /** The text since the last value. */
  let between = start;
  for (let index = 0; index < rest.length; index += 2) {
    const name = rest[index] ?? "";
    const after = rest[index + 1] ?? "";
    const value = isPlaceholder(name) ? (values[name] ?? "") : `{${name}}`;
    if (value === "") {
      between = closeGap(between, after, filled === "");
    } else {
      filled += between + value;
      between = after;
    }
  }
  return (filled + between).trim();
}

/** The text that remains around a placeholder without a value. Brackets are removed only in pairs. */
function closeGap(before: string, after: string, isFirst: boolean): string {
  let [left, right] = [before, after];
  while (opener.test(left) && closer.test(right)) {
    left = left.replace(opener, "");
    right = right.replace(closer, "");
  }
  if (opener.test(left)) return left + (/[([{«“]+\s*$/.exec(right)?.[0] ?? "");
  if (isFirst) return left + right.replace(separators, "");
  return (/^\s*[)\]}»”]+/.exec(left)?.[0] ?? "") + right;
}

export function templateNames(template: string, placeholder: Placeholder): boolean {
  return template.includes(`{${placeholder}}`);
}

function isPlaceholder(name: string): name is Placeholder {
  return (placeholders as readonly string[]).includes(name);
}

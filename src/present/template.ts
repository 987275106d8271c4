/** What a status-bar template may name. */
export const placeholders = ["icon", "name", "state", "soc", "range", "age", "count"] as const;

export type Placeholder = (typeof placeholders)[number];

/** Only those are read that a template names. */
export type TemplateValues = Readonly<Partial<Record<Placeholder, string | undefined>>>;

const opener = /[([{«“]\s*$/;
const closer = /^\s*[)\]}»”]/;
const separators = /^[\s,;:·•|/\\–—-]+/;

/**
 * Fills `{placeholder}`s in. One without a value disappears with the text between it and the value before it, or, where
 * there is none, with the blanks and punctuation after it; brackets around it alone go as well. The text before the
 * first placeholder and after the last stays. Unknown placeholders stay as they are, so that a typing error is seen.
 * Values are not looked into again.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  const [start = "", ...rest] = template.replace(/[\s\p{Cc}]+/gu, " ").split(/\{([a-z]+)\}/);
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

/** What remains of the text before and after a placeholder without a value: no bracket that had a partner loses it. */
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

/** Whether a template names `placeholder`. */
export function templateNames(template: string, placeholder: Placeholder): boolean {
  return template.includes(`{${placeholder}}`);
}

function isPlaceholder(name: string): name is Placeholder {
  return (placeholders as readonly string[]).includes(name);
}

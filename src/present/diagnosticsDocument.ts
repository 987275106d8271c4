import { plainLine } from "./plainText";
import { isoText } from "./times";

/** Masks known secrets and text that looks like one. */
export interface Mask {
  redact(text: string): string;
  finds(text: string): boolean;
}

export type Diagnostics =
  | { readonly kind: "document"; readonly markdown: string }
  /** The section with this title contains something that must not be shared. */
  | { readonly kind: "leak"; readonly section: string };

/** A part of the document. The lines are Markdown. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The sections as one document, unless `mask` finds something in it. */
export function checked(preface: string, sections: readonly Section[], now: number, mask: Mask): Diagnostics {
  const texts = sections.map(({ title, lines }) => [`## ${title}`, lines.join("\n")].join("\n\n"));
  const markdown = [`# Volvo Charging: diagnostics`, `${preface} ${isoText(now)}`, ...texts].join("\n\n") + "\n";
  if (!mask.finds(markdown)) return { kind: "document", markdown };
  const section = sections.find((_, index) => mask.finds(texts[index] ?? ""))?.title ?? "";
  return { kind: "leak", section };
}

/** Text from outside as inline code on one line, so that no part of it acts as Markdown. */
export function code(text: string): string {
  return `\`${plainLine(text, 120).replaceAll("`", "'").replaceAll("|", "¦") || " "}\``;
}

/** Facts as list items. */
export function list(facts: readonly (readonly [name: string, value: string])[]): readonly string[] {
  return facts.map(([name, value]) => `- ${name}: ${value}`);
}

/** Rows as a table; "None." without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return ["None."];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** A time in UTC and its distance from now: "2026-11-23T08:28:00Z (12 min ago)". */
export function when(at: number, now: number): string {
  if (!Number.isFinite(new Date(at).getTime())) return "not known";
  const seconds = Math.round(Math.abs(at - now) / 1000);
  const [size, unit] = [[86_400, "d"] as const, [3600, "h"] as const, [60, "min"] as const].find(
    ([length]) => seconds >= 2 * length,
  ) ?? [1, "s"];
  const distance = `${Math.floor(seconds / size)} ${unit}`;
  return `${isoText(at)} (${at <= now ? `${distance} ago` : `in ${distance}`})`;
}

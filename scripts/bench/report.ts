import { format } from "prettier";

/** One figure, a comparison from the same run, and its bar. */
export interface Row {
  readonly figure: string;
  readonly ours: string;
  readonly beside: string;
  readonly bar?: string;
  /** True if the bar is met; omitted without a bar. */
  readonly isMet?: boolean;
}

export interface SectionResult {
  readonly rows: readonly Row[];
  /** The method, as sentences for the reader of the table. */
  readonly notes: readonly string[];
}

export interface Section {
  readonly name: string;
  readonly title: string;
  measure(options: BenchOptions): Promise<SectionResult>;
}

export interface BenchOptions {
  /** Few repetitions: a smoke test, not a measurement. */
  readonly quick: boolean;
  readonly log: (line: string) => void;
}

const header = ["", "ours", "beside it", "bar", "met"];

/** Markdown of one section with its table, as Prettier would write it. */
export async function sectionMarkdown({ title }: Section, { rows, notes }: SectionResult): Promise<string> {
  const cells = rows.map(({ figure, ours, beside, bar, isMet }) => [
    figure,
    ours,
    beside,
    bar ?? "",
    isMet === undefined ? "" : isMet ? "yes" : "**no**",
  ]);
  const table = [header, header.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
  return prettyMarkdown([`## ${title}`, "", ...table, "", ...notes.map((note) => `- ${note}`)].join("\n"));
}

/** Formats Markdown, because `npm run check` also covers results.md. */
export async function prettyMarkdown(text: string): Promise<string> {
  return format(text, { parser: "markdown" });
}

/** The missed bars, each with its section. */
export function missedBars({ title }: Section, { rows }: SectionResult): readonly string[] {
  return rows.filter(({ isMet }) => isMet === false).map(({ figure }) => `${title}: ${figure}`);
}

/** The median of `values`, which must not be empty. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

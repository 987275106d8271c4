import type { Area } from "./areas";

/** A changed piece of source in StrykerJS's report. */
export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

/** The used part of StrykerJS's JSON report. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

/** A mutant that no test can kill, because its observable behavior equals the original's. */
export interface Equivalent {
  readonly file: string;
  /** The replaced source; only its first line if it has several. */
  readonly original: string;
  /** The line on which it begins, without its indentation. */
  readonly line: string;
  readonly replacement: string;
  readonly reason: string;
}

export interface Survivor {
  readonly file: string;
  readonly lineNumber: number;
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
  readonly isCovered: boolean;
}

export interface Score {
  /** The mutants that a test has noticed. */
  readonly killed: number;
  /** The mutants that no test has noticed, but that the compiler refuses. */
  readonly refused: number;
  readonly survivors: readonly Survivor[];
  readonly equivalent: number;
  /** The share of killed and refused mutants, without the equivalent ones. */
  readonly percent: number;
}

/**
 * The score of a report: how many mutants a test or the compiler has noticed. Equivalent mutants do not count.
 * `refuses` is true if the compiler refuses a file with that text.
 */
export function scoreOf(
  report: MutationReport,
  equivalents: readonly Equivalent[],
  refuses: (file: string, text: string) => boolean,
): Score {
  let killed = 0;
  let equivalent = 0;
  let refused = 0;
  const survivors: Survivor[] = [];
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    const lines = source.split("\n");
    for (const { status, location, replacement = "" } of mutants) {
      // A timeout means that a mutant made a test run forever, so the test has noticed it.
      if (status === "Killed" || status === "Timeout") killed++;
      if (status !== "Survived" && status !== "NoCoverage") continue;
      const { start, end } = location;
      const whole = lines[start.line - 1] ?? "";
      const original = whole.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined).trim();
      const found = { file, original, line: whole.trim(), replacement: firstLine(replacement) };
      if (equivalents.some((known) => isSame(known, found))) equivalent++;
      else if (refuses(file, withMutant(lines, location, replacement))) refused++;
      else survivors.push({ ...found, lineNumber: start.line, isCovered: status === "Survived" });
    }
  }
  const noticed = killed + refused;
  const percent = (100 * noticed) / Math.max(1, noticed + survivors.length);
  return { killed, refused, survivors, equivalent, percent };
}

function withMutant(lines: readonly string[], { start, end }: Mutant["location"], replacement: string): string {
  const before = [...lines.slice(0, start.line - 1), lines[start.line - 1]?.slice(0, start.column - 1)].join("\n");
  const after = [lines[end.line - 1]?.slice(end.column - 1), ...lines.slice(end.line)].join("\n");
  return before + replacement + after;
}

function isSame(known: Equivalent, found: Omit<Equivalent, "reason">): boolean {
  return (["file", "original", "line", "replacement"] as const).every((part) => known[part] === found[part]);
}

function firstLine(text: string): string {
  const [first = ""] = text.split("\n");
  return first.trim();
}

/** The score of one area, for a row of the table. */
export interface Measured {
  readonly area: Area;
  readonly score: Score;
  readonly commit: string;
}

/** The summary as Markdown. `missing` are the areas without a report. */
export function summary(
  measured: readonly Measured[],
  missing: readonly Area[],
  equivalents: readonly Equivalent[],
): string {
  const row = ({ area, score, commit }: Measured) => {
    const { killed, refused, survivors, equivalent, percent } = score;
    const uncovered = survivors.filter(({ isCovered }) => !isCovered).length;
    const cells = [
      area.name,
      killed,
      refused,
      survivors.length,
      uncovered,
      equivalent,
      `${percent.toFixed(1)} %`,
      `${area.bar} %`,
      percent >= area.bar ? "yes" : "no",
      commit,
    ];
    return `| ${cells.join(" | ")} |`;
  };
  const byFile = measured.flatMap(({ score }) => {
    const files = new Map<string, number>();
    for (const { file } of score.survivors) files.set(file, (files.get(file) ?? 0) + 1);
    return [...files];
  });
  return [
    "# Mutants",
    "",
    "`npm run mutation` changes the pure core in one place after another and runs the unit tests that belong to it. A change that neither a test nor the compiler notices has survived. Texts of log lines and of errors for developers are not changed.",
    "",
    "| area | killed by a test | refused by the compiler | survived | of these without a test | equivalent | score | bar | met | commit |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...measured.map(row),
    "",
    ...(missing.length === 0 ? [] : [`Not measured: ${missing.map(({ name }) => name).join(", ")}.`, ""]),
    "Equivalent mutants are not counted: they do what the original does wherever that can be seen. `test/mutation/equivalents.json` lists them.",
    "",
    "## Where mutants survive",
    "",
    ...byFile.sort(([, a], [, b]) => b - a).map(([file, count]) => `- \`${file}\`: ${count}`),
    "",
    "## Why mutants are equivalent",
    "",
    ...equivalents.map(
      ({ file, line, original, replacement, reason }) =>
        `- \`${file}\`, \`${line}\`: \`${original}\` → \`${replacement}\`. ${reason}`,
    ),
    "",
  ].join("\n");
}

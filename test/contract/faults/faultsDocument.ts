import { bodyForms } from "../../support/sequences/oddAnswer";
import type { SequenceOutcome } from "../../support/sequences/sequences";
import { energyStatusRows, type StatusRow, tokenStatusRows } from "./statusRows";
import { faults } from "../../../src/simulator/faults/faults";
import type { FaultCase, FaultRow, Kept } from "./faultCase";
import { type ListCase, nothingChanged, type SignInCase } from "./signInRows";

const keptWords: Readonly<Record<Kept, string>> = {
  "reading and credentials": "last reading, credentials",
  "reading and client": "last reading, API key and client; the sign-in has ended",
  "credentials; new reading": "credentials (the reading is new)",
};

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** docs/faults.md: the effect of each fault, from the tables of cases and the outcomes of this run. */
export function faultsDocument(sections: readonly Section[], count: number): string {
  return `# What happens when something goes wrong

\`test/contract/faults/faults.test.ts\` and \`test/slow/faultSequences.test.ts\` prove every line of this document; the latter
writes it. To regenerate it, run
\`UPDATE_GOLDEN=1 npx mocha out/test/slow/faultSequences.test.js\`. The faults are those of the simulator (\`src/simulator/faults\`), each with
the report it is based on; ${count} cases in total.

The setup: one car, "EX30", measured at an AC charger at 7:50, read successfully at 8:00 and checked every 300 s. The
fault is active from the check at 8:05 on. *Shown* is the status-bar item, then the description of the car's row in the
tree after the label of the problem's row above it, then the problem's sentence with the action it offers (or the text
of the connection). *Next call* is the number of seconds from the end of each failed check to the next request while the
fault lasts, one for each consecutive failure; "never" means not before the user acts. Unless "never" is listed, the
product recovers without user action once the fault ends.

The last two columns are sequences. *Three times* has good answers, one odd answer, good answers, and twice more within
the hour, and gives the seconds from the end of each odd check to the next check. *A day* has odd answers for a day and
then good ones, and gives the longest time between two checks in seconds, and the sentence at its end if that is another.
In all of them the last reading stays on the screen with its age, each check happens at the time that is shown as that
of the next check, nothing stored is deleted, and neither the car nor an API version nor the sign-in is blamed before
the rules allow it.

${sections.map(sectionText).join("\n")}
${statusSection("D1. The Energy API answers with any other status", energyStatusRows)}
${statusSection("D2. The token endpoint answers with any other status", tokenStatusRows)}`;
}

function sectionText({ id, title, lines }: Section): string {
  return [`## ${id}. ${title}`, "", ...lines, ""].join("\n");
}

export function faultSection(
  { id, title, cases }: FaultRow,
  sequences: ReadonlyMap<FaultCase, SequenceOutcome>,
): Section {
  const rows = cases.map((one) => {
    const { waits = [], day } = sequences.get(one) ?? {};
    const sentence = day && day.sentence !== "" && !one.sentence.startsWith(day.sentence) ? `: ${day.sentence}` : "";
    const cells = [faultCell(one), shownCell(one), keptWords[one.kept], nextCell(one)];
    return row([...cells, waits.join(", "), day ? `${day.longest}${sentence}` : ""]);
  });
  const head = ["fault", "shown", "kept", "next call", "three times", "a day"];
  return { id, title, lines: [row(head), divider(head.length), ...rows] };
}

/** Statuses whose bodies hold no known phrase. The first matching line applies. */
function statusSection(title: string, rows: readonly StatusRow[]): string {
  const lines = rows.map(({ statuses, bodies, sentence, waits, longest }) => {
    const forms = bodies.length === bodyForms.length ? "any" : bodies.join(", ");
    return row([statuses, forms, sentence, waits.join(", "), `${longest}`]);
  });
  const head = ["status", "body", "shown", "three times", "a day"];
  const intro = `Every status from 300 to 599 with a body that says nothing known: JSON, text, a page in HTML, and none. The sign-in
is one with Volvo ID. The first line that fits counts. \`npm run test:slow\` has each of them once; three times and for a day it
has the statuses that rules name with every form of body, and of the Energy API all others with one form in turn;
\`STATUSES=all\` has them all.`;
  return [`## ${title}`, "", intro, "", row(head), divider(head.length), ...lines, ""].join("\n");
}

export function signInSection(head: Pick<Section, "id" | "title">, cases: readonly SignInCase[]): Section {
  const rows = cases.map(({ fault, at, sentence, offered }) => {
    const where = at === "token" ? "token endpoint" : "in the browser";
    return row([`${code(fault)} (${where})`, `${sentence} → ${offered}`, nothingChanged.kept, nothingChanged.next]);
  });
  return { ...head, lines: [row(["fault", "shown", "kept", "next call"]), divider(4), ...rows] };
}

export function listSection(head: Pick<Section, "id" | "title">, cases: readonly ListCase[]): Section {
  const rows = cases.map(({ fault, found }) => {
    return row([`${code(fault)} (Find My Vehicles)`, found, nothingChanged.kept, nothingChanged.next]);
  });
  return { ...head, lines: [row(["fault", "shown", "kept", "next call"]), divider(4), ...rows] };
}

function faultCell({ fault, at, account, times, check, from }: FaultCase): string {
  const { description, source } = faults[fault];
  const circumstances = [
    at,
    account,
    times === undefined ? undefined : "once",
    check === undefined ? undefined : `after ${check} in a row`,
    from === undefined ? undefined : "from the start",
  ].filter((each) => each !== undefined);
  const where = circumstances.length === 0 ? "" : ` (${circumstances.join(", ")})`;
  return `${code(fault)}${where}: ${description}${source === "" ? "" : ` (${source})`}`;
}

function shownCell({ item, row: description, sentence, also = {} }: FaultCase): string {
  const others = Object.entries(also).map(([label, value]) => (value === null ? `no ${label}` : `${label}: ${value}`));
  return [code(item), description, sentence, ...others].join("<br>");
}

function nextCell({ next }: FaultCase): string {
  return next.join(", ");
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function divider(columns: number): string {
  return `|${" --- |".repeat(columns)}`;
}

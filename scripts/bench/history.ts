import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { measureHistoryPage } from "./historyPage";
import type { HistoryMeasurements } from "./historyProcess";
import { kilobytes, median, milliseconds, type Section } from "./report";

const barReadMs = 150;
const reads = { quick: 3, full: 15 } as const;

export const history: Section = {
  name: "history",
  title: "The history",
  async measure({ quick }) {
    const measured = await inOwnProcess(quick ? reads.quick : reads.full);
    const { days, checks, rows, bytes, firstReadMs, readMs, parseMs, contentMs, contentBytes, idle } = measured;
    const read = median(readMs);
    const parsed = median(parseMs);
    const [first = NaN] = contentMs;
    const page = await measureHistoryPage(quick ? reads.quick : reads.full);
    const [drawn, beside] = [median(page.historyMs), median(page.yardstickMs)];
    return {
      rows: [
        {
          figure: "rows a day, a commuter",
          ours: (rows / days).toFixed(1),
          beside: `${(checks / days).toFixed(0)} checks a day, ${(checks / rows).toFixed(1)} for a row`,
        },
        {
          figure: "on disk, a year of a commuter",
          ours: kilobytes(bytes),
          beside: `a row for each check ${kilobytes((bytes / rows) * checks)}`,
        },
        {
          figure: "reading a year of three cars, with sessions",
          ours: `${milliseconds(read)}, the first time ${milliseconds(firstReadMs)}`,
          beside: `JSON.parse of the same lines ${milliseconds(parsed)}, ${(read / parsed).toFixed(1)} ×`,
          bar: `≤ ${barReadMs} ms`,
          isMet: read <= barReadMs,
        },
        {
          figure: "the panel's content of a month",
          ours: `${milliseconds(median(contentMs))}, the first time ${milliseconds(first)}, ${kilobytes(contentBytes)}`,
          beside: `reading three cars for it ${milliseconds(read)}`,
        },
        {
          figure: "from Show History to the drawn month, in a window",
          ours: milliseconds(drawn),
          beside: `a page that draws nothing ${milliseconds(beside)}, ${(drawn / beside).toFixed(1)} ×`,
        },
        {
          figure: "writes while nothing changes",
          ours: `${idle.writes} in ${idle.checks} checks`,
          beside: `${idle.writesOfChange} for a change`,
          bar: "none",
          isMet: idle.writes === 0 && idle.writesOfChange > 0,
        },
      ],
      notes: [
        `A simulated commuter, whose rows follow the product's own rules: VS Code is open from 8 to 18 on working days and from 19 to 23 each evening, and checks every five minutes. The car is plugged in four evenings a week at 18:10, charges from about 45 to 80 percent at 10.8 kW (the power varies by 200 W), and leaves at 7:30.`,
        "Reading: the panel does this each time it is painted. Measured in a separate process, from the files on disk (in the system's cache) to rows and sessions: the median, and the first time, before V8 has compiled the code. Content: from rows and sessions to the message for the panel's page, without the page's drawing.",
        "The drawn month: in a window of VS Code 1.139, from the key that runs Show History to the first frame with the chart of the last whole month. VS Code discards hidden web views, so each time the page is loaded, asks for its content and draws it. Beside it, in turns in the same window: the same for an extension whose page is one word. Medians; no bar is set.",
        "Writes: calls that create, append or remove files in the history's folder, during a day on which each check gives the same reading.",
      ],
    };
  },
};

async function inOwnProcess(times: number): Promise<HistoryMeasurements> {
  const child = spawn(process.execPath, [path.join(__dirname, "historyProcess.js"), String(times)]);
  child.stderr.pipe(process.stderr);
  let printed = "";
  child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error("The history could not be measured");
  return JSON.parse(printed) as HistoryMeasurements;
}

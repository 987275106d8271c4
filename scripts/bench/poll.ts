import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { PollConfig, PollMeasurements } from "./host/pollBench";
import { pollFile } from "./host/pollFile";
import { runInHost } from "./inHost";
import { kilobytes, median, milliseconds, type Row, type Section } from "./report";
import { startSimulator } from "./simulator";

interface Fleet {
  readonly cars: number;
  /** How long the simulator takes for an answer. */
  readonly delayMs: number;
}

const slowMs = 100;
const fleets: readonly Fleet[] = [
  { cars: 1, delayMs: 0 },
  { cars: 12, delayMs: 0 },
  { cars: 12, delayMs: slowMs },
  { cars: 100, delayMs: 0 },
];
const barFleet = 12;
const barRatio = 1.1;
const slots = 4;

export const poll: Section = {
  name: "poll",
  title: "A poll",
  async measure({ quick, log }) {
    const rows: Row[] = [];
    for (const fleet of fleets.filter(({ cars }) => !quick || cars === barFleet)) {
      log(`${fleet.cars} cars, ${fleet.delayMs} ms for an answer`);
      const { measurements, connections } = await measureFleet(fleet, quick ? 5 : fleet.cars > 50 ? 40 : 100);
      rows.push(...rowsOf(fleet, measurements, connections));
    }
    return {
      rows,
      notes: [
        "In the extension host of VS Code 1.139 against the simulator in another process, which answers at once or after the time that is named: from the moment at which the schedule says so to the view that shows what came of it, with what all windows share written to disk. Beside it, in turns, the host's own `fetch` for the same requests, four at a time, their answers parsed, and undici's `request` outside VS Code's proxy settings.",
        "What is over `fetch` is mostly files: before each request the window looks whether it still leads, writes for the others which car it is about to ask for, and counts the call, so that no crash and no second window costs a call twice. A profile of twelve cars has 44 directories listed, 39 files looked at, 27 read, 12 counts and 7 snapshots written for each poll; they set the limit where answers take no time, and disappear behind those that take some.",
        "CPU of the whole host, with what is written within a quarter of a second afterwards.",
        "Assignments of a poll that brings nothing new but its own time.",
      ],
    };
  },
};

async function measureFleet({ cars, delayMs }: Fleet, rounds: number) {
  const simulator = await startSimulator(cars, delayMs);
  const results = path.join(await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-")), "results.json");
  try {
    const { origins, apiKey, accessToken, vins } = simulator;
    const config: PollConfig = { origins, apiKey, accessToken, vins, rounds };
    await runInHost("1.139", path.join(__dirname, "host", "pollSuite.js"), {
      [pollFile.config]: JSON.stringify(config),
      [pollFile.results]: results,
    });
    const measurements = JSON.parse(await fs.readFile(results, "utf8")) as PollMeasurements;
    return { measurements, connections: await simulator.connections() };
  } finally {
    await simulator.close();
    await fs.rm(path.dirname(results), { recursive: true, force: true });
  }
}

function rowsOf({ cars, delayMs }: Fleet, measured: PollMeasurements, connections: readonly number[]): readonly Row[] {
  const [product, fetch, undici] = [measured.product, measured.fetch, measured.undici].map(median) as [
    number,
    number,
    number,
  ];
  const of = `${cars} ${cars === 1 ? "car" : "cars"}${delayMs > 0 ? `, ${delayMs} ms an answer` : ""}`;
  const ratio = product / fetch;
  const [own = 0, ofFetch = 0, ofUndici = 0] = connections;
  const assigned = Object.entries(measured.assigned).map(([name, count]) => `${name} ${count.toFixed(1)}`);
  const rows: readonly Row[] = [
    {
      figure: `time, ${of}`,
      ours: `${milliseconds(product)}, ${ratio.toFixed(2)} × fetch`,
      beside: `fetch ${milliseconds(fetch)}, undici ${milliseconds(undici)}`,
      ...(cars === barFleet && { bar: `≤ ${barRatio} × fetch`, isMet: ratio <= barRatio }),
    },
    {
      figure: `connections, ${of}, all polls`,
      ours: String(own),
      beside: `fetch ${ofFetch}, undici ${ofUndici}`,
      bar: `≤ ${slots}, one per request in flight`,
      isMet: own <= slots,
    },
    {
      figure: `CPU of a poll, ${of}`,
      ours: milliseconds(measured.productCpuMs),
      beside: `fetch ${milliseconds(measured.fetchCpuMs)}`,
    },
    {
      figure: `heap kept by a poll, ${of}`,
      ours: kilobytes(measured.heapGrowth / measured.product.length),
      beside: "",
    },
    {
      figure: `assignments to VS Code, ${of}`,
      ours: `${assigned.join(", ") || "none"}; ${measured.assignedEqual} of what was there already`,
      beside: "",
      bar: "none of what was there already",
      isMet: measured.assignedEqual === 0,
    },
  ];
  return delayMs > 0 ? rows.slice(0, 1) : rows;
}

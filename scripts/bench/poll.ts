import type { Assignments } from "./host/countedViews";
import {
  countedPolls,
  heapBlocks,
  type PollConfig,
  type PollMeasurements,
  type Way,
  ways,
} from "./host/pollMeasurements";
import type { Profile } from "./host/profile";
import { measureInHost } from "./inHost";
import { median, milliseconds, type Row, type Section } from "./report";
import { type Served, startSimulator } from "./simulator";

interface Fleet {
  readonly cars: number;
  /** The simulator's response time. */
  readonly delayMs: number;
  readonly rounds: number;
}

const fleets: readonly Fleet[] = [
  { cars: 1, delayMs: 0, rounds: 60 },
  { cars: 12, delayMs: 0, rounds: 60 },
  { cars: 12, delayMs: 100, rounds: 30 },
  // The limit: the product sends at most 60 requests a minute.
  { cars: 50, delayMs: 0, rounds: 30 },
];
const barFleet = 12;
/** The first bar is for answers without delay, the second for answers with one. */
const barOverFetchMs = 15;
const barRatio = 1.05;
/** Calls of the shared folder in a poll. */
const barFolderCalls = 14;
/** Requests in each block of rounds. */
const heapRequests = 600;
const barHeapBytesPerRequest = 100;
const profiledRounds = 100;
const mostShares = 10;

export const poll: Section = {
  name: "poll",
  title: "A poll",
  async measure({ quick, log }) {
    const rows: Row[] = [];
    const notes: string[] = [];
    for (const fleet of fleets.filter(({ cars }) => !quick || cars === barFleet)) {
      log(`${fleet.cars} cars, ${fleet.delayMs} ms for an answer`);
      const { measured, served } = await measureFleet(fleet, quick);
      rows.push(...rowsOf(fleet, measured, served));
      if (measured.profile) notes.push(profileNote(fleet, measured.profile, measured));
    }
    return {
      rows,
      notes: [
        "Measured in the extension host of VS Code 1.139, against the simulator in another process, which answers at once or after the given time: from the scheduled time to the status-bar item that shows the result, including the write of the shared state to disk. The view is closed. Beside it, alternating: the host's own `fetch` for the same requests, four at a time, with parsed answers, and undici's `request` without VS Code's proxy settings.",
        "The time over `fetch` is mostly file access: the window takes the lock, reads the state, and writes which cars it is about to ask for, so that neither a crash nor a second window repeats a call. This dominates when answers take no time, and becomes negligible when they take some.",
        ...notes,
        "CPU of the whole host, including writes within a quarter of a second afterwards.",
        `Heap: the growth of live data after full collections over ${heapRequests} requests of one way alone, without V8's compiled code; the median of ${heapBlocks} blocks, because the editor's own data varies by megabytes, while a leak appears each time. At most ${barHeapBytesPerRequest} bytes a request counts as flat: a retained signal, timer or answer takes several times as much.`,
        "Assignments to VS Code with the view open, including calls of `show` and `hide`, context keys and each refresh of the tree. A poll without notice still changes the view: the times of the last and next check, the ages, and the calls of the day. Then the unchanged state is repainted.",
      ],
    };
  },
};

async function measureFleet({ cars, delayMs, rounds }: Fleet, quick: boolean) {
  const simulator = await startSimulator(cars, delayMs);
  try {
    const { origins, apiKey, accessToken, vins } = simulator;
    const isTimedOnly = delayMs > 0;
    const config: PollConfig = {
      ...{ origins, apiKey, accessToken, vins },
      rounds: quick ? 5 : rounds,
      heapRounds: isTimedOnly ? 0 : Math.ceil(heapRequests / cars),
      profiledRounds: isTimedOnly || cars !== barFleet ? 0 : quick ? 20 : profiledRounds,
    };
    const measured = await measureInHost<PollMeasurements>("1.139", "pollSuite", config);
    return { measured, served: await simulator.served() };
  } finally {
    await simulator.close();
  }
}

function rowsOf(fleet: Fleet, measured: PollMeasurements, served: readonly Served[]): readonly Row[] {
  const { cars, delayMs } = fleet;
  const of = `${nameOf(fleet)}${delayMs > 0 ? `, ${delayMs} ms an answer` : ""}`;
  const took = { product: 0, fetch: 0, undici: 0 };
  for (const way of ways) took[way] = median(measured.tookMs[way]);
  const ratio = took.product / took.fetch;
  const time: Row = {
    figure: `time, ${of}`,
    ours: `${milliseconds(took.product)}, ${ratio.toFixed(2)} × fetch`,
    beside: beside(took, milliseconds),
    ...(cars === barFleet && timeBar(delayMs, took.product - took.fetch, ratio)),
  };
  if (delayMs > 0) return [time];
  const [own = NaN, ofFetch = NaN, ofUndici = NaN] = served.map(({ connections }) => connections);
  const { cpuMs, heapGrowth, assigned, assignedAgain } = measured;
  // Not `version`: windows also call it between polls, to notice changes of the folder.
  const { version: _, ...inPoll } = measured.folderCalls;
  const folderCalls = Object.values(inPoll).reduce((sum, calls) => sum + calls, 0);
  const kept = { product: 0, fetch: 0, undici: 0 };
  for (const way of ways) kept[way] = median(heapGrowth[way]) / heapRequests;
  return [
    time,
    {
      figure: `connections, ${of}, all polls`,
      ours: String(own),
      beside: beside({ product: own, fetch: ofFetch, undici: ofUndici }, String),
      bar: "no more than fetch",
      isMet: own <= ofFetch,
    },
    {
      figure: `calls of the shared folder in a poll, ${of}`,
      ours: folderCalls.toFixed(1),
      beside: "",
      bar: `≤ ${barFolderCalls}`,
      isMet: folderCalls <= barFolderCalls,
    },
    { figure: `CPU of a poll, ${of}`, ours: milliseconds(cpuMs.product), beside: beside(cpuMs, milliseconds) },
    {
      figure: `heap kept by a request, ${of}`,
      ours: bytes(kept.product),
      beside: beside(kept, bytes),
      bar: `≤ ${bytes(barHeapBytesPerRequest)}`,
      isMet: kept.product <= barHeapBytesPerRequest,
    },
    {
      figure: `assigned in a poll, ${of}`,
      ours: assignmentsText(assigned),
      beside: `unchanged ${assigned.equal}`,
      bar: "none unchanged",
      isMet: assigned.equal === 0,
    },
    {
      figure: `assigned by a repaint, ${of}`,
      ours: assignmentsText(assignedAgain),
      beside: "",
      bar: "none",
      isMet: Object.keys(assignedAgain.counts).length === 0,
    },
  ];
}

function timeBar(delayMs: number, overFetchMs: number, ratio: number): Pick<Row, "bar" | "isMet"> {
  return delayMs > 0
    ? { bar: `≤ ${barRatio} × fetch`, isMet: ratio <= barRatio }
    : { bar: `≤ fetch + ${barOverFetchMs} ms`, isMet: overFetchMs <= barOverFetchMs };
}

function bytes(count: number): string {
  return `${Math.round(count)} bytes`;
}

function beside(figures: Readonly<Record<Way, number>>, text: (figure: number) => string): string {
  return `fetch ${text(figures.fetch)}, undici ${text(figures.undici)}`;
}

function assignmentsText({ counts }: Assignments): string {
  return (
    Object.entries(counts)
      .map(([name, count]) => `${name} ${(count / countedPolls).toFixed(1)}`)
      .join(", ") || "nothing"
  );
}

/** The breakdown of the time over `fetch`, counted and sampled in this run. */
function profileNote(fleet: Fleet, { idle, shares }: Profile, { folderCalls }: PollMeasurements): string {
  const calls = Object.entries(folderCalls)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count.toFixed(1)}`);
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const largest = shares.slice(0, mostShares).map(({ place, share }) => `${place} ${percent(share)}`);
  return `A profile of ${nameOf(fleet)} in this run. Calls of the shared folder in a poll: ${calls.join(", ")}. While polls followed each other, the host's main thread was idle for ${percent(idle)} of the time; of the rest it spent ${largest.join(", ")}.`;
}

function nameOf({ cars }: Fleet): string {
  return `${cars} ${cars === 1 ? "car" : "cars"}`;
}

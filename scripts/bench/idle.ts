import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { itemId, Product } from "../../test/ui/scene";
import { extensionHostPids } from "../headless/extensionHosts";
import type { Settings } from "../headless/userSettings";
import { Workbench } from "../headless/workbench";
import { kilobytes, milliseconds, type Row, type Section } from "./report";
import { type Simulator, startSimulator } from "./simulator";
import { BenchCode, packYardstick, productVsix } from "./window";

const settleMs = 30_000;
const version = "1.139";
/** Normal difference between two hosts that do the same. */
const barWakeUps = 1.1;
/** More growth than this from the thousandth poll to the last is a leak. */
const barHeapBytes = 500_000;

interface Cost {
  readonly wakeUps: number;
  readonly cpuMs: number;
}

/** The product's activity in a window during the measured minutes. */
interface Doing {
  readonly requests: number;
  readonly timersSet: number;
  /** At the end. */
  readonly timersPending: number;
}

interface Measured extends Cost, Doing {}

/** A window whose extension host is measured. */
interface Subject {
  readonly code: BenchCode;
  /** The address its product uses, as an index of the simulator's origins. */
  readonly origin: number;
  readonly timersFile: string;
}

export const idle: Section = {
  name: "idle",
  title: "How much CPU and memory does it use while nothing happens?",
  async measure({ quick, log }) {
    const minutes = quick ? 0.5 : 5;
    const simulator = await startSimulator(2);
    const files = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-"));
    const timers = await packYardstick("timers", files);
    const subjects: Subject[] = [];
    const start = async (origin: number, extensions: readonly string[], settings: Settings = {}) => {
      const timersFile = path.join(files, `timers-${origin}`);
      await fs.writeFile(timersFile, "");
      const code = await BenchCode.start({
        version,
        extensions: [timers, ...extensions],
        settings: { "volvoCharging.api.baseUrl": simulator.origins[origin], ...settings },
        env: { BENCH_TIMERS_FILE: timersFile },
      });
      const subject = { code, origin, timersFile };
      subjects.push(subject);
      return subject;
    };
    try {
      const ours = await start(0, [productVsix], { "volvoCharging.vehicles": simulator.vins });
      const unset = await start(1, [productVsix]);
      const bare = await start(2, []);
      // The baseline opens first, so that it has the most time to settle.
      await open(bare);
      await open(unset, itemId);
      const product = new Product(await open(ours, itemId));
      await product.connectByHand(simulator.accessToken, undefined, simulator.apiKey);
      await product.item.waitFor((item) => item.text.includes("AC"));
      await delay(quick ? settleMs / 3 : settleMs);
      log(`${minutes} minutes`);
      const measure = (subject: Subject) => measuredOver(subject, simulator, minutes * 60_000);
      const measured = await Promise.all([measure(ours), measure(unset), measure(bare)]);
      log("Simulated polls");
      return { rows: [...rowsOf(...measured, minutes), await heapRow(quick)], notes };
    } finally {
      await Promise.all(subjects.map(({ code }) => code.close()));
      await simulator.close();
      await fs.rm(files, { recursive: true, force: true });
    }
  },
};

const notes = [
  "The extension host's process in three windows over the same minutes: with two cars polled every five minutes, with nothing set up but the API address (the simulator's, which counts requests), and without the extension. Wake-ups are the voluntary context switches of its threads, as counted by the kernel; two hosts that do the same differ by a few percent.",
  "Timers are those set by the extension's own code, as recorded by an extension that wraps `setTimeout`, `setInterval` and `setImmediate` in all three windows.",
  "The heap: the data left after full collections in a separate process that polls and paints two cars on a simulated clock.",
];

function open({ code }: Subject, statusBarItem?: string): Promise<Workbench> {
  const { context, server, folder } = code;
  return Workbench.open(context, server, { folder, ...(statusBarItem !== undefined && { statusBarItem }) });
}

function rowsOf(ours: Measured, unset: Measured, bare: Measured, minutes: number): readonly Row[] {
  const perSecond = ({ wakeUps }: Cost) => `${(wakeUps / minutes / 60).toFixed(1)} a second`;
  const cpu = ({ cpuMs }: Cost) => `${milliseconds(cpuMs / minutes)} a minute`;
  const timers = ({ timersSet, timersPending }: Doing) => `${timersSet} set, ${timersPending} pending at the end`;
  return [
    { figure: "wake-ups, 2 cars", ours: perSecond(ours), beside: `without the extension ${perSecond(bare)}` },
    { figure: "CPU, 2 cars", ours: cpu(ours), beside: `without the extension ${cpu(bare)}` },
    {
      figure: "requests, nothing set up",
      ours: String(unset.requests),
      beside: `2 cars ${ours.requests}`,
      bar: "none",
      isMet: unset.requests === 0,
    },
    {
      figure: "timers, nothing set up",
      ours: timers(unset),
      beside: `2 cars ${timers(ours)}`,
      bar: "none",
      isMet: unset.timersSet === 0 && unset.timersPending === 0,
    },
    {
      figure: "wake-ups, nothing set up",
      ours: perSecond(unset),
      beside: `without the extension ${perSecond(bare)}`,
      bar: `≤ ${barWakeUps} × without`,
      isMet: unset.wakeUps <= barWakeUps * bare.wakeUps,
    },
    { figure: "CPU, nothing set up", ours: cpu(unset), beside: `without the extension ${cpu(bare)}` },
  ];
}

async function measuredOver(
  { code, origin, timersFile }: Subject,
  simulator: Simulator,
  ms: number,
): Promise<Measured> {
  const [pid] = await extensionHostPids(code.server.pid);
  if (pid === undefined) throw new Error("There is no extension host");
  const requests = async () => (await simulator.served())[origin]?.requests ?? NaN;
  const before = { ...(await costOf(pid)), timers: await timersIn(timersFile), requests: await requests() };
  await delay(ms);
  const after = { ...(await costOf(pid)), timers: await timersIn(timersFile), requests: await requests() };
  return {
    wakeUps: after.wakeUps - before.wakeUps,
    cpuMs: after.cpuMs - before.cpuMs,
    requests: after.requests - before.requests,
    timersSet: after.timers.set - before.timers.set,
    timersPending: after.timers.set - after.timers.ended,
  };
}

/** Counts the marks of the extension `timers`: a plus for each timer set, a minus for each timer ended. */
async function timersIn(file: string): Promise<{ readonly set: number; readonly ended: number }> {
  const noted = await fs.readFile(file, "utf8");
  const countOf = (mark: string) => noted.split(mark).length - 1;
  return { set: countOf("+"), ended: countOf("-") };
}

/** The cost of the process so far, over all its threads. */
async function costOf(pid: number): Promise<Cost> {
  const threads = await fs.readdir(`/proc/${pid}/task`);
  const costs = await Promise.all(
    threads.map(async (thread): Promise<Cost> => {
      try {
        const of = (file: string) => fs.readFile(path.join(`/proc/${pid}/task`, thread, file), "utf8");
        const [status, schedule] = [await of("status"), await of("schedstat")];
        const wakeUps = Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1]);
        return { wakeUps, cpuMs: Number(schedule.split(" ")[0]) / 1e6 };
      } catch {
        // The thread has just ended.
        return { wakeUps: 0, cpuMs: 0 };
      }
    }),
  );
  return costs.reduce((sum, { wakeUps, cpuMs }) => ({ wakeUps: sum.wakeUps + wakeUps, cpuMs: sum.cpuMs + cpuMs }));
}

async function heapRow(quick: boolean): Promise<Row> {
  const polls = quick ? 2_000 : 10_000;
  const child = spawn(process.execPath, [path.join(__dirname, "heapProcess.js"), String(polls)]);
  child.stderr.pipe(process.stderr);
  let printed = "";
  child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error("The simulated polls failed");
  const { early, late } = JSON.parse(printed) as { readonly early: number; readonly late: number };
  return {
    figure: `heap after ${polls} polls`,
    ours: kilobytes(late),
    beside: `after 1000 polls ${kilobytes(early)}`,
    bar: `no more than ${kilobytes(barHeapBytes)} above that`,
    isMet: late - early <= barHeapBytes,
  };
}

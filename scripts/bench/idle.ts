import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { itemId, Product } from "../../test/ui/scene";
import { extensionHostPids } from "../headless/extensionHosts";
import { Workbench } from "../headless/workbench";
import { kilobytes, milliseconds, type Row, type Section } from "./report";
import { startSimulator } from "./simulator";
import { BenchCode, productVsix } from "./window";

const settleMs = 30_000;
const version = "1.139";
/** More than this from the thousandth poll to the last would be a leak. */
const barHeapBytes = 500_000;

interface Cost {
  readonly wakeUps: number;
  readonly cpuMs: number;
}

export const idle: Section = {
  name: "idle",
  title: "While nothing happens",
  async measure({ quick, log }) {
    const minutes = quick ? 0.5 : 5;
    const simulator = await startSimulator(2);
    const settings = {
      "volvoCharging.api.baseUrl": simulator.origins[0],
      "volvoCharging.vehicles": simulator.vins,
    };
    const [withIt, withoutCars, without] = await Promise.all([
      BenchCode.start({ version, extensions: [productVsix], settings }),
      BenchCode.start({ version, extensions: [productVsix] }),
      BenchCode.start({ version, extensions: [] }),
    ]);
    try {
      const window = await Workbench.open(withIt.context, withIt.server, {
        folder: withIt.folder,
        statusBarItem: itemId,
      });
      const product = new Product(window);
      await product.connectByHand(simulator.accessToken, undefined, simulator.apiKey);
      await product.item.waitFor((item) => item.text.includes("AC"));
      await Workbench.open(withoutCars.context, withoutCars.server, {
        folder: withoutCars.folder,
        statusBarItem: itemId,
      });
      await Workbench.open(without.context, without.server, { folder: without.folder });
      await delay(quick ? settleMs / 3 : settleMs);
      log(`${minutes} minutes`);
      const codes = [withIt, withoutCars, without];
      const [ours, unset, bare] = (await Promise.all(codes.map((code) => costOver(code, minutes * 60_000)))) as [
        Cost,
        Cost,
        Cost,
      ];
      log("10,000 simulated polls");
      return { rows: [...rowsOf(ours, unset, bare, minutes), await heapRow(quick)], notes };
    } finally {
      await Promise.all([withIt.close(), withoutCars.close(), without.close()]);
      await simulator.close();
    }
  },
};

const notes = [
  "The extension host's process in three windows over the same minutes: with two cars that are polled every five minutes, with nothing set up, and without the extension. Wake-ups are how often a thread of it gave up the processor to wait, from the kernel's count.",
  "The heap: after a full collection, in a process of its own in which two cars are polled and painted on a simulated clock.",
];

function rowsOf(ours: Cost, unset: Cost, bare: Cost, minutes: number): readonly Row[] {
  const perSecond = (count: number) => `${(count / minutes / 60).toFixed(1)} a second`;
  const cpu = (ms: number) => `${milliseconds(ms / minutes)} a minute`;
  return [
    {
      figure: "wake-ups, 2 cars",
      ours: perSecond(ours.wakeUps),
      beside: `without the extension ${perSecond(bare.wakeUps)}`,
    },
    { figure: "CPU, 2 cars", ours: cpu(ours.cpuMs), beside: `without the extension ${cpu(bare.cpuMs)}` },
    {
      figure: "wake-ups, nothing set up",
      ours: perSecond(unset.wakeUps),
      beside: `without the extension ${perSecond(bare.wakeUps)}`,
    },
    { figure: "CPU, nothing set up", ours: cpu(unset.cpuMs), beside: `without the extension ${cpu(bare.cpuMs)}` },
  ];
}

async function costOver({ server }: BenchCode, ms: number): Promise<Cost> {
  const [pid] = await extensionHostPids(server.pid);
  if (pid === undefined) throw new Error("There is no extension host");
  const before = await costOf(pid);
  await delay(ms);
  const after = await costOf(pid);
  return { wakeUps: after.wakeUps - before.wakeUps, cpuMs: after.cpuMs - before.cpuMs };
}

/** What the process has cost so far, over all its threads. */
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
  const child = spawn(process.execPath, ["--expose-gc", path.join(__dirname, "heapProcess.js"), String(polls)]);
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

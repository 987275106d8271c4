import { minuteMs } from "../../src/base/clock";
import { statusBar } from "../../src/present/statusBar";
import { tree } from "../../src/present/tree";
import { viewStateOf } from "../../src/present/viewState";
import { Computer } from "../../test/support/windows/computer";
import { heapInUse } from "./host/heap";

// `heapProcess.js POLLS`: polls two cars on a simulated clock, paints each change, and prints the heap in use after
// 1000 polls and at the end.

const earlyPolls = 1_000;
/** One heartbeat per poll. With the product's own interval, heartbeats would take most of the time. */
const times = { heartbeatMs: 5 * minuteMs, staleMs: 15 * minuteMs };

async function main(): Promise<void> {
  const wanted = Number(process.argv[2]);
  const computer = new Computer({ cars: 2, times, settings: { dailyCallBudget: 10_000 } });
  let readings = 0;
  computer.service.onRequest = ({ kind }) => {
    if (kind === "reading") readings++;
    computer.service.requests.length = 0;
  };
  const { core, log } = computer.open({ isFocused: true });
  core.carStore.onDidChange(() => {
    const view = viewStateOf(core, computer.clock.now(), { language: "en" });
    statusBar(view);
    tree(view);
  });
  async function heapAfter(polls: number): Promise<number> {
    while (readings < 2 * polls) await computer.run(5 * minuteMs);
    // The log belongs to the test and not to the product.
    log.length = 0;
    return heapInUse();
  }
  const early = await heapAfter(earlyPolls);
  const late = await heapAfter(wanted);
  process.stdout.write(JSON.stringify({ early, late }));
}

void main();

import { parseArgs } from "node:util";
import { minuteMs } from "../../src/base/clock";
import { mulberry } from "../../test/support/random";
import type { Findings, SoakOptions } from "./part";
import { soakProcesses } from "./processes";
import { soakRotation } from "./rotation";
import { soakWindows } from "./windows";

// `npm run soak [-- --minutes 60] [--seed 1] [--only windows,processes,rotation]`: runs real windows and processes of
// the product against a simulated Volvo and disturbs them with kills, stops, lost networks, full disks and changes of
// the clock. Prints the findings and exits with 1 after a failure. Ctrl+C ends it early and prints the findings so far.

const parts: Readonly<Record<string, (options: SoakOptions) => Promise<Findings>>> = {
  windows: soakWindows,
  processes: soakProcesses,
  rotation: soakRotation,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "60" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
      only: { type: "string", default: Object.keys(parts).join() },
    },
  });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error("--minutes and --seed take a number");
  const from = Date.now();
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => abort.abort());
  console.log(`${minutes} minutes with seed ${seed}`);
  const failures: string[] = [];
  const soaked = Object.entries(parts)
    .filter(([name]) => values.only.split(",").includes(name))
    .map(async ([name, soak], index) => {
      const log = (line: string) => console.error(`[${((Date.now() - from) / minuteMs).toFixed(1)}] ${name}: ${line}`);
      const options = { until: from + minutes * minuteMs, random: mulberry(seed + index), signal: abort.signal, log };
      try {
        const findings = await soak(options);
        failures.push(...findings.failures.map((what) => `${name}: ${what}`));
        return findings.lines.map((line) => `${name}: ${line}`);
      } catch (error) {
        if (!abort.signal.aborted)
          failures.push(`${name}: ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
        return [`${name}: ended early`];
      }
    });
  const lines = (await Promise.all(soaked)).flat();
  const lasted = ((Date.now() - from) / minuteMs).toFixed(1);
  console.log(
    [`\n${lasted} minutes with seed ${seed}${abort.signal.aborted ? ", ended early" : ""}`, ...lines].join("\n"),
  );
  console.log(failures.length === 0 ? "No failure." : `${failures.length} failures:\n${failures.join("\n")}`);
  process.exit(failures.length > 0 ? 1 : abort.signal.aborted ? 130 : 0);
}

void main();

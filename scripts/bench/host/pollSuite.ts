import { exchange } from "./exchange";
import { PollBench } from "./pollBench";
import type { PollConfig, PollMeasurements } from "./pollMeasurements";

/** Runs inside the extension host, to use its `fetch`. */
export function run(): Promise<void> {
  return exchange(async (config): Promise<PollMeasurements> => {
    const bench = await PollBench.start(config as PollConfig);
    try {
      return await bench.measure();
    } finally {
      await bench.close();
    }
  });
}

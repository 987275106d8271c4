import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { liveThroughMonth, type MonthOptions } from "./month";

/** What takes as long as it takes gives way to the tests beside it that measure real time. */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on("message", (seed: number) => {
  void liveThroughMonth(seed, workerData as MonthOptions).then((report) => parentPort?.postMessage(report));
});

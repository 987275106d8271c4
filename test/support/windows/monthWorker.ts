import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { simulateMonth, type MonthOptions } from "./month";

/** The simulation yields to concurrent tests that measure real time. */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on("message", (seed: number) => {
  void simulateMonth(seed, workerData as MonthOptions).then((report) => parentPort?.postMessage(report));
});

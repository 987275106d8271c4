import path from "node:path";
import { systemClock } from "../../../src/base/clock";
import { CarStore } from "../../../src/charging/carStore";
import { History } from "../../../src/history/history";
import { createStateFolder } from "../../../src/host/stateFolder";
import { aReading, RecordingLog, vinNumber } from "../builders/builders";
import { turnWith } from "../turn";

/** A window that records rows of the first car in `folder` until it is killed, and sends its parent the time of each. */
async function main(folder: string, start: number): Promise<void> {
  const carStore = new CarStore();
  const vin = vinNumber(1);
  carStore.configure([{ vin }]);
  const history = new History({
    folder: createStateFolder(path.join(folder, "history")),
    ...{ carStore, clock: systemClock, log: new RecordingLog() },
    settings: () => ({ isEnabled: true, keepMonths: 24 }),
    capacityOf: () => undefined,
  });
  for (let t = start; ; t += 2) {
    const kind = t % 4 < 2 ? "connectedAc" : "disconnected";
    carStore.succeeded(vin, aReading({ connection: { value: { kind }, measuredAt: undefined }, fetchedAt: t }));
    await history.record(turnWith(), [vin], 300_000);
    process.send?.(t);
  }
}

void main(process.argv[2] ?? "", Number(process.argv[3]));

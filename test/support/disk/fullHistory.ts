import path from "node:path";
import { systemClock } from "../../../src/base/clock";
import { CarStore } from "../../../src/charging/carStore";
import { History } from "../../../src/history/history";
import { createStateFolder } from "../../../src/host/stateFolder";
import { limitedFolder } from "../../../src/windows/limitedFolder";
import { aReading, vinNumber } from "../builders/builders";
import { turnWith } from "../turn";
import { fillDisk } from "./smallDisk";

/**
 * Runs on a separate disk of a few pages. Records a row, fills the disk, tries to record more, frees space, records two
 * rows and prints the counts. With `isReadOnly` it tries to record, and prints the rows that it reads.
 */
async function main(disk: string, isReadOnly: boolean): Promise<void> {
  const carStore = new CarStore();
  const vin = vinNumber(1);
  carStore.configure([{ vin }]);
  const logged: string[] = [];
  const quiet = () => undefined;
  const history = () =>
    new History({
      folder: limitedFolder(createStateFolder(path.join(disk, "history")), systemClock),
      ...{ carStore, clock: systemClock },
      log: { trace: quiet, debug: quiet, info: quiet, error: quiet, warn: (line) => void logged.push(line) },
      settings: () => ({ isEnabled: true, keepMonths: 24 }),
      capacityOf: () => undefined,
    });
  const recorder = history();
  let t = Date.now() - 3_600_000;
  const see = async (by: History, kind: "connectedAc" | "disconnected") => {
    t += 1000;
    carStore.succeeded(vin, aReading({ connection: { value: { kind }, measuredAt: undefined }, fetchedAt: t }));
    await by.record(turnWith(), [vin], 300_000);
  };
  if (isReadOnly) {
    for (let check = 0; check < 5; check++) await see(recorder, check % 2 === 0 ? "connectedAc" : "disconnected");
    console.log(JSON.stringify({ rows: (await recorder.read())[0]?.rows.length, logged: logged.length }));
    return;
  }
  await see(recorder, "disconnected");
  // The rows fill the file's last page. The disk has no other page, so the last line is cut off.
  const freeSpace = fillDisk(disk);
  for (let row = 0; row < 200; row++) await see(recorder, row % 2 === 0 ? "connectedAc" : "disconnected");
  const rowsOnFullDisk = (await recorder.read())[0]?.rows.length ?? 0;
  freeSpace();
  const later = history();
  // The first of the two rows must differ from the last written row.
  const isIn = carStore.car(vin)?.recorded?.connection === "ac";
  await see(later, isIn ? "disconnected" : "connectedAc");
  await see(later, isIn ? "connectedAc" : "disconnected");
  const [car] = await later.read();

  console.log(
    JSON.stringify({
      rowsOnFullDisk,
      rows: car?.rows.length,
      skipped: car?.skippedLines,
      logged: logged.length,
    }),
  );
}

void main(process.argv[2] ?? "", process.argv[3] === "readOnly");

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { systemClock } from "../../src/base/clock";
import { CarStore } from "../../src/charging/carStore";
import { History } from "../../src/history/history";
import { headLine, monthFile, monthOf, parseMonth } from "../../src/history/rows";
import { createStateFolder } from "../../src/host/stateFolder";
import { limitedFolder } from "../../src/windows/limitedFolder";
import { aReading, RecordingLog, vinNumber } from "../support/builders/builders";
import { onSmallDisk } from "../support/disk/smallDisk";
import { turnWith } from "../support/turn";

const vin = vinNumber(1);

describe("The history on a real disk", () => {
  let folder: string;
  let t = 0;

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-history-"));
    t = Date.now() - 3_600_000;
  });

  afterEach(async () => {
    await fs.rm(folder, { recursive: true, force: true });
  });

  function open() {
    const carStore = new CarStore();
    const log = new RecordingLog();
    carStore.configure([{ vin }]);
    const history = new History({
      folder: limitedFolder(createStateFolder(path.join(folder, "history")), systemClock),
      ...{ carStore, clock: systemClock, log },
      settings: () => ({ isEnabled: true, keepMonths: 24 }),
      capacityOf: () => undefined,
    });
    const see = async (kind: "connectedAc" | "disconnected") => {
      t += 60_000;
      carStore.succeeded(vin, aReading({ connection: { value: { kind }, measuredAt: undefined }, fetchedAt: t }));
      await history.record(turnWith(), [vin], 300_000);
    };
    return { carStore, history, log, see };
  }

  const monthOfCar = (history: History) =>
    path.join(folder, "history", history.idOf(vin) ?? assert.fail("no id"), monthFile(monthOf(t)));

  it("is readable only by its user, contains no VIN, and has one line per row", async () => {
    const { history, see } = open();
    await see("disconnected");
    await see("connectedAc");
    const file = monthOfCar(history);
    const text = await fs.readFile(file, "utf8");
    assert.equal(text.split("\n").length, 4);
    assert.ok(text.startsWith(`${headLine}\n`) && text.endsWith("}\n"));
    assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    assert.equal((await fs.stat(path.join(folder, "history", "salt"))).mode & 0o777, 0o600);
    for (const name of await fs.readdir(folder, { recursive: true })) assert.ok(!name.includes("YV1"));
    assert.ok(!text.includes("YV1"));
  });

  it("loses only the last line if that was cut off", async () => {
    const { history, see } = open();
    await see("disconnected");
    await fs.appendFile(monthOfCar(history), '{"t":1764');
    await see("connectedAc");
    const read = parseMonth(await fs.readFile(monthOfCar(history), "utf8"), Date.now());
    assert.deepEqual([read.rows.map(({ c }) => c), read.skipped], [["out", "ac"], 1]);
  });

  it("counts two lines that were written into each other as one unreadable line", async () => {
    const { history, see } = open();
    await see("disconnected");
    const spliced = `{"t":${t + 1},"c":"a{"t":${t + 2},"c":"out"}c"}\n`;
    await fs.appendFile(monthOfCar(history), spliced);
    await see("connectedAc");
    const [car] = await history.read();
    assert.deepEqual([car?.rows.length, car?.skippedLines], [2, 1]);
  });

  it("logs once if its folder's path is a file, and does not throw", async () => {
    await fs.writeFile(path.join(folder, "history"), "no folder");
    const { history, log, see } = open();
    for (const state of ["disconnected", "connectedAc", "disconnected"] as const) await see(state);
    assert.equal(log.lines.filter((line) => line.includes("history cannot be written")).length, 1);
    assert.deepEqual((await history.read())[0]?.rows, []);
    assert.notEqual((await history.report()).failure, undefined);
  });

  it("loses the rows that do not fit on a full disk, continues once there is space, and stays readable on a read-only disk", async function () {
    const full = path.join(__dirname, "..", "support", "disk", "fullHistory.js");
    const node = `${process.execPath} ${full} ${folder}`;
    const stdout = await onSmallDisk(folder, `${node} && mount -o remount,ro ${folder} && ${node} readOnly`);
    if (stdout === undefined) this.skip();
    type Result = Readonly<Record<"rowsOnFullDisk" | "rows" | "skipped" | "logged", number>>;
    const [result, readOnly] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Result);
    assert.ok(result && readOnly);
    assert.ok(result.rowsOnFullDisk > 5 && result.rowsOnFullDisk < 200, stdout);
    assert.equal(result.rows, result.rowsOnFullDisk + 2, stdout);
    assert.ok(result.skipped <= 1, stdout);
    assert.equal(result.logged, 1);
    assert.deepEqual(readOnly, { rows: result.rows, logged: 1 });
  });

  it("keeps every line whole when lines are appended concurrently", async () => {
    const file = "2026-11.jsonl";
    const target = createStateFolder(path.join(folder, "history", "a"));
    const rows = Array.from({ length: 200 }, (_, index) =>
      JSON.stringify({ t: Date.now() - index, c: "ac", b: index % 100 }),
    );
    await target.create(file, `${headLine}\n`);
    await Promise.all(rows.map((line) => target.append(file, line, { head: headLine, limit: 1e6 })));
    const read = parseMonth((await target.read(file)) ?? "", Date.now());
    assert.deepEqual([read.rows.length, read.skipped], [200, 0]);
    assert.equal(await target.append(file, "x".repeat(2000), { head: headLine, limit: 1000 }), false);
  });

  it("loses at most the row in progress of each of two windows that are killed while they write", async () => {
    const { history, see } = open();
    await see("disconnected");
    const written: number[] = [];
    const writer = async (start: number) => {
      const window = fork(path.join(__dirname, "..", "support", "disk", "writingHistory.js"), [folder, String(start)]);
      const exited = new Promise((resolve) => window.once("exit", resolve));
      let rows = 0;
      window.on("message", (at) => {
        written.push(at as number);
        if (++rows === 50) window.kill("SIGKILL");
      });
      await exited;
    };
    await Promise.all([writer(t + 1), writer(t + 2)]);
    assert.ok(written.length >= 100, `${written.length} rows`);
    t += 60_000;
    await see("connectedAc");
    await see("disconnected");
    const [car] = await history.read();
    assert.ok(car);
    const read = new Set(car.rows.map((row) => row.t));
    assert.deepEqual(
      written.filter((at) => !read.has(at)),
      [],
    );
    assert.ok(car.skippedLines <= 2, `${car.skippedLines} lines`);
    assert.ok(car.rows.length <= written.length + 2 + 3);
  });
});

import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { dayMs } from "../../src/base/clock";
import { CarStore } from "../../src/charging/carStore";
import { carIdOf, idSaltFile } from "../../src/history/carIds";
import { History } from "../../src/history/history";
import { type HistoryFolder, memoryFolder } from "../../src/history/historyFolder";
import type { CarHistory, Row } from "../../src/history/model";
import { headLine, monthFile, monthOf, rowLine } from "../../src/history/rows";
import type { HistoryView } from "../../src/historyPage/view";
import { createStateFolder } from "../../src/host/stateFolder";
import { historyContent, panelCar } from "../../src/present/historyContent";
import { historyRange } from "../../src/present/historyRange";
import type { Locale } from "../../src/present/times";
import { FakeClock } from "../../test/support/fakeClock";
import { turnWith } from "../../test/support/turn";
import { vinNumber } from "../../test/support/builders/builders";
import { readingAt, type ShortReading } from "../../test/unit/history/histories";
import { commuterRows, intervalMs } from "./commuter";

// `historyProcess.js TIMES`: simulates the history of commuters, reads it from files TIMES times, and prints the
// measurements.

const days = 365;
/** The first day, a Monday. */
const begin = Date.UTC(2026, 0, 5);
const end = begin + days * dayMs;
const locale: Locale = { language: "en", timeZone: "UTC" };
const vins = [0, 1, 2].map(vinNumber);

export interface HistoryMeasurements {
  readonly days: number;
  /** `checks`, `rows` and `bytes` are those of one car. */
  readonly checks: number;
  readonly rows: number;
  readonly bytes: number;
  /** The times, and `contentBytes`, are those of three cars. */
  readonly firstReadMs: number;
  readonly readMs: readonly number[];
  readonly parseMs: readonly number[];
  readonly contentMs: readonly number[];
  readonly contentBytes: number;
  /** One car, on a day on which Volvo's answers stay the same. */
  readonly idle: { readonly checks: number; readonly writes: number; readonly writesOfChange: number };
}

/** `folder`, calling `count` at each call that changes files. */
function counted(folder: HistoryFolder, count: () => void): HistoryFolder {
  return {
    ...folder,
    create: (name, content) => (count(), folder.create(name, content)),
    remove: (name) => (count(), folder.remove(name)),
    append: (name, line, options) => (count(), folder.append(name, line, options)),
    clear: () => (count(), folder.clear()),
    folder: (name) => counted(folder.folder(name), count),
  };
}

function historyOn(folder: HistoryFolder, clock: FakeClock): { readonly history: History; readonly cars: CarStore } {
  const carStore = new CarStore();
  const history = new History({
    ...{ folder, carStore, clock },
    log: { trace: ignore, debug: ignore, info: ignore, warn: fail, error: fail },
    settings: () => ({ isEnabled: true, keepMonths: 24 }),
    capacityOf: () => 66,
  });
  carStore.configure(vins.map((vin) => ({ vin })));
  history.start();
  return { history, cars: carStore };
}

function ignore(): void {
  // Only failures matter here.
}

function fail(message: string): never {
  throw new Error(message);
}

/** Writes the months in the product's format. Resolves with their size in bytes. */
async function writeYear(folder: string, id: string, rows: readonly Row[]): Promise<number> {
  let bytes = 0;
  await fs.mkdir(path.join(folder, id), { recursive: true });
  for (const month of new Set(rows.map(({ t }) => monthOf(t)))) {
    const lines = [headLine, ...rows.filter(({ t }) => monthOf(t) === month).map((row) => rowLine(row))];
    const text = `${lines.join("\n")}\n`;
    await fs.writeFile(path.join(folder, id, monthFile(month)), text);
    bytes += text.length;
  }
  return bytes;
}

/** Only parses every line as JSON. */
async function parseAll(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder, { recursive: true })) {
    if (!name.endsWith(".jsonl")) continue;
    const text = await fs.readFile(path.join(folder, name), "utf8");
    for (const line of text.split("\n")) if (line !== "") JSON.parse(line);
  }
}

async function timed<T>(action: () => Promise<T> | T): Promise<{ readonly ms: number; readonly value: T }> {
  const from = performance.now();
  const value = await action();
  return { ms: performance.now() - from, value };
}

/** Counts a window's writes during a day without a change of the car, and at a change afterwards. */
async function idleDay(): Promise<HistoryMeasurements["idle"]> {
  const clock = new FakeClock(begin);
  let writes = 0;
  const { history, cars } = historyOn(
    counted(memoryFolder(), () => writes++),
    clock,
  );
  const [vin = vinNumber(0)] = vins;
  const check = async (reading: ShortReading) => {
    clock.jump(intervalMs);
    cars.succeeded(vin, readingAt(clock.now(), reading));
    await history.record(turnWith(), [vin], intervalMs);
  };
  const out: ShortReading = { c: "out", s: "idle", b: 80, g: 80, w: 0 };
  await check(out);
  writes = 0;
  const checks = dayMs / intervalMs;
  for (let done = 0; done < checks; done++) await check({ ...out, m: clock.now() });
  const whileIdle = writes;
  await check({ ...out, c: "ac" });
  return { checks, writes: whileIdle, writesOfChange: writes - whileIdle };
}

async function measured(folder: string, times: number): Promise<HistoryMeasurements> {
  const salt = "0".repeat(64);
  await fs.writeFile(path.join(folder, idSaltFile), salt);
  const years = vins.map((_, index) => commuterRows({ begin, days, shift: index }));
  const bytes: number[] = [];
  for (const [index, { rows }] of years.entries()) {
    bytes.push(await writeYear(folder, carIdOf(salt, vins[index] ?? vinNumber(0)), rows));
  }
  const clock = new FakeClock(end);
  const { history } = historyOn(createStateFolder(folder), clock);
  const first = await timed(() => history.read());
  const readMs: number[] = [];
  const parseMs: number[] = [];
  const contentMs: number[] = [];
  let contentBytes = 0;
  // In turns, so that the machine is in the same state for both.
  for (let run = 0; run < times; run++) {
    readMs.push((await timed(() => history.read())).ms);
    parseMs.push((await timed(() => parseAll(folder))).ms);
    const { ms, value } = await timed(() => monthContent(first.value));
    contentMs.push(ms);
    contentBytes = value.length;
  }
  const read = first.value.reduce((sum, { rows }) => sum + rows.length, 0);
  const written = years.reduce((sum, { rows }) => sum + rows.length, 0);
  if (read !== written) fail(`${read} rows were read of ${written}`);
  const [own] = years;
  return {
    ...{ days, checks: own?.checks ?? NaN, rows: own?.rows.length ?? NaN, bytes: bytes[0] ?? NaN },
    ...{ firstReadMs: first.ms, readMs, parseMs, contentMs, contentBytes },
    idle: await idleDay(),
  };
}

/** The message to the panel's page for the last whole month of the first car. */
function monthContent(histories: readonly CarHistory[]): string {
  const view: HistoryView = { car: undefined, unit: "month", at: end - 31 * dayMs, page: 0 };
  const range = historyRange(view, end, locale);
  const [history] = histories;
  const content = historyContent({
    ...{ view, range, now: end, locale, isKept: true, isDemo: false, cars: [{ key: "0", name: "Car 1" }] },
    car: history && panelCar(history, "Car 1", range, end),
  });
  return JSON.stringify(content);
}

async function main(): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-history-"));
  try {
    process.stdout.write(JSON.stringify(await measured(folder, Number(process.argv[2]))));
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

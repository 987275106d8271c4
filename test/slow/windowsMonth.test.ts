import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { dayMs, minuteMs } from "../../src/base/clock";
import { mulberry } from "../support/random";
import { Computer } from "../support/windows/computer";
import type { MonthOptions, MonthReport } from "../support/windows/month";

/** Simulates a month per seed, on up to four threads. */
async function simulateAll(seeds: readonly number[], options: MonthOptions): Promise<readonly MonthReport[]> {
  const queue = [...seeds];
  const reports: MonthReport[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(join(__dirname, "../support/windows/monthWorker.js"), { workerData: options });
      const next = () => {
        const seed = queue.shift();
        if (seed === undefined) void worker.terminate().then(() => resolve());
        else worker.postMessage(seed);
      };
      worker.on("error", reject);
      worker.on("message", (report: MonthReport) => {
        reports.push(report);
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  return reports;
}

function seedsFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function faultsOf(reports: readonly MonthReport[]): readonly string[] {
  return reports.flatMap(({ seed, faults }) => faults.slice(0, 3).map((fault) => `seed ${seed}: ${fault}`));
}

/**
 * Calls on each UTC day. The user moves the focus from window to window or elsewhere, as determined by `seed`. A single
 * window has focus for as much of the time as five windows together.
 */
async function callsPerDay(windows: number, days: number, seed: number): Promise<readonly number[]> {
  const times = { heartbeatMs: 5 * minuteMs, staleMs: 15 * minuteMs };
  const computer = new Computer({ cars: 2, times });
  const firstDay = Math.floor(computer.clock.now() / dayMs);
  const random = mulberry(seed);
  for (let count = 0; count < windows; count++) computer.open();
  while (computer.clock.realMs < days * dayMs) {
    const focused = Math.floor(random() * 8);
    computer.windows.forEach((window, index) => window.focus(windows === 1 ? focused < 5 : focused === index));
    await computer.run(90 * minuteMs * random());
  }
  return Array.from(
    { length: days },
    (_, day) => computer.service.requests.filter(({ at }) => Math.floor(at / dayMs) === firstDay + day).length,
  );
}

/** The number of simulated months. Set more by hand before a change of how windows take turns. */
const months = Number(process.env["MONTHS"] ?? 40);

describe(`${months} months with windows that open, close and crash, outages, refusals, sleep and wrong clocks`, () => {
  // 40 seeds from here on include every number of windows and of cars.
  const seeds = seedsFrom(1029, months);
  let reports: readonly MonthReport[];

  const total = (of: "calls" | "kills" | "recoveries" | "watchedMs") =>
    reports.reduce((sum, report) => sum + report[of], 0);
  const faultsThat = (words: string) => faultsOf(reports).filter((fault) => fault.includes(words));

  before(async () => {
    reports = await simulateAll(seeds, { days: 30 });
  });

  it("include every number of windows and cars, and many calls and crashes", () => {
    assert.deepEqual(new Set(reports.map(({ windows }) => windows)), new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    assert.equal(new Set(reports.map(({ cars }) => cars)).size, 12);
    assert.ok(
      total("calls") > 1_000 * months && total("kills") > 50 * months,
      `${total("calls")} calls, ${total("kills")} ends`,
    );
  });

  it("never exceed the call budget of a UTC day", () => assert.deepEqual(faultsThat("more than"), []));

  it("never see a car asked for twice within ten seconds", () => assert.deepEqual(faultsThat("asked for twice"), []));

  it("leave no car unread for three times its interval while the service is available", () => {
    assert.deepEqual(faultsThat("was not read"), []);
    assert.ok(total("watchedMs") > 4 * months * dayMs, `only ${total("watchedMs") / dayMs} days were judged`);
  });

  it("see every car read again after outages of minutes to days", () => {
    assert.deepEqual(faultsOf(reports), []);
    const longestMs = Math.max(...reports.map(({ longestOutageMs }) => longestOutageMs));
    assert.ok(total("recoveries") > 10 * months, `${total("recoveries")} outages`);
    assert.ok(longestMs > 3 * dayMs, `none longer than ${longestMs / dayMs} days`);
  });

  it("never see two windows ask by turns within a second", () => {
    assert.deepEqual(faultsThat("asked by turns"), []);
  });

  it("exceed a tight budget if several windows share nothing", async () => {
    const unshared = await simulateAll(seeds, { days: 30, shares: "nothing", untilOverBudget: true });
    const tight = unshared.filter(({ windows, isTight }) => windows > 1 && isTight);
    assert.ok(tight.length > months / 2, `${tight.length} months`);
    assert.deepEqual(
      tight.filter(({ isOverBudget }) => !isOverBudget).map(({ seed }) => seed),
      [],
    );
    const twice = tight.filter(({ faults }) => faults.some((fault) => fault.includes("asked for twice")));
    assert.ok(twice.length > tight.length / 3, `${twice.length} of ${tight.length}`);
  });

  it("break the gap if the windows share everything except the locks", async () => {
    const unlocked = await simulateAll(seeds.slice(0, 40), { days: 5, shares: "allButTheLocks" });
    const several = unlocked.filter(({ windows }) => windows > 1);
    for (const [words, share] of [
      ["asked for twice", 1 / 2],
      ["asked by turns", 1 / 4],
    ] as const) {
      const broken = several.filter(({ faults }) => faults.some((fault) => fault.includes(words)));
      assert.ok(broken.length > several.length * share, `${words}: ${broken.length} of ${several.length}`);
    }
  });

  it("pass the same checks with the product's heartbeats, in 20 runs of two days", async () => {
    const days = await simulateAll(seedsFrom(2000, 20), { days: 2, realHeartbeats: true });
    assert.deepEqual(faultsOf(days), []);
    assert.ok(days.reduce((sum, { watchedMs }) => sum + watchedMs, 0) > 12 * dayMs);
    // The interval of a car that charges on DC.
    assert.equal(Math.min(...days.map(({ tightestMs }) => tightestMs)), minuteMs);
  });
});

describe("Five windows", () => {
  for (const seed of [1, 2, 3]) {
    it(`send as many calls as one window on each of thirty days, give or take 2 %, whichever has focus (seed ${seed})`, async () => {
      const [one, five] = [await callsPerDay(1, 30, seed), await callsPerDay(5, 30, seed)];
      const differences = one.map((calls, day) => five[day]! - calls);
      assert.ok(
        differences.every((difference, day) => Math.abs(difference) <= Math.max(2, one[day]! / 50)),
        `${one.join()}; of five: ${differences.join()}`,
      );
      assert.ok(new Set(one).size > 5, "the calls depend on how often a window has focus");
    });
  }
});

import assert from "node:assert/strict";
import { dayMs } from "../../src/base/clock";
import { Computer, type WindowOptions } from "../support/windows/computer";
import { simulateMonth } from "../support/windows/month";

/** The slow tests run more seeds, for a month each. */
const seeds = [2, 3, 6, 7, 8, 9];

async function callsOf(windows: number, options: WindowOptions = {}): Promise<number> {
  const computer = new Computer({ cars: 2, settings: { refreshInterval: 900 } });
  for (let count = 0; count < windows; count++) computer.open({ ...options, isFocused: count === 0 });
  await computer.run(2 * dayMs);
  return computer.service.requests.length;
}

describe("Four days with windows that open, close and crash, outages, refusals, sleep and wrong clocks", () => {
  for (const seed of seeds) {
    it(`keep the budget and the gap, and leave no car unread (seed ${seed})`, async () => {
      const report = await simulateMonth(seed, { days: 4 });
      assert.deepEqual(report.faults, []);
      assert.ok(report.watchedMs > dayMs / 4, `only ${report.watchedMs / dayMs} days were judged`);
    });
  }

  async function faultsWith(shares: "allButTheLocks" | "nothing"): Promise<readonly string[]> {
    const reports = await Promise.all(seeds.map((seed) => simulateMonth(seed, { days: 4, shares })));
    return reports.flatMap((report) => report.faults);
  }

  it("break budget and gap if the windows share nothing", async () => {
    const faults = await faultsWith("nothing");
    assert.ok(faults.some((fault) => fault.startsWith("more than")));
    assert.ok(faults.some((fault) => fault.startsWith("a car was asked for twice")));
  });

  it("break the gap if the windows share everything except the locks", async () => {
    const faults = await faultsWith("allButTheLocks");
    assert.ok(faults.some((fault) => fault.startsWith("a car was asked for twice")));
    assert.ok(faults.some((fault) => fault.includes("asked by turns")));
  });
});

describe("Two days with five windows", () => {
  it("cost as many calls as with one, give or take two a day", async () => {
    const [one, five] = [await callsOf(1), await callsOf(5)];
    assert.ok(Math.abs(five - one) <= 4, `${one} and ${five} calls in two days`);
    const unshared = await callsOf(5, { shares: "nothing" });
    assert.ok(unshared > 2 * one, `${one} calls, and ${unshared} if they share nothing`);
  });
});

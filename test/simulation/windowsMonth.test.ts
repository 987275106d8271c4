import assert from "node:assert/strict";
import { dayMs } from "../../src/base/clock";
import { Computer, type WindowOptions } from "../support/windows/computer";
import { liveThroughMonth } from "../support/windows/month";

/** All of them run with the slow tests. */
const seeds = [2, 4, 5, 7, 9, 12];

async function callsOf(windows: number, options: WindowOptions = {}): Promise<number> {
  const computer = new Computer({ cars: 2, settings: { refreshInterval: 900 } });
  for (let count = 0; count < windows; count++) computer.open({ ...options, isFocused: count === 0 });
  await computer.run(2 * dayMs);
  return computer.service.requests.length;
}

describe("A time with windows that open, close and crash, outages, refusals, sleep and wrong clocks", () => {
  for (const seed of seeds) {
    it(`keeps the budget and the gap, and leaves no car unread (seed ${seed})`, async () => {
      const report = await liveThroughMonth(seed, { days: 4 });
      assert.deepEqual(report.faults, []);
    });
  }

  async function faultsWith(shares: "allButTheLocks" | "nothing"): Promise<readonly string[]> {
    const reports = await Promise.all(seeds.map((seed) => liveThroughMonth(seed, { days: 4, shares })));
    return reports.flatMap((report) => report.faults);
  }

  it("does neither where windows share nothing", async () => {
    const faults = await faultsWith("nothing");
    assert.ok(faults.some((fault) => fault.startsWith("more than")));
    assert.ok(faults.some((fault) => fault.startsWith("a car was asked for twice")));
  });

  it("does not keep the gap without the locks, although all else is shared", async () => {
    const faults = await faultsWith("allButTheLocks");
    assert.ok(faults.some((fault) => fault.startsWith("a car was asked for twice")));
    assert.ok(faults.some((fault) => fault.includes("asked by turns")));
  });

  it("costs with five windows what it costs with one, within two calls a day", async () => {
    const [one, five] = [await callsOf(1), await callsOf(5)];
    assert.ok(Math.abs(five - one) <= 4, `${one} and ${five} calls in two days`);
    const apart = await callsOf(5, { shares: "nothing" });
    assert.ok(apart > 2 * one, `${one} and, where they share nothing, ${apart} calls`);
  });
});

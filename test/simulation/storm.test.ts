import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { addToCount } from "../support/counts";
import { liveThroughStorm, passingFaults } from "../support/storm/storm";

/** More of them run with the slow tests. */
const seeds = [1, 2, 3, 5];
const mostGrowthBytes = 5 * 1024 * 1024;

describe("a day of one fault after the other", () => {
  const counts = { badAnswers: 0, requests: 0 };
  const drawn = new Set<string>();
  const struck = new Set<string>();

  for (const seed of seeds) {
    it(`throws nothing, loses no reading and is over in one interval (seed ${seed})`, async () => {
      const report = await liveThroughStorm(seed, { hours: 24 });
      assert.deepEqual(report.complaints, []);
      counts.badAnswers += report.badAnswers;
      counts.requests += report.requests;
      for (const name of report.drawn) drawn.add(name);
      for (const name of report.struck) struck.add(name);
    });
  }

  it("has every fault that can pass by itself, and each that came has spoiled an answer", () => {
    const missing = (from: Iterable<string>, wanted: Iterable<string>) =>
      [...wanted].filter((name) => ![...from].includes(name));
    assert.deepEqual([missing(drawn, passingFaults), missing(struck, drawn)], [[], []]);
  });

  describe("complains where the product", () => {
    const { parse } = JSON;
    const nothing = undefined as unknown as { readonly member: undefined; readonly call: () => null };
    const headers = Headers.prototype as { get: (name: string) => string | null };
    const { get } = headers;

    afterEach(() => {
      JSON.parse = parse;
      headers.get = get;
    });

    async function slips(): Promise<string> {
      const { complaints } = await liveThroughStorm(1, { hours: 1 });
      return complaints.filter((complaint) => complaint.startsWith("in the log")).join("\n");
    }

    it("cannot bear what it parses", async () => {
      const thrower = new Proxy({}, { getOwnPropertyDescriptor: () => nothing.member });
      JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]) =>
        text.includes("chargerConnectionStatus") ? thrower : (parse(text, reviver) as unknown);
      assert.match(await slips(), /Cannot read/);
    });

    it("makes a mistake while it asks, which looks as if there were no network", async () => {
      headers.get = () => nothing.call();
      assert.match(await slips(), /Cannot read/);
    });
  });

  it("holds no more memory in its second half than in its first", async () => {
    const script = path.join(__dirname, "..", "support", "storm", "heap.js");
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, "7", "24"]);
    const { heap, complaints } = JSON.parse(stdout) as { heap: [number, number]; complaints: string[] };
    assert.deepEqual(complaints, []);
    const grownBy = heap[1] - heap[0];
    assert.ok(grownBy <= mostGrowthBytes, `the heap in use has grown by ${grownBy} bytes`);
  });

  after(() => {
    addToCount("Bad answers taken", counts.badAnswers);
    console.log(
      `  ${seeds.length} days of storm survived: ${counts.badAnswers} bad answers in ${counts.requests} requests`,
    );
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { addToCount } from "../support/counts";
import { simulateStorm, passingFaults } from "../support/storm/storm";

/** The slow tests run more seeds. */
const seeds = [1, 2, 3, 5];
const mostGrowthBytes = 5 * 1024 * 1024;

describe("a day of successive faults", () => {
  const counts = { badAnswers: 0, requests: 0 };
  const injectedFaults = new Set<string>();
  const effectiveFaults = new Set<string>();

  for (const seed of seeds) {
    it(`causes no exception and loses no reading, and the cars are read within one interval after it (seed ${seed})`, async () => {
      const report = await simulateStorm(seed, { hours: 24 });
      assert.deepEqual(report.complaints, []);
      counts.badAnswers += report.badAnswers;
      counts.requests += report.requests;
      for (const name of report.injectedFaults) injectedFaults.add(name);
      for (const name of report.effectiveFaults) effectiveFaults.add(name);
    });
  }

  it("includes every passing fault, and each has affected a response", () => {
    const missing = (from: Iterable<string>, wanted: Iterable<string>) =>
      [...wanted].filter((name) => ![...from].includes(name));
    assert.deepEqual([missing(injectedFaults, passingFaults), missing(effectiveFaults, injectedFaults)], [[], []]);
  });

  describe("reports a complaint if the product", () => {
    const { parse } = JSON;
    const nothing = undefined as unknown as { readonly member: undefined; readonly call: () => null };
    const headers = Headers.prototype as { get: (name: string) => string | null };
    const { get } = headers;

    afterEach(() => {
      JSON.parse = parse;
      headers.get = get;
    });

    async function loggedComplaints(): Promise<string> {
      const { complaints } = await simulateStorm(1, { hours: 1 });
      return complaints.filter((complaint) => complaint.startsWith("in the log")).join("\n");
    }

    it("throws while it reads an answer", async () => {
      const thrower = new Proxy({}, { getOwnPropertyDescriptor: () => nothing.member });
      JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]) =>
        text.includes("chargerConnectionStatus") ? thrower : (parse(text, reviver) as unknown);
      assert.match(await loggedComplaints(), /Cannot read/);
    });

    it("throws during a request, which looks like a network failure", async () => {
      headers.get = () => nothing.call();
      assert.match(await loggedComplaints(), /Cannot read/);
    });
  });

  it("uses at most 5 MiB more heap after its second half than after its first", async () => {
    const script = path.join(__dirname, "..", "support", "storm", "heap.js");
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, "7", "24"]);
    const { heap, complaints } = JSON.parse(stdout) as { heap: [number, number]; complaints: string[] };
    assert.deepEqual(complaints, []);
    const grownBy = heap[1] - heap[0];
    assert.ok(grownBy <= mostGrowthBytes, `the heap in use has grown by ${grownBy} bytes`);
  });

  after(() => {
    addToCount("Bad answers handled", counts.badAnswers);
    console.log(
      `  ${seeds.length} days of storm survived: ${counts.badAnswers} bad answers in ${counts.requests} requests`,
    );
  });
});

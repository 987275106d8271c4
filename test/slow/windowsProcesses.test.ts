import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { readSnapshot } from "../../src/sync/snapshot";
import type { LoggedRequest, ProcessReport } from "../support/windowsProcess";

/** A process that runs the product on a folder that it shares with others. */
class HostProcess {
  report: ProcessReport = { role: undefined, readings: 0 };
  private readonly child: ChildProcess;

  constructor(folder: string, requestLog: string, heartbeatMs: number) {
    const script = join(__dirname, "../support/windowsProcess.js");
    const options = { stdio: ["pipe", "pipe", "inherit"] as ["pipe", "pipe", "inherit"] };
    const child = spawn(process.execPath, [script, folder, requestLog, String(heartbeatMs)], options);
    createInterface({ input: child.stdout }).on("line", (line) => (this.report = JSON.parse(line) as ProcessReport));
    this.child = child;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** kill -9; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.report = { role: undefined, readings: 0 };
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await gone;
    this.report = { role: undefined, readings: 0 };
  }
}

describe("Processes that share a folder, one of which is killed again and again", () => {
  let path: string;
  let processes: HostProcess[];

  const requestLog = () => join(path, "requests.log");
  const requests = () =>
    readFileSync(requestLog(), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as LoggedRequest);
  const leaders = () => processes.filter(({ report }) => report.role === "leader");
  const start = (heartbeatMs: number) => {
    processes.push(new HostProcess(join(path, "state"), requestLog(), heartbeatMs));
  };

  async function until(condition: () => boolean, limitMs: number, what: string): Promise<number> {
    const startedAt = Date.now();
    while (!condition()) {
      assert.ok(Date.now() - startedAt < limitMs, `${what} within ${limitMs} ms`);
      await delay(20);
    }
    return Date.now() - startedAt;
  }

  function assertReadable(): void {
    assert.ok(readSnapshot(readFileSync(join(path, "state", "snapshot.json"), "utf8")));
  }

  function assertGaps(): void {
    const last = new Map<string, LoggedRequest>();
    for (const request of requests()) {
      const before = last.get(request.vin);
      // Two processes look at one clock, each a little before it writes its line.
      if (before) assert.ok(request.at - before.at >= 10_000 - 20, JSON.stringify([before, request]));
      last.set(request.vin, request);
    }
  }

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "volvo-processes-"));
    processes = [];
  });

  afterEach(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    rmSync(path, { recursive: true, force: true });
  });

  it("go on with one leader, a readable snapshot and the gap between requests, over 10 kills", async () => {
    const heartbeatMs = 400;
    for (let count = 0; count < 4; count++) start(heartbeatMs);
    await until(() => leaders().length === 1, 10_000, "a first leader");
    for (let kill = 0; kill < 10; kill++) {
      const isReading = setInterval(assertReadable, 3);
      await delay(1_000 + Math.random() * 1_500);
      const [leader] = leaders();
      assert.ok(leader);
      await leader.kill();
      processes = processes.filter((each) => each !== leader);
      const asked = requests().length;
      await until(() => leaders().length === 1, 6 * heartbeatMs + 500, "a next leader");
      await until(() => requests().length > asked, 12_000, "the next request");
      clearInterval(isReading);
      assert.equal(
        new Set(
          requests()
            .slice(asked)
            .map(({ pid }) => pid),
        ).size,
        1,
      );
      assert.ok(processes.every(({ report }) => report.readings > 0));
      start(heartbeatMs);
    }
    assertGaps();
  });

  it("have a next leader within 30 s with the heartbeats of the product", async () => {
    for (let count = 0; count < 3; count++) start(5_000);
    await until(() => leaders().length === 1, 10_000, "a first leader");
    await delay(3_000);
    const [leader] = leaders();
    await leader!.kill();
    const tookMs = await until(() => leaders().length === 1, 30_000, "a next leader");
    assert.ok(tookMs > 5_000, `nobody takes the living for dead: ${tookMs} ms`);
    assertGaps();
  });
});

import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { secretKeys } from "../../src/auth/credentialStore";
import { systemClock } from "../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { readState } from "../../src/windows/stateFile";
import { stateFile, turnOf } from "../../src/windows/stateFileNames";
import type { StateFile } from "../../src/windows/stateSchema";
import { origin } from "../support/windows/computer";
import type { LoggedRequest, ProcessReport, ProcessStart, StoredSecret } from "../support/windows/process";

const noReport: ProcessReport = { readings: 0, session: "none", shown: [] };

/** A process that runs the product on a folder that it shares with others. */
class HostProcess {
  report = noReport;
  private readonly child: ChildProcess;

  constructor(start: ProcessStart, onStore: (secret: StoredSecret) => void) {
    this.child = fork(join(__dirname, "../support/windows/process.js"), [JSON.stringify(start)]);
    this.child.on("message", (message: ProcessReport | StoredSecret) => {
      if ("key" in message) onStore(message);
      else this.report = message;
    });
  }

  /** Another process has stored it. */
  learn(secret: StoredSecret): void {
    if (this.child.connected) this.child.send(secret, () => undefined);
  }

  /** Refreshes one car or another. */
  refresh(): void {
    if (this.child.connected) this.child.send("refresh", () => undefined);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** kill -9; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.report = noReport;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await gone;
    this.report = noReport;
  }
}

describe("Processes that share a folder, one of which is killed again and again", () => {
  let path: string;
  let processes: HostProcess[];
  let volvo: SimulatedVolvo;
  let server: SimulatorServer;
  /** What VS Code has written down. */
  let secrets: Map<string, string>;
  let stores: number;

  const requestLog = () => join(path, "requests.log");
  const requests = () =>
    readFileSync(requestLog(), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as LoggedRequest);
  /** The process whose request left last. */
  const lastAsker = () => processes.find(({ pid }) => pid === requests().at(-1)?.pid);
  const count = (kind: string) => volvo.volvoId.events.filter((event) => event.kind === kind).length;
  const start = (heartbeatMs: number, options: Pick<ProcessStart, "isTold" | "isFocused"> = {}) => {
    const folder = join(path, "state");
    const given = { folder, requestLog: requestLog(), heartbeatMs, issuer: server.origin, ...options };
    const started: HostProcess = new HostProcess({ ...given, secrets: Object.fromEntries(secrets) }, (secret) => {
      secrets.set(secret.key, secret.value);
      stores++;
      for (const other of processes) if (other !== started) other.learn(secret);
    });
    processes.push(started);
  };

  /** What a sign-in leaves behind; its access tokens end before the next check of the cars. */
  function signIn(): void {
    const { access_token: accessToken, refresh_token: refreshToken } = volvo.volvoId.signIn();
    const { clientId, clientSecret } = volvo.volvoId.options;
    const grant = {
      ...{ kind: "volvoId", signInId: "s", generation: 1, origin, issuer: server.origin, clientId, clientSecret },
      ...{ accessToken, refreshToken, expiresAt: 0, refreshedAt: Date.now() },
    };
    secrets.set(secretKeys.apiKey, JSON.stringify({ origin, value: "key" }));
    secrets.set(secretKeys.grant, JSON.stringify(grant));
  }

  const isWrittenDown = () => count("refreshed") === stores;
  const untilWrittenDown = () => until(isWrittenDown, 5_000, "the new sign-in is written down");

  /**
   * Ends it wherever it is, but not while an answer of Volvo ID is on its way to VS Code: what dies there is lost, as
   * windowsKills.test.ts shows.
   */
  async function kill(victim: HostProcess): Promise<void> {
    for (;;) {
      await untilWrittenDown();
      process.kill(victim.pid, "SIGSTOP");
      // What it has sent arrives.
      await delay(50);
      if (isWrittenDown()) break;
      process.kill(victim.pid, "SIGCONT");
    }
    await victim.kill();
  }

  async function until(condition: () => boolean, limitMs: number, what: string): Promise<number> {
    const startedAt = Date.now();
    while (!condition()) {
      assert.ok(Date.now() - startedAt < limitMs, `${what} within ${limitMs} ms`);
      await delay(20);
    }
    return Date.now() - startedAt;
  }

  /** The state that the processes share now; `undefined` where there is none at this moment. */
  function state(): StateFile | undefined {
    const folder = join(path, "state");
    try {
      const newest = Math.max(0, ...readdirSync(folder).map((name) => turnOf(name) ?? 0));
      const reading = readState(readFileSync(join(folder, stateFile(newest)), "utf8"));
      assert.ok(reading.kind === "read");
      return reading.file;
    } catch (error) {
      // The next turn has removed it in between.
      if ((error as { code?: unknown }).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Resolves once another process than `victim` has asked, with the time (ms) that this took. */
  function untilAskedByAnother(victim: HostProcess, limitMs: number): Promise<number> {
    const asked = requests().length;
    const isAskedAgain = () => requests().some(({ pid }, index) => index >= asked && pid !== victim.pid);
    return until(isAskedAgain, limitMs, "a request of another process");
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

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), "volvo-processes-"));
    processes = [];
    volvo = new SimulatedVolvo(systemClock, { volvoId: { accessTokenLifetimeMs: 1_000 } });
    server = await startSimulatorServer(volvo);
    secrets = new Map();
    stores = 0;
    signIn();
  });

  afterEach(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await server.close();
    rmSync(path, { recursive: true, force: true });
  });

  it("ask on with a readable state, a good sign-in and the gap between requests, over 10 kills", async () => {
    const heartbeatMs = 400;
    const patienceMs = 10_000;
    for (let count = 0; count < 4; count++) start(heartbeatMs);
    await until(() => existsSync(requestLog()), 10_000, "a first request");
    for (let kills = 0; kills < 10; kills++) {
      const isReading = setInterval(state, 3);
      await delay(1_000 + Math.random() * 1_500);
      const victim = lastAsker();
      assert.ok(victim);
      await kill(victim);
      processes = processes.filter((each) => each !== victim);
      // It is due once the gap is over; another leaves it to the victim for a while, and may have to find out that it is gone.
      await untilAskedByAnother(victim, 10_000 + patienceMs + 6 * heartbeatMs + 2_500);
      clearInterval(isReading);
      assert.ok(processes.every(({ report }) => report.readings > 0));
      start(heartbeatMs);
    }
    assertGaps();
    await until(() => processes.every(({ report }) => report.session === "ready"), 5_000, "all are signed in");
    for (const each of processes) await kill(each);
    assert.ok(count("refreshed") >= 10, `${count("refreshed")} renewals`);
    assert.equal(count("refresh-token-reused"), 0);
    const { refreshToken } = JSON.parse(secrets.get(secretKeys.grant)!) as { refreshToken: string };
    const { clientId, clientSecret } = volvo.volvoId.options;
    const client = { client_id: clientId, client_secret: clientSecret };
    const answer = await fetch(`${server.origin}/as/token.oauth2`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, ...client }),
    });
    assert.equal(answer.status, 200, "what is written down is what Volvo accepts next");
  });

  it("ask again at most 30 s after it is due with the heartbeats of the product", async () => {
    for (let count = 0; count < 3; count++) start(5_000);
    await until(() => existsSync(requestLog()), 10_000, "a first request");
    await delay(3_000);
    const victim = lastAsker()!;
    await kill(victim);
    // Each process is told to check one car or another all the time: it is due once the gap of a car is over.
    await untilAskedByAnother(victim, 10_000 + 30_000);
    assertGaps();
  });

  it("never ask a car twice within ten seconds nor show anything older, over 50 stops and two deleted folders", async () => {
    const count = 6;
    for (let index = 0; index < count; index++) start(5_000, { isTold: true, isFocused: index === 0 });
    await until(() => existsSync(requestLog()), 10_000, "a first request");
    const stopped = new Set<HostProcess>();
    const shown = new Map<HostProcess, readonly number[]>();
    let written: StateFile["cars"] = {};
    /** Until the processes that were stopped when the folder was deleted have had a turn in the new one. */
    let isNewFolder = false;
    const faults: string[] = [];
    const running = () => processes.filter((each) => !stopped.has(each));
    const anyOf = (from: readonly HostProcess[]) => from[Math.floor(Math.random() * from.length)];
    const isTelling = setInterval(() => anyOf(running())?.refresh(), 100);
    const isLooking = setInterval(() => {
      for (const each of processes) {
        const { report } = each;
        const before = shown.get(each) ?? [];
        report.shown.forEach((at, car) => {
          if (at < (before[car] ?? 0)) faults.push(`process ${processes.indexOf(each)} shows car ${car} as of earlier`);
        });
        if (report.shown.length > 0) shown.set(each, report.shown);
      }
      const cars = state()?.cars ?? {};
      for (const [key, car] of Object.entries(cars)) {
        const earlier = written[key]?.reading?.fetchedAt ?? 0;
        const goesBack = (car.reading?.fetchedAt ?? 0) < earlier;
        if (goesBack && !isNewFolder) faults.push(`the state of ${key} goes back`);
      }
      if (Object.keys(cars).length > 0) written = cars;
    }, 25);
    const wakes: Promise<void>[] = [];
    for (let stops = 0; stops < 50; stops++) {
      await delay(1_000 + Math.random() * 5_000);
      const victim = running().length > 2 ? anyOf(running()) : undefined;
      if (victim) {
        stopped.add(victim);
        process.kill(victim.pid, "SIGSTOP");
        const forMs = 1_000 * 60 ** Math.random();
        wakes.push(
          delay(forMs).then(() => {
            process.kill(victim.pid, "SIGCONT");
            stopped.delete(victim);
          }),
        );
      } else stops--;
      if (stops !== 15 && stops !== 35) continue;
      rmSync(join(path, "state"), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
      // A process that was stopped before, also in the middle of a turn with a higher number than those of the new folder,
      // may write what it knew. The others keep what they have read since, and write it in the next turn.
      written = {};
      isNewFolder = true;
      void Promise.all(wakes)
        .then(() => delay(15_000))
        .then(() => (isNewFolder = false));
    }
    await Promise.all(wakes);
    await delay(12_000);
    clearInterval(isTelling);
    clearInterval(isLooking);
    assert.deepEqual(faults, []);
    assertGaps();
    const newest = Math.max(...processes.flatMap(({ report }) => report.shown));
    for (const { report } of processes) {
      const age = newest - Math.max(...report.shown);
      assert.ok(age <= 2_000, `a window that was woken shows what was read ${age} ms before the newest`);
    }
    const askers = new Set(requests().map(({ pid }) => pid));
    assert.ok(askers.size >= 3, `${askers.size} processes have asked`);
  });
});

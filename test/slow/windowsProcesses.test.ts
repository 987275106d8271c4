import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { secretKeys } from "../../src/auth/credentialStore";
import { systemClock } from "../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { readSnapshot } from "../../src/sync/snapshot";
import { origin } from "../support/windowsComputer";
import type { LoggedRequest, ProcessReport, ProcessStart, StoredSecret } from "../support/windowsProcess";

const noReport: ProcessReport = { role: undefined, readings: 0, session: "none" };

/** A process that runs the product on a folder that it shares with others. */
class HostProcess {
  report = noReport;
  private readonly child: ChildProcess;

  constructor(start: ProcessStart, onStore: (secret: StoredSecret) => void) {
    this.child = fork(join(__dirname, "../support/windowsProcess.js"), [JSON.stringify(start)]);
    this.child.on("message", (message: ProcessReport | StoredSecret) => {
      if ("key" in message) onStore(message);
      else this.report = message;
    });
  }

  /** Another process has stored it. */
  learn(secret: StoredSecret): void {
    if (this.child.connected) this.child.send(secret, () => undefined);
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
  const leaders = () => processes.filter(({ report }) => report.role === "leader");
  const count = (kind: string) => volvo.volvoId.events.filter((event) => event.kind === kind).length;
  const start = (heartbeatMs: number) => {
    const folder = join(path, "state");
    const given = { folder, requestLog: requestLog(), heartbeatMs, issuer: server.origin };
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

  it("go on with one leader, a readable snapshot, a good sign-in and the gap between requests, over 10 kills", async () => {
    const heartbeatMs = 400;
    for (let count = 0; count < 4; count++) start(heartbeatMs);
    await until(() => leaders().length === 1, 10_000, "a first leader");
    for (let kills = 0; kills < 10; kills++) {
      const isReading = setInterval(assertReadable, 3);
      await delay(1_000 + Math.random() * 1_500);
      const [leader] = leaders();
      assert.ok(leader);
      await kill(leader);
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

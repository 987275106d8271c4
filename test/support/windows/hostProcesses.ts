import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { secretKeys } from "../../../src/auth/credentialStore";
import { secondMs, systemClock } from "../../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../../src/simulator/server";
import { SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import { readState } from "../../../src/windows/stateFile";
import { stateFile, turnOf } from "../../../src/windows/stateFileNames";
import type { StateFile } from "../../../src/windows/stateSchema";
import { origin } from "./computer";
import type { HeapReport, LoggedRequest, Order, ProcessReport, ProcessStart, StoredSecret } from "./process";

const noReport: ProcessReport = { readings: 0, session: "none", shown: [] };
const writeLimitMs = 5 * secondMs;

/** A process that runs the product on a shared folder. */
export class HostProcess {
  report = noReport;
  private readonly child: ChildProcess;
  private takeHeap: (bytes: number) => void = () => undefined;

  constructor(start: ProcessStart, onStore: (secret: StoredSecret) => void) {
    this.child = fork(join(__dirname, "process.js"), [JSON.stringify(start)]);
    this.child.on("message", (message: ProcessReport | StoredSecret | HeapReport) => {
      if ("key" in message) onStore(message);
      else if ("heap" in message) this.takeHeap(message.heap);
      else this.report = message;
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Passes on a secret that another process has stored. */
  learn(secret: StoredSecret): void {
    this.order(secret);
  }

  /** Refreshes a random car. */
  refresh(): void {
    this.order("refresh");
  }

  /** Sets the user's clock of this process. */
  setClock(byMs: number): void {
    this.order({ clockByMs: byMs });
  }

  /** Its heap in use (bytes). */
  heap(): Promise<number> {
    return new Promise((resolve) => {
      this.takeHeap = resolve;
      this.order("heap");
    });
  }

  /** kill -9. Resolves when the process has exited. */
  async kill(): Promise<void> {
    this.report = noReport;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await exited;
    this.report = noReport;
  }

  private order(order: Order): void {
    if (this.child.connected) this.child.send(order, () => undefined);
  }
}

/**
 * Processes that run the product on one folder, with one sign-in at a Volvo ID behind a real socket. Their parent plays
 * VS Code: it writes the secrets and sends them to the other processes.
 */
export class HostProcesses {
  all: HostProcess[] = [];
  /** The secrets that VS Code has written. */
  readonly secrets = new Map<string, string>();
  private stores = 0;

  private constructor(
    private readonly path: string,
    readonly volvo: SimulatedVolvo,
    readonly server: SimulatorServer,
  ) {
    this.signIn();
  }

  static async create(): Promise<HostProcesses> {
    const path = mkdtempSync(join(tmpdir(), "volvo-processes-"));
    const volvo = new SimulatedVolvo(systemClock, { volvoId: { accessTokenLifetimeMs: secondMs } });
    return new HostProcesses(path, volvo, await startSimulatorServer(volvo));
  }

  get requests(): readonly LoggedRequest[] {
    return readFileSync(this.requestLog, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as LoggedRequest);
  }

  get hasAsked(): boolean {
    return existsSync(this.requestLog);
  }

  /** The process that sent the last request. */
  get lastAsker(): HostProcess | undefined {
    return this.all.find(({ pid }) => pid === this.requests.at(-1)?.pid);
  }

  /** The current shared state; `undefined` without one. Throws if it is unreadable. */
  get state(): StateFile | undefined {
    try {
      const newest = Math.max(0, ...readdirSync(this.folder).map((name) => turnOf(name) ?? 0));
      const reading = readState(readFileSync(join(this.folder, stateFile(newest)), "utf8"));
      if (reading.kind !== "read") throw new Error(`The state is ${reading.kind}`);
      return reading.file;
    } catch (error) {
      // The next turn removed the file after its name was read.
      if ((error as { code?: unknown }).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** The number of Volvo ID's events of this kind. */
  count(kind: string): number {
    return this.volvo.volvoId.events.filter((event) => event.kind === kind).length;
  }

  start(options: Pick<ProcessStart, "heartbeatMs"> & Partial<ProcessStart>): HostProcess {
    const given = { folder: this.folder, requestLog: this.requestLog, issuer: this.server.origin, ...options };
    const secrets = Object.fromEntries(this.secrets);
    const started: HostProcess = new HostProcess({ ...given, secrets }, (secret) => {
      this.secrets.set(secret.key, secret.value);
      this.stores++;
      for (const other of this.all) if (other !== started) other.learn(secret);
    });
    this.all.push(started);
    return started;
  }

  /**
   * Stops it at any point of its work except between an answer of Volvo ID and the writing of the new secret, which a
   * kill would lose (windowsKills.test.ts).
   */
  async stop(victim: HostProcess): Promise<void> {
    for (;;) {
      await this.untilSecretsAreWritten();
      process.kill(victim.pid, "SIGSTOP");
      // Messages that it has already sent arrive.
      await delay(50);
      if (this.areSecretsWritten()) return;
      process.kill(victim.pid, "SIGCONT");
    }
  }

  /** Kills it where {@link stop} would stop it. */
  async kill(victim: HostProcess): Promise<void> {
    await this.stop(victim);
    await victim.kill();
    this.all = this.all.filter((each) => each !== victim);
  }

  deleteFolder(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((each) => each.kill()));
    await this.server.close();
    rmSync(this.path, { recursive: true, force: true });
  }

  private get folder(): string {
    return join(this.path, "state");
  }

  private get requestLog(): string {
    return join(this.path, "requests.log");
  }

  /** Stores a sign-in whose access tokens expire before the next check. */
  private signIn(): void {
    const { access_token: accessToken, refresh_token: refreshToken } = this.volvo.volvoId.signIn();
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const grant = {
      ...{ kind: "volvoId", signInId: "s", generation: 1, origin, issuer: this.server.origin, clientId, clientSecret },
      ...{ accessToken, refreshToken, expiresAt: 0, refreshedAt: Date.now() },
    };
    this.secrets.set(secretKeys.apiKey, JSON.stringify({ origin, value: "key" }));
    this.secrets.set(secretKeys.grant, JSON.stringify(grant));
  }

  private areSecretsWritten(): boolean {
    return this.count("refreshed") === this.stores;
  }

  private async untilSecretsAreWritten(): Promise<void> {
    const end = Date.now() + writeLimitMs;
    while (!this.areSecretsWritten()) {
      if (Date.now() > end) throw new Error(`The new sign-in was not written within ${writeLimitMs} ms`);
      await delay(20);
    }
  }
}

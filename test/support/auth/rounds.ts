import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { secretKeys } from "../../../src/auth/credentialStore";
import { sleep, systemClock } from "../../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import { fastLock, type LockTimes, type RoundReport, type RoundRequest, type TraceLine } from "./process";
import { apiOrigin } from "./world";

const thisVersion = path.join(__dirname, "process.js");
/** The same process, built from the sources of version 0.1.0. */
const version010 = path.join(process.cwd(), "test/oldVersions/renewingWindow-0.1.0.cjs");
/** The renewals of each process in a round. */
export const renewals = 4;

/** A time (ms) in which a process did not run. */
interface Pause {
  readonly pid: number;
  readonly from: number;
  readonly to: number;
}

/** The result of a round in which one process was killed and another stopped. */
export interface DisturbedRound {
  readonly reports: readonly RoundReport[];
  readonly pauses: readonly Pause[];
  /** The number of refresh tokens presented twice because of a pause after the last look at the lock and before storing. */
  readonly excused: number;
  /** The first presentation of each other refresh token that was presented twice. */
  readonly unexcused: readonly Presentation[];
  /** The only valid refresh token was lost in the kill. */
  readonly isLost: boolean;
}

/** Rounds in which four processes renew one sign-in in one folder, at a Volvo ID behind a real socket. */
export class RefreshRounds {
  private readonly children = Array.from({ length: 4 }, () => start(thisVersion));

  private constructor(
    private readonly root: string,
    private readonly server: SimulatorServer,
    private readonly volvo: SimulatedVolvo,
    private readonly times: LockTimes,
  ) {}

  static async create(times: LockTimes = fastLock): Promise<RefreshRounds> {
    const volvo = new SimulatedVolvo(systemClock);
    const root = await mkdtemp(path.join(os.tmpdir(), "volvo-refresh-"));
    return new RefreshRounds(root, await startSimulatorServer(volvo), volvo, times);
  }

  /** Replaces two of the processes by processes of version 0.1.0. */
  mixVersions(): void {
    for (const child of this.children.splice(2)) child.kill();
    this.children.push(start(version010), start(version010));
  }

  /** The number of Volvo ID's events of this kind. */
  count(wanted: string): number {
    return this.volvo.volvoId.events.filter(({ kind }) => kind === wanted).length;
  }

  /** Renews a new sign-in in all processes at once. Odd rounds begin with the lock of a dead window. */
  async play(round: number, withoutLock = false): Promise<readonly RoundReport[]> {
    const folder = this.folderOf(round);
    await mkdir(path.join(folder, "state"), { recursive: true });
    if (round % 2 === 1) await writeFile(path.join(folder, "state", "1"), "00000000-0000-0000-0000-000000000000 3");
    const { access_token: accessToken, refresh_token: refreshToken } = this.volvo.volvoId.signIn();
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const { origin: issuer } = this.server;
    const record = { kind: "volvoId", signInId: String(round), generation: 1, origin: apiOrigin, issuer };
    const grant = { ...record, clientId, clientSecret, accessToken, refreshToken, expiresAt: Date.now() + 299_000 };
    const secrets = {
      [secretKeys.apiKey]: JSON.stringify({ origin: apiOrigin, value: defaultApiKey }),
      [secretKeys.grant]: JSON.stringify({ ...grant, refreshedAt: Date.now() }),
    };
    await writeFile(path.join(folder, "secrets.json"), JSON.stringify(secrets));
    const request: RoundRequest = { folder, issuer, renewals, withoutLock, times: this.times };
    const reports = this.children.map(
      (child) =>
        new Promise<RoundReport | undefined>((resolve) => {
          const killed = () => resolve(undefined);
          child.once("exit", killed);
          child.once("message", (report) => {
            child.off("exit", killed);
            resolve(report as RoundReport);
          });
          child.send(request);
        }),
    );
    return (await Promise.all(reports)).filter((report) => report !== undefined);
  }

  /** A round in which one process is killed and another stopped for up to twice the lock's stale time. */
  async playDisturbed(round: number, random: () => number): Promise<DisturbedRound> {
    const { staleMs } = this.times;
    const pauses: Pause[] = [];
    const [killed, stopped] = this.children as [ChildProcess, ChildProcess];
    const disturbances = [
      sleep(systemClock, 300 + 2_000 * random()).then(() => {
        pauses.push({ pid: killed.pid!, from: Date.now(), to: Infinity });
        killed.kill("SIGKILL");
      }),
      sleep(systemClock, 300 + 2_000 * random()).then(async () => {
        const from = Date.now();
        stopped.kill("SIGSTOP");
        await sleep(systemClock, 200 + 2.1 * staleMs * random());
        stopped.kill("SIGCONT");
        pauses.push({ pid: stopped.pid!, from, to: Date.now() });
      }),
    ];
    const reports = await this.play(round);
    await Promise.all(disturbances);
    const presented = presentations(this.folderOf(round));
    const twice = presentedTwice(presented);
    const unexcused = twice.filter((first) => !pauses.some((pause) => this.excuses(pause, first)));
    const isLost = presented.some(({ pid, storedAt }) => pid === killed.pid && storedAt === Infinity);
    this.children.splice(this.children.indexOf(killed), 1);
    this.children.push(start(thisVersion));
    return { reports, pauses, excused: twice.length - unexcused.length, unexcused, isLost };
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill("SIGKILL");
    await this.server.close();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private folderOf(round: number): string {
    return path.join(this.root, String(round));
  }

  /** True if the process paused after its last look at the lock and before storing, long enough for others to take over. */
  private excuses({ pid, from, to }: Pause, presentation: Presentation): boolean {
    const { staleMs, heartbeatMs } = this.times;
    const isLong = to - from >= staleMs - heartbeatMs;
    return pid === presentation.pid && isLong && from < presentation.storedAt && to > presentation.lookedAt;
  }
}

function start(script: string): ChildProcess {
  return fork(script, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

/** A process's presentation of a refresh token. */
interface Presentation {
  readonly pid: number;
  readonly refreshToken: string;
  /** The last look at the lock before it (ms). */
  readonly lookedAt: number;
  /** When the new sign-in was on disk (ms); `Infinity` for never. */
  readonly storedAt: number;
}

/** The presentations of the processes of this version in a round, in order. */
function presentations(folder: string): readonly Presentation[] {
  const lines = readFileSync(path.join(folder, "trace.jsonl"), "utf8").trim().split("\n");
  const trace = lines.map((line) => JSON.parse(line) as TraceLine);
  return trace.flatMap(({ pid, at, step, refreshToken }) => {
    if (step !== "presents" || refreshToken === undefined) return [];
    const own = trace.filter((line) => line.pid === pid);
    const lookedAt = own.findLast((line) => line.step === "held" && line.at <= at)?.at ?? at;
    const storedAt = own.find((line) => line.step === "stored" && line.at >= at)?.at ?? Infinity;
    return [{ pid, refreshToken, lookedAt, storedAt }];
  });
}

/** The first presentation of each refresh token that was presented more than once. */
function presentedTwice(all: readonly Presentation[]): readonly Presentation[] {
  const first = (token: string) => all.findIndex(({ refreshToken }) => refreshToken === token);
  return all.filter(
    ({ refreshToken }, index) =>
      first(refreshToken) === index && all.slice(index + 1).some((later) => later.refreshToken === refreshToken),
  );
}

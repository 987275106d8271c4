import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { secretKeys } from "../../src/auth/credentialStore";
import { sleep, systemClock } from "../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { fastLock, type RoundReport, type RoundRequest, type TraceLine } from "../support/auth/process";
import { apiOrigin } from "../support/auth/world";
import { mulberry } from "../support/random";

const thisVersion = path.join(__dirname, "../support/auth/process.js");
/** The same process, built from the sources of version 0.1.0. */
const version010 = path.join(process.cwd(), "test/oldVersions/renewingWindow-0.1.0.cjs");
const renewals = 4;
/** 25 by hand; a round takes 6 s. */
const rounds = Number(process.env["ROUNDS"] ?? 5);

/** A time (ms) in which a process did not run. */
interface Pause {
  readonly pid: number;
  readonly from: number;
  readonly to: number;
}

describe("four processes that share a sign-in and one folder", function () {
  this.timeout(900_000);
  let children: ChildProcess[];
  let root: string;
  let volvo: SimulatedVolvo;
  let server: SimulatorServer;

  const start = (script: string) => fork(script, { stdio: ["ignore", "inherit", "inherit", "ipc"] });

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), "volvo-refresh-"));
    volvo = new SimulatedVolvo(systemClock);
    server = await startSimulatorServer(volvo);
    children = Array.from({ length: 4 }, () => start(thisVersion));
  });

  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  const folderOf = (round: number) => path.join(root, String(round));

  /** A sign-in of its own, renewed by all processes at once; odd rounds begin with the lock of a window that died. */
  async function playRound(round: number, withoutLock = false): Promise<readonly RoundReport[]> {
    const folder = folderOf(round);
    await mkdir(path.join(folder, "state"), { recursive: true });
    if (round % 2 === 1) await writeFile(path.join(folder, "state", "1"), "00000000-0000-0000-0000-000000000000 3");
    const { access_token: accessToken, refresh_token: refreshToken } = volvo.volvoId.signIn();
    const { clientId, clientSecret } = volvo.volvoId.options;
    const record = {
      kind: "volvoId",
      signInId: String(round),
      generation: 1,
      origin: apiOrigin,
      issuer: server.origin,
    };
    const grant = { ...record, clientId, clientSecret, accessToken, refreshToken, expiresAt: Date.now() + 299_000 };
    const secrets = {
      [secretKeys.apiKey]: JSON.stringify({ origin: apiOrigin, value: defaultApiKey }),
      [secretKeys.grant]: JSON.stringify({ ...grant, refreshedAt: Date.now() }),
    };
    await writeFile(path.join(folder, "secrets.json"), JSON.stringify(secrets));
    const request: RoundRequest = { folder, issuer: server.origin, renewals, withoutLock };
    const reports = children.map(
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

  const eventsOf = (wanted: string) => volvo.volvoId.events.filter(({ kind }) => kind === wanted).length;
  const reuses = () => eventsOf("refresh-token-reused");

  function assertAllSignedIn(reports: readonly RoundReport[]): void {
    const told = JSON.stringify(reports.map(({ log }) => log));
    assert.deepEqual(new Set(reports.flatMap(({ outcomes }) => outcomes)), new Set(["token"]), told);
    assert.equal(reports.flatMap(({ outcomes }) => outcomes).length, reports.length * renewals);
    assert.equal(reuses(), 0, told);
  }

  it(`never present a refresh token twice and all stay signed in, in ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await playRound(round));
    assert.ok(eventsOf("refreshed") >= rounds * 3, `Only ${eventsOf("refreshed")} renewals`);
  });

  it(`never present one twice where two of them are of version 0.1.0, in ${rounds} rounds`, async () => {
    for (const child of children.splice(2)) child.kill();
    children.push(start(version010), start(version010));
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await playRound(round));
    assert.ok(eventsOf("refreshed") >= rounds * 3, `Only ${eventsOf("refreshed")} renewals`);
  });

  it(`present one twice only where a process is killed or stopped between its last look at the lock and the storing, in ${rounds} rounds with a kill and a stop each`, async () => {
    const random = mulberry(7);
    let excused = 0;
    let lost = 0;
    for (let round = 0; round < rounds; round++) {
      const pauses: Pause[] = [];
      const [killed, stopped] = children as [ChildProcess, ChildProcess];
      const disturbances = [
        sleep(systemClock, 300 + 2_000 * random()).then(() => {
          pauses.push({ pid: killed.pid!, from: Date.now(), to: Infinity });
          killed.kill("SIGKILL");
        }),
        sleep(systemClock, 300 + 2_000 * random()).then(async () => {
          const from = Date.now();
          stopped.kill("SIGSTOP");
          await sleep(systemClock, 200 + 3_800 * random());
          stopped.kill("SIGCONT");
          pauses.push({ pid: stopped.pid!, from, to: Date.now() });
        }),
      ];
      const before = reuses();
      const reports = await playRound(round);
      await Promise.all(disturbances);
      const twice = presentedTwice(folderOf(round));
      const unexcused = twice.filter((first) => !pauses.some((pause) => excuses(pause, first)));
      assert.deepEqual(unexcused, [], `${JSON.stringify(pauses)} ${JSON.stringify(reports.map(({ log }) => log))}`);
      excused += twice.length;
      if (twice.length === 0) assert.equal(reuses(), before);
      // A kill before the storing takes the only good token along.
      const isLost = presentations(folderOf(round)).some(
        ({ pid, storedAt }) => pid === killed.pid && storedAt === Infinity,
      );
      if (isLost) lost++;
      else if (twice.length === 0) {
        for (const { outcomes } of reports) assert.deepEqual(new Set(outcomes), new Set(["token"]));
      }
      children.splice(children.indexOf(killed), 1);
      children.push(start(thisVersion));
    }
    console.log(
      `      ${eventsOf("refreshed")} renewals with ${rounds} kills and stops; ${excused} presented twice, ${lost} lost`,
    );
  });

  it("present one twice within a few rounds where the lock is switched off", async () => {
    for (let round = 0; round < 10 && reuses() === 0; round += 2) await playRound(round, true);
    assert.ok(reuses() > 0);
  });
});

/** A refresh token that a process presents. */
interface Presentation {
  readonly pid: number;
  readonly refreshToken: string;
  /** The last look at the lock before it (ms). */
  readonly lookedAt: number;
  /** When the new sign-in was on disk (ms); `Infinity` for never. */
  readonly storedAt: number;
}

/** What the processes of this version have presented in a round, the first one first. */
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

/** The first presentation of each refresh token that was presented more than once in a round. */
function presentedTwice(folder: string): readonly Presentation[] {
  const all = presentations(folder);
  const first = (token: string) => all.findIndex(({ refreshToken }) => refreshToken === token);
  return all.filter(
    ({ refreshToken }, index) =>
      first(refreshToken) === index && all.slice(index + 1).some((later) => later.refreshToken === refreshToken),
  );
}

/** Whether the process did not run for so long between its last look at the lock and the storing that others go on. */
function excuses({ pid, from, to }: Pause, presentation: Presentation): boolean {
  const isLong = to - from >= fastLock.staleMs - fastLock.heartbeatMs;
  return pid === presentation.pid && isLong && from < presentation.storedAt && to > presentation.lookedAt;
}

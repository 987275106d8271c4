import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { secretKeys } from "../../src/auth/credentialStore";
import { systemClock } from "../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import type { RoundReport, RoundRequest } from "../support/auth/process";
import { apiOrigin } from "../support/auth/world";

const processes = 4;
const renewals = 4;

describe("four processes that share a sign-in and one folder", function () {
  this.timeout(300_000);
  let children: ChildProcess[];
  let root: string;
  let volvo: SimulatedVolvo;
  let server: SimulatorServer;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), "volvo-refresh-"));
    volvo = new SimulatedVolvo(systemClock);
    server = await startSimulatorServer(volvo);
    const script = path.join(__dirname, "../support/auth/process.js");
    children = Array.from({ length: processes }, () =>
      fork(script, { stdio: ["ignore", "inherit", "inherit", "ipc"] }),
    );
  });

  afterEach(async () => {
    for (const child of children) child.kill();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  /** A sign-in of its own, renewed by all processes at once; odd rounds begin with the lock of a window that died. */
  async function playRound(round: number, withoutLock: boolean): Promise<readonly RoundReport[]> {
    const folder = path.join(root, String(round));
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
    return Promise.all(
      children.map(
        (child) =>
          new Promise<RoundReport>((resolve) => {
            child.once("message", (report) => resolve(report as RoundReport));
            child.send(request);
          }),
      ),
    );
  }

  const reuses = () => volvo.volvoId.events.filter(({ kind }) => kind === "refresh-token-reused").length;

  it("never present a refresh token twice and all stay signed in, in 25 rounds", async () => {
    for (let round = 0; round < 25; round++) {
      const reports = await playRound(round, false);
      const outcomes = reports.flatMap((report) => report.outcomes);
      const told = JSON.stringify(reports.map(({ log }) => log));
      assert.deepEqual(new Set(outcomes), new Set(["token"]), told);
      assert.equal(outcomes.length, processes * renewals);
      assert.equal(reuses(), 0, told);
    }
    const refreshed = volvo.volvoId.events.filter(({ kind }) => kind === "refreshed").length;
    assert.ok(refreshed >= 25 * 3, `Only ${refreshed} renewals`);
  });

  it("present one twice within a few rounds where the lock is switched off", async () => {
    for (let round = 0; round < 10 && reuses() === 0; round += 2) await playRound(round, true);
    assert.ok(reuses() > 0);
  });
});

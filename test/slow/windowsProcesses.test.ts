import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { secretKeys } from "../../src/auth/credentialStore";
import type { StateFile } from "../../src/windows/stateSchema";
import { type HostProcess, HostProcesses } from "../support/windows/hostProcesses";
import type { LoggedRequest } from "../support/windows/process";

describe("Processes that share a folder, one of which is killed again and again", () => {
  let world: HostProcesses;

  async function until(condition: () => boolean, limitMs: number, what: string): Promise<number> {
    const startedAt = Date.now();
    while (!condition()) {
      assert.ok(Date.now() - startedAt < limitMs, `${what} within ${limitMs} ms`);
      await delay(20);
    }
    return Date.now() - startedAt;
  }

  /** Waits for a request of a process other than `victim`. Resolves with the time (ms) that took. */
  function untilAskedByAnother(victim: HostProcess, limitMs: number): Promise<number> {
    const asked = world.requests.length;
    const isAskedAgain = () => world.requests.some(({ pid }, index) => index >= asked && pid !== victim.pid);
    return until(isAskedAgain, limitMs, "a request of another process");
  }

  function assertGaps(): void {
    const last = new Map<string, LoggedRequest>();
    for (const request of world.requests) {
      const before = last.get(request.vin);
      // Each process reads the clock slightly before it writes its line.
      if (before) assert.ok(request.at - before.at >= 10_000 - 20, JSON.stringify([before, request]));
      last.set(request.vin, request);
    }
  }

  beforeEach(async () => {
    world = await HostProcesses.create();
  });

  afterEach(() => world.close());

  it("keep asking with a readable state, a valid sign-in and the gap between requests, through 10 kills", async () => {
    const heartbeatMs = 400;
    const patienceMs = 10_000;
    for (let count = 0; count < 4; count++) world.start({ heartbeatMs });
    await until(() => world.hasAsked, 10_000, "a first request");
    for (let kills = 0; kills < 10; kills++) {
      const reading = setInterval(() => world.state, 3);
      await delay(1_000 + Math.random() * 1_500);
      const victim = world.lastAsker;
      assert.ok(victim);
      await world.kill(victim);
      // A check is due after the gap. The others first wait for the victim, and may have to detect that it is dead.
      await untilAskedByAnother(victim, 10_000 + patienceMs + 6 * heartbeatMs + 2_500);
      clearInterval(reading);
      assert.ok(world.all.every(({ report }) => report.readings > 0));
      world.start({ heartbeatMs });
    }
    assertGaps();
    await until(() => world.all.every(({ report }) => report.session === "ready"), 5_000, "all are signed in");
    for (const each of world.all) await world.kill(each);
    assert.ok(world.count("refreshed") >= 10, `${world.count("refreshed")} renewals`);
    assert.equal(world.count("refresh-token-reused"), 0);
    const { refreshToken } = JSON.parse(world.secrets.get(secretKeys.grant)!) as { refreshToken: string };
    const { clientId, clientSecret } = world.volvo.volvoId.options;
    const client = { client_id: clientId, client_secret: clientSecret };
    const answer = await fetch(`${world.server.origin}/as/token.oauth2`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, ...client }),
    });
    assert.equal(answer.status, 200, "Volvo accepts the stored refresh token");
  });

  it("ask at most 30 s after a check is due, with the product's heartbeats", async () => {
    for (let count = 0; count < 3; count++) world.start({ heartbeatMs: 5_000 });
    await until(() => world.hasAsked, 10_000, "a first request");
    await delay(3_000);
    const victim = world.lastAsker!;
    await world.kill(victim);
    // Every process constantly tries to refresh one of the cars, so a check is due as soon as the gap of a car is over.
    await untilAskedByAnother(victim, 10_000 + 30_000);
    assertGaps();
  });

  it("never ask for a car twice within ten seconds or show an older reading, through 50 stops and two deleted folders", async () => {
    const count = 6;
    for (let index = 0; index < count; index++)
      world.start({ heartbeatMs: 5_000, refreshesOnOrder: true, isFocused: index === 0 });
    await until(() => world.hasAsked, 10_000, "a first request");
    const stopped = new Set<HostProcess>();
    const shown = new Map<HostProcess, readonly number[]>();
    let lastState: StateFile["cars"] = {};
    /** True from the deletion of the folder until the processes stopped at that time have had a turn in the new one. */
    let isNewFolder = false;
    const faults: string[] = [];
    const running = () => world.all.filter((each) => !stopped.has(each));
    const anyOf = (from: readonly HostProcess[]) => from[Math.floor(Math.random() * from.length)];
    const refreshing = setInterval(() => anyOf(running())?.refresh(), 100);
    const observing = setInterval(() => {
      for (const each of world.all) {
        const { report } = each;
        const before = shown.get(each) ?? [];
        report.shown.forEach((at, car) => {
          if (at < (before[car] ?? 0)) faults.push(`process ${world.all.indexOf(each)} shows car ${car} as of earlier`);
        });
        if (report.shown.length > 0) shown.set(each, report.shown);
      }
      const cars = world.state?.cars ?? {};
      for (const [key, car] of Object.entries(cars)) {
        const earlier = lastState[key]?.reading?.fetchedAt ?? 0;
        const goesBack = (car.reading?.fetchedAt ?? 0) < earlier;
        if (goesBack && !isNewFolder) faults.push(`the state of ${key} goes back`);
      }
      if (Object.keys(cars).length > 0) lastState = cars;
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
      world.deleteFolder();
      // A process that was stopped before the deletion may write an older state, even during a turn whose number is higher
      // than those in the new folder. The others keep their newer readings and write them in the next turn.
      lastState = {};
      isNewFolder = true;
      void Promise.all(wakes)
        .then(() => delay(15_000))
        .then(() => (isNewFolder = false));
    }
    await Promise.all(wakes);
    await delay(12_000);
    clearInterval(refreshing);
    clearInterval(observing);
    assert.deepEqual(faults, []);
    assertGaps();
    const newest = Math.max(...world.all.flatMap(({ report }) => report.shown));
    for (const { report } of world.all) {
      const age = newest - Math.max(...report.shown);
      assert.ok(age <= 2_000, `a window that was woken shows what was read ${age} ms before the newest`);
    }
    const askers = new Set(world.requests.map(({ pid }) => pid));
    assert.ok(askers.size >= 3, `${askers.size} processes have asked`);
  });
});

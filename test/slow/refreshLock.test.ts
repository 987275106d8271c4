import assert from "node:assert/strict";
import type { RoundReport } from "../support/auth/process";
import { RefreshRounds, renewals } from "../support/auth/rounds";
import { mulberry } from "../support/random";

/** A round takes 6 s. Run it with ROUNDS=25 after a change of the lock. */
const rounds = Number(process.env["ROUNDS"] ?? 5);

const processes = 4;

describe("four processes that share a sign-in and one folder", function () {
  this.timeout(900_000);
  let fixture: RefreshRounds;

  beforeEach(async () => {
    fixture = await RefreshRounds.create();
  });

  afterEach(() => fixture.close());

  const reuses = () => fixture.count("refresh-token-reused");

  function assertAllSignedIn(reports: readonly RoundReport[]): void {
    const logs = JSON.stringify(reports.map(({ log }) => log));
    assert.deepEqual(new Set(reports.flatMap(({ outcomes }) => outcomes)), new Set(["token"]), logs);
    assert.equal(reports.flatMap(({ outcomes }) => outcomes).length, processes * renewals);
    assert.equal(reuses(), 0, logs);
  }

  it(`never present a refresh token twice and all stay signed in, in ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await fixture.play(round));
    assert.ok(fixture.count("refreshed") >= rounds * 3, `Only ${fixture.count("refreshed")} renewals`);
  });

  it(`never present a refresh token twice if two of them run version 0.1.0, in ${rounds} rounds`, async () => {
    fixture.mixVersions();
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await fixture.play(round));
    assert.ok(fixture.count("refreshed") >= rounds * 3, `Only ${fixture.count("refreshed")} renewals`);
  });

  it(`present a refresh token twice only if one is killed or stopped between its last look at the lock and the storing of the new sign-in, in ${rounds} rounds with a kill and a stop each`, async () => {
    const random = mulberry(7);
    let allExcused = 0;
    let lost = 0;
    let roundsAllSignedIn = 0;
    for (let round = 0; round < rounds; round++) {
      const before = reuses();
      const { reports, pauses, excused, unexcused, isLost } = await fixture.playDisturbed(round, random);
      assert.deepEqual(unexcused, [], `${JSON.stringify(pauses)} ${JSON.stringify(reports.map(({ log }) => log))}`);
      allExcused += excused;
      if (excused === 0) assert.equal(reuses(), before);
      // A kill before the new sign-in is stored loses the only valid token.
      if (isLost) lost++;
      else if (excused === 0) {
        const all = reports.flatMap(({ outcomes }) => outcomes);
        if (all.every((outcome) => outcome === "token")) roundsAllSignedIn++;
        // A new sign-in of a process that was stopped may reach the others late.
        assert.deepEqual(
          all.filter((outcome) => outcome !== "token" && outcome !== "signedInElsewhere"),
          [],
        );
        for (const { outcomes } of reports) assert.equal(outcomes.at(-1) ?? "token", "token");
      }
    }
    assert.ok(fixture.count("refreshed") >= rounds * 3, `Only ${fixture.count("refreshed")} renewals`);
    assert.ok(roundsAllSignedIn > 0, "In no round did all stay signed in");
    console.log(
      `      ${fixture.count("refreshed")} renewals with ${rounds} kills and stops; ${allExcused} tokens presented twice; ${lost} rounds lost the only valid one`,
    );
  });

  it("present a refresh token twice within a few rounds if the lock is switched off", async () => {
    // Only even rounds: odd ones begin with the lock of a dead window.
    for (let round = 0; round < 40 && reuses() === 0; round += 2) await fixture.play(round, true);
    assert.ok(reuses() > 0);
  });
});

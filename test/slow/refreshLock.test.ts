import assert from "node:assert/strict";
import type { RoundReport } from "../support/auth/process";
import { RefreshRounds, renewals } from "../support/auth/rounds";
import { mulberry } from "../support/random";

/** A round takes 6 s. Set 25 by hand before a change of how windows take turns. */
const rounds = Number(process.env["ROUNDS"] ?? 5);

describe("four processes that share a sign-in and one folder", function () {
  this.timeout(900_000);
  let played: RefreshRounds;

  beforeEach(async () => {
    played = await RefreshRounds.create();
  });

  afterEach(() => played.close());

  const reuses = () => played.count("refresh-token-reused");

  function assertAllSignedIn(reports: readonly RoundReport[]): void {
    const logs = JSON.stringify(reports.map(({ log }) => log));
    assert.deepEqual(new Set(reports.flatMap(({ outcomes }) => outcomes)), new Set(["token"]), logs);
    assert.equal(reports.flatMap(({ outcomes }) => outcomes).length, reports.length * renewals);
    assert.equal(reuses(), 0, logs);
  }

  it(`never present a refresh token twice and all stay signed in, in ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await played.play(round));
    assert.ok(played.count("refreshed") >= rounds * 3, `Only ${played.count("refreshed")} renewals`);
  });

  it(`never present one twice if two of them run version 0.1.0, in ${rounds} rounds`, async () => {
    played.mixVersions();
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await played.play(round));
    assert.ok(played.count("refreshed") >= rounds * 3, `Only ${played.count("refreshed")} renewals`);
  });

  it(`present one twice only if a process is killed or stopped after its last look at the lock and before the new sign-in is stored, in ${rounds} rounds with a kill and a stop each`, async () => {
    const random = mulberry(7);
    let excusedInAllRounds = 0;
    let lost = 0;
    for (let round = 0; round < rounds; round++) {
      const before = reuses();
      const { reports, pauses, excused, unexcused, isLost } = await played.playDisturbed(round, random);
      assert.deepEqual(unexcused, [], `${JSON.stringify(pauses)} ${JSON.stringify(reports.map(({ log }) => log))}`);
      excusedInAllRounds += excused;
      if (excused === 0) assert.equal(reuses(), before);
      // A kill before the new sign-in is stored loses the only valid token.
      if (isLost) lost++;
      else if (excused === 0) {
        for (const { outcomes } of reports) assert.deepEqual(new Set(outcomes), new Set(["token"]));
      }
    }
    console.log(
      `      ${played.count("refreshed")} renewals with ${rounds} kills and stops; ${excusedInAllRounds} presented twice, ${lost} lost`,
    );
  });

  it("present one twice within a few rounds if the lock is switched off", async () => {
    for (let round = 0; round < 10 && reuses() === 0; round += 2) await played.play(round, true);
    assert.ok(reuses() > 0);
  });
});

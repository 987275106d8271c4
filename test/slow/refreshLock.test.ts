import assert from "node:assert/strict";
import type { RoundReport } from "../support/auth/process";
import { RefreshRounds, renewals } from "../support/auth/rounds";
import { mulberry } from "../support/random";

/** 25 by hand; a round takes 6 s. */
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
    const told = JSON.stringify(reports.map(({ log }) => log));
    assert.deepEqual(new Set(reports.flatMap(({ outcomes }) => outcomes)), new Set(["token"]), told);
    assert.equal(reports.flatMap(({ outcomes }) => outcomes).length, reports.length * renewals);
    assert.equal(reuses(), 0, told);
  }

  it(`never present a refresh token twice and all stay signed in, in ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await played.play(round));
    assert.ok(played.count("refreshed") >= rounds * 3, `Only ${played.count("refreshed")} renewals`);
  });

  it(`never present one twice where two of them are of version 0.1.0, in ${rounds} rounds`, async () => {
    played.mixVersions();
    for (let round = 0; round < rounds; round++) assertAllSignedIn(await played.play(round));
    assert.ok(played.count("refreshed") >= rounds * 3, `Only ${played.count("refreshed")} renewals`);
  });

  it(`present one twice only where a process is killed or stopped between its last look at the lock and the storing, in ${rounds} rounds with a kill and a stop each`, async () => {
    const random = mulberry(7);
    let excusedOfAll = 0;
    let lost = 0;
    for (let round = 0; round < rounds; round++) {
      const before = reuses();
      const { reports, pauses, excused, unexcused, isLost } = await played.playDisturbed(round, random);
      assert.deepEqual(unexcused, [], `${JSON.stringify(pauses)} ${JSON.stringify(reports.map(({ log }) => log))}`);
      excusedOfAll += excused;
      if (excused === 0) assert.equal(reuses(), before);
      // A kill before the storing takes the only good token along.
      if (isLost) lost++;
      else if (excused === 0) {
        for (const { outcomes } of reports) assert.deepEqual(new Set(outcomes), new Set(["token"]));
      }
    }
    console.log(
      `      ${played.count("refreshed")} renewals with ${rounds} kills and stops; ${excusedOfAll} presented twice, ${lost} lost`,
    );
  });

  it("present one twice within a few rounds where the lock is switched off", async () => {
    for (let round = 0; round < 10 && reuses() === 0; round += 2) await played.play(round, true);
    assert.ok(reuses() > 0);
  });
});

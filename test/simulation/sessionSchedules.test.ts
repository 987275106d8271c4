import assert from "node:assert/strict";
import fc from "fast-check";
import { playSchedule, type ScheduleOptions, type ScheduleOutcome } from "../support/auth/schedule";

const seeds = fc.integer({ min: 0, max: 0x7fffffff });
const windows = 3;
const kinds = ["desktop", "web"] as const;
/** Without shrinking: the seed alone repeats a schedule. */
const propertyOptions = { seed: 20261123, endOnFailure: true };

/** The credentials in every window after each wish of a user. */
const credentialsAfterWish = { signOut: "nothing", signIn: "second", testToken: "testToken" } as const;

/**
 * Fails unless the outcome is sound, as it must be for every schedule. `expected` is the number of requests. On the desktop every request gets a token. In a browser a window never sees the secrets
 * that another window stores, so it may also get "signedInElsewhere".
 *
 * The one exception: a window dies after Volvo has rotated the refresh token and before the new one is stored. Each other
 * window may then present the old token once more, because it may still be valid: the request may not have arrived, or
 * Volvo may accept the token a second time. If Volvo refuses it, the sign-in ends. In a browser, a window cannot tell
 * whether the dead window had stored the new token. After a long time without requests from any window, it therefore
 * presents the old one.
 */
function assertSound(
  { outcomes, last, lostByCrash, doubleUses, repeatsAfterCrash, repeatsWhenQuiet, crashes }: ScheduleOutcome,
  kind: ScheduleOptions["kind"],
  expected?: number,
): void {
  assert.equal(doubleUses, 0);
  if (crashes === 0 && expected !== undefined) assert.equal(outcomes.length, expected);
  if (crashes === 0) assert.equal(repeatsWhenQuiet, 0);
  if (lostByCrash) {
    assert.ok(repeatsAfterCrash <= crashes * windows);
    assert.ok(["token", "signInEnded"].includes(last), last);
    return;
  }
  assert.equal(repeatsAfterCrash, 0);
  assert.equal(last, "token");
  const accepted = kind === "web" ? ["token", "signedInElsewhere"] : ["token"];
  assert.deepEqual(
    outcomes.filter((outcome) => !accepted.includes(outcome)),
    [],
  );
}

class Tally {
  schedules = 0;
  crashes = 0;
  lost = 0;
  repeats = 0;
  repeatsWhenQuiet = 0;

  add({ crashes, lostByCrash, repeatsAfterCrash, repeatsWhenQuiet }: ScheduleOutcome): void {
    this.schedules += 1;
    this.crashes += crashes;
    this.lost += lostByCrash ? 1 : 0;
    this.repeats += repeatsAfterCrash;
    this.repeatsWhenQuiet += repeatsWhenQuiet;
  }

  print(): void {
    const { schedules, crashes, lost, repeats, repeatsWhenQuiet } = this;
    console.log(
      `      ${schedules} schedules, ${crashes} crashes; ${lost} lost the only valid token, after which the old one was presented again ${repeats} times; browser windows, which never get a newer token, presented an old one ${repeatsWhenQuiet} times`,
    );
  }
}

type Variant = Pick<ScheduleOptions, "withoutLock">;

/** Each plays its schedules in order and rejects at the first that is not sound. */
const runs: readonly { readonly title: string; readonly play: (variant: Variant) => Promise<void> }[] = [
  {
    title: "never present a refresh token twice and stay signed in, in 250 schedules without crashes",
    play: (variant) =>
      fc.assert(
        fc.asyncProperty(seeds, fc.constantFrom(...kinds), async (seed, kind) => {
          const rounds = 3;
          const outcome = await playSchedule({ seed, kind, windows, rounds, crashes: 0, ...variant });
          assertSound(outcome, kind, windows * rounds);
        }),
        { ...propertyOptions, numRuns: 250 },
      ),
  },
  {
    title:
      "never present one twice and stay signed in, in 1,000 schedules with crashes, unless a crash loses the only valid token",
    async play(variant) {
      const tally = new Tally();
      await fc.assert(
        fc.asyncProperty(seeds, fc.constantFrom(...kinds), async (seed, kind) => {
          const outcome = await playSchedule({ seed, kind, windows, rounds: 3, crashes: 0.01, ...variant });
          assertSound(outcome, kind);
          tally.add(outcome);
        }),
        { ...propertyOptions, numRuns: 1_000 },
      );
      tally.print();
      if (variant.withoutLock) return;
      assert.ok(tally.crashes > 1_000, `Only ${tally.crashes} crashes`);
      assert.ok(tally.lost > 0 && tally.lost < tally.crashes / 10, `${tally.lost} schedules lost the token`);
    },
  },
  {
    title: "never present one twice and stay signed in, if the first window dies at any one of its steps",
    async play(variant) {
      const tally = new Tally();
      for (const kind of kinds) {
        for (let seed = 1; seed <= 4; seed++) {
          for (let crashAtStep = 1; ; crashAtStep++) {
            const options = { seed, kind, windows, rounds: 2, crashes: 0, crashAtStep, ...variant };
            const outcome = await playSchedule(options);
            assertSound(outcome, kind);
            if (outcome.crashes === 0) break;
            tally.add(outcome);
          }
        }
      }
      tally.print();
      if (variant.withoutLock) return;
      assert.ok(tally.crashes > 200, `Only ${tally.crashes} steps`);
      assert.ok(tally.lost > 0, "no step between rotation and storing was hit");
    },
  },
  ...(["signOut", "signIn", "testToken"] as const).map((wish) => ({
    title: `end with the credentials that the user chose during a renewal, in 200 schedules: ${wish}`,
    play: (variant: Variant) =>
      fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const options = { seed, kind: "desktop", windows, rounds: 2, crashes: 0, wish, ...variant } as const;
          assert.deepEqual(
            new Set((await playSchedule(options)).finalCredentials),
            new Set([credentialsAfterWish[wish]]),
          );
        }),
        { ...propertyOptions, numRuns: 200 },
      ),
  })),
];

describe("windows that share a sign-in", () => {
  for (const { title, play } of runs) it(title, () => play({}));
});

/** True for an unsound schedule. fast-check wraps the assertion. */
function isUnsound(error: unknown): boolean {
  return error instanceof assert.AssertionError || (error instanceof Error && isUnsound(error.cause));
}

describe("windows that share a sign-in, with the lock switched off,", () => {
  for (const { title, play } of runs)
    it(`break this rule: ${title}`, () => assert.rejects(play({ withoutLock: true }), isUnsound));

  it("present a refresh token twice in more than a fifth of 100 schedules", async () => {
    let schedules = 0;
    for (let seed = 1; seed <= 50; seed++) {
      for (const kind of kinds) {
        const { doubleUses } = await playSchedule({ seed, kind, windows, rounds: 3, crashes: 0, withoutLock: true });
        if (doubleUses > 0) schedules += 1;
      }
    }
    assert.ok(schedules > 20, `${schedules} schedules`);
  });
});

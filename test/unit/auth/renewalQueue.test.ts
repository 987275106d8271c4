import assert from "node:assert/strict";
import type { VolvoIdGrant } from "../../../src/auth/credentials";
import type { RenewalOutcome } from "../../../src/auth/refreshToken";
import { RenewalQueue } from "../../../src/auth/renewalQueue";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Problem } from "../../../src/charging/problem";
import { createBackoffMemory } from "../../support/auth/world";
import { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";

const offline: Problem = { kind: "offline", certificate: false };
const down: Problem = { kind: "serviceUnavailable", cause: "error", status: 500 };
const grant: VolvoIdGrant = {
  kind: "volvoId",
  ...{ issuer: "", clientId: "", clientSecret: "", signInId: "", generation: 1, origin: "", scopes: [], label: "" },
  ...{ signedInAt: 0, refreshedAt: 0, expiresAt: 0, accessToken: "token", refreshToken: "" },
};

describe("the back-off of renewals", () => {
  let clock: FakeClock;
  let memory: ReturnType<typeof createBackoffMemory>;
  let queue: RenewalQueue;
  let renewals: number;

  beforeEach(() => {
    clock = new FakeClock();
    memory = createBackoffMemory();
    queue = new RenewalQueue(clock, memory);
    renewals = 0;
  });

  /** Runs a renewal with this outcome, unless there is a back-off. */
  function ask(outcome: RenewalOutcome, by = queue): Promise<RenewalOutcome | undefined> {
    const renew = () => {
      renewals += 1;
      return Promise.resolve(outcome);
    };
    return by.join(renew, turnWith());
  }

  const problem = () => queue.problem;
  const fail = (cause: Problem, by = queue) => ask({ kind: "failed", problem: cause }, by);

  /** The lengths (s) of the back-offs after `count` failures in a row. */
  async function pauses(cause: Problem, count: number): Promise<readonly number[]> {
    const lengths: number[] = [];
    for (let failure = 0; failure < count; failure++) {
      await fail(cause);
      assert.deepEqual(queue.problem, cause);
      const startedAt = clock.now();
      while (problem()) await clock.advance(5 * secondMs);
      lengths.push((clock.now() - startedAt) / secondMs);
    }
    assert.equal(renewals, count);
    return lengths;
  }

  it("grows from 15 seconds to a minute while nothing reaches Volvo", async () => {
    assert.deepEqual(await pauses(offline, 5), [15, 30, 60, 60, 60]);
  });

  it("grows from 15 seconds to half an hour while Volvo ID is down", async () => {
    assert.deepEqual(await pauses(down, 9), [15, 30, 60, 120, 240, 480, 960, 1_800, 1_800]);
  });

  for (const kind of ["clientBlocked", "clientRefused"] as const) {
    it(`grows from a minute to an hour while Volvo ID refuses the application (${kind})`, async () => {
      assert.deepEqual(await pauses({ kind }, 8), [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
      assert.equal(queue.backoff?.problem.kind, kind);
    });
  }

  it("ends at the time that Volvo names", async () => {
    const until = clock.now() + hourMs;
    assert.deepEqual(await pauses({ kind: "rateLimited", until }, 1), [3_600]);
  });

  it("also follows an answer without an access token", async () => {
    await ask({ kind: "renewed", grant: { ...grant, accessToken: "" } });
    assert.deepEqual(queue.problem, { kind: "malformed" });
  });

  for (const [title, outcome] of [
    ["a renewal", { kind: "renewed", grant }],
    ["a sign-in that has ended", { kind: "lost", cause: "signInEnded" }],
    ["a sign-in that was replaced", { kind: "replaced" }],
  ] as const) {
    it(`starts over after ${title}`, async () => {
      await fail(down);
      await clock.advance(15 * secondMs);
      assert.deepEqual(await ask(outcome), outcome);
      assert.equal(memory.get(), undefined);
      await fail(down);
      await clock.advance(15 * secondMs);
      assert.equal(queue.problem, undefined);
    });
  }

  it("continues to grow after a turn of a window with an old copy of the sign-in", async () => {
    await fail(down);
    await clock.advance(15 * secondMs);
    await ask({ kind: "elsewhere" });
    await fail(down);
    await clock.advance(15 * secondMs);
    assert.deepEqual(queue.problem, down);
  });

  it("ends if the clock is set back", async () => {
    await fail(down);
    clock.jump(-hourMs);
    assert.equal(queue.problem, undefined);
    assert.deepEqual(await ask({ kind: "renewed", grant }), { kind: "renewed", grant });
  });

  it("ends for another sign-in", async () => {
    await fail(down);
    queue.startAfresh();
    assert.equal(queue.problem, undefined);
  });

  it("is shared by two windows with the same memory", async () => {
    const other = new RenewalQueue(clock, memory);
    await fail(down);
    assert.equal(await fail(down, other), undefined);
    assert.deepEqual([renewals, other.problem], [1, down]);
    await clock.advance(15 * secondMs);
    await fail(down, other);
    await clock.advance(29 * secondMs);
    assert.deepEqual([renewals, queue.problem], [2, down]);
    await clock.advance(secondMs);
    assert.deepEqual(await ask({ kind: "renewed", grant }), { kind: "renewed", grant });
    assert.deepEqual([renewals, other.problem], [3, undefined]);
  });

  for (const [remainingMs, limitMs] of [
    [Infinity, 30 * secondMs],
    [4 * secondMs, 4 * secondMs],
  ] as const) {
    it(`leaves a request without an outcome after ${limitMs / secondMs} s, and begins only when the renewal has failed`, async () => {
      const turn = turnWith(undefined, { remainingMs: () => remainingMs });
      let end: (outcome: RenewalOutcome) => void = () => undefined;
      let outcome: unknown = "none yet";
      const renew = () => new Promise<RenewalOutcome>((resolve) => (end = resolve));
      void queue.join(renew, turn).then((left) => (outcome = left));
      await clock.advance(limitMs - 1);
      assert.equal(outcome, "none yet");
      await clock.advance(1);
      assert.deepEqual([outcome, queue.problem], [undefined, undefined]);
      end({ kind: "failed", problem: down });
      await queue.whenIdle();
      assert.deepEqual(queue.problem, down);
    });
  }

  it("does not prevent a request from joining the renewal under way", async () => {
    let end: (outcome: RenewalOutcome) => void = () => undefined;
    const first = queue.join(() => new Promise((resolve) => (end = resolve)), turnWith());
    const since = clock.now();
    memory.set({ failures: 1, refusals: 0, since, until: since + minuteMs, problem: down });
    const second = fail(down);
    end({ kind: "renewed", grant });
    assert.deepEqual(await Promise.all([first, second]), [
      { kind: "renewed", grant },
      { kind: "renewed", grant },
    ]);
    assert.equal(renewals, 0);
  });
});

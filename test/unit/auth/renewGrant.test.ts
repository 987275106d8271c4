import assert from "node:assert/strict";
import type { Grant, VolvoIdGrant } from "../../../src/auth/credentials";
import { renewGrant, type RenewalOutcome } from "../../../src/auth/refreshToken";
import type { TokenAnswer } from "../../../src/auth/tokenAnswer";
import type { TokenOutcome } from "../../../src/auth/tokenEndpoint";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { RecordingLog } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";

const now = new FakeClock().now();
const known: VolvoIdGrant = {
  ...{ kind: "volvoId", signInId: "one", generation: 1, origin: "https://a.b", issuer: "https://c.d" },
  ...{ clientId: "client", clientSecret: "secret", accessToken: "old", refreshToken: "used", scopes: ["openid"] },
  ...{ label: "d…@example.com", signedInAt: now - hourMs, refreshedAt: now - hourMs, expiresAt: now - minuteMs },
};
const answered: TokenAnswer = { accessToken: "new", refreshToken: "next", lifetimeMs: 299_000, label: "" };
const tokens = (changes: Partial<TokenAnswer> = {}): TokenOutcome => ({
  kind: "tokens",
  tokens: { ...answered, ...changes },
});
const refused = (error: string): TokenOutcome => ({ kind: "refused", error, description: "" });
const lost: TokenOutcome = { kind: "noAnswer", problem: { kind: "timeout" }, mayHaveArrived: true, note: "reset" };

/** The surroundings of a renewal: the stored secret, the fence, Volvo ID and the turn. */
class Renewing {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  stored: Grant | undefined = known;
  fence = 1;
  answer: TokenOutcome = tokens();
  /** The answers before `answer`. */
  readonly firstAnswers: TokenOutcome[] = [];
  /** Called while Volvo ID answers. */
  meanwhile: () => void = () => undefined;
  isHeld = true;
  isQuiet = false;
  isReadable = true;
  isWritable = true;
  readonly presented: string[] = [];
  readonly revoked: string[] = [];

  async outcome(refusedToken?: string): Promise<RenewalOutcome> {
    const { clock, log } = this;
    const unreadable = () => Promise.reject(new Error("no answer"));
    const renewal = renewGrant(
      {
        clock,
        log,
        openedAt: now,
        isQuiet: () => this.isQuiet,
        store: {
          load: () => (this.isReadable ? Promise.resolve({ grant: this.stored } as never) : unreadable()),
          saveGrant: (grant) => Promise.resolve(void (this.stored = grant)),
        },
        fence: {
          read: () => (this.isReadable ? Promise.resolve(this.fence) : unreadable()),
          writtenAt: () => Promise.resolve(0),
          write: (generation) =>
            this.isWritable ? Promise.resolve(void (this.fence = generation)) : Promise.reject(new Error("full")),
        },
        endpoint: {
          refresh: (_, token) => {
            this.presented.push(token);
            this.meanwhile();
            return Promise.resolve(this.firstAnswers.shift() ?? this.answer);
          },
          revoke: (_, token) => Promise.resolve(void this.revoked.push(token)),
        },
      },
      turnWith(undefined, { isHeld: () => Promise.resolve(this.isHeld) }),
      known,
      refusedToken,
    );
    await clock.advance(5 * secondMs);
    return renewal;
  }

  get generation(): number | undefined {
    return this.stored && "generation" in this.stored ? this.stored.generation : undefined;
  }
}

describe("a renewed sign-in", () => {
  let renewing: Renewing;

  beforeEach(() => (renewing = new Renewing()));

  it("has the new tokens, the next generation, and the old values that the answer lacks", async () => {
    const expected: VolvoIdGrant = {
      ...known,
      ...{ generation: 2, accessToken: "new", refreshToken: "next", refreshedAt: now, expiresAt: now + 299_000 },
    };
    assert.deepEqual(await renewing.outcome(), { kind: "renewed", grant: expected });
    assert.deepEqual(renewing.stored, expected);
    assert.equal(renewing.fence, 2);
  });

  it("has the scopes and the label of the answer", async () => {
    renewing.answer = tokens({ scopes: ["a", "b"], label: "e…@example.com" });
    const outcome = await renewing.outcome();
    assert.ok(outcome.kind === "renewed");
    assert.deepEqual([outcome.grant.scopes, outcome.grant.label], [["a", "b"], "e…@example.com"]);
  });

  it("keeps its refresh token if the answer has none, and expires at once if the answer has no access token", async () => {
    renewing.answer = { kind: "tokens", tokens: { lifetimeMs: 299_000, label: "" } };
    const outcome = await renewing.outcome();
    assert.ok(outcome.kind === "renewed");
    const { accessToken, refreshToken, expiresAt } = outcome.grant;
    assert.deepEqual([accessToken, refreshToken, expiresAt], ["", "used", 0]);
  });

  it("is the one that another window has stored, if it is fresh and was not refused", async () => {
    const newer: VolvoIdGrant = { ...known, generation: 2, accessToken: "fresh", expiresAt: now + hourMs };
    renewing.stored = newer;
    renewing.fence = 2;
    assert.deepEqual(await renewing.outcome(), { kind: "renewed", grant: newer });
    assert.deepEqual(renewing.presented, []);
    assert.equal((await renewing.outcome("fresh")).kind, "renewed");
    assert.deepEqual(renewing.presented, ["used"]);
  });

  it("is used even if its generation cannot be written, which is logged", async () => {
    renewing.isWritable = false;
    assert.equal((await renewing.outcome()).kind, "renewed");
    assert.deepEqual(renewing.log.lines, ["warn The generation could not be written: full"]);
    renewing = new Renewing();
    await renewing.outcome();
    assert.deepEqual(renewing.log.lines, []);
  });

  describe("whose answer comes after the turn was lost", () => {
    beforeEach(() => (renewing.meanwhile = () => (renewing.isHeld = false)));

    it("is stored, because its tokens are the only valid ones", async () => {
      const outcome = await renewing.outcome();
      assert.ok(outcome.kind === "renewed");
      assert.deepEqual([outcome.grant.accessToken, renewing.generation, renewing.fence], ["new", 2, 2]);
    });

    it("gets a later generation than the one that another window has stored in the meantime", async () => {
      renewing.meanwhile = () => {
        Object.assign(renewing, { isHeld: false, stored: { ...known, generation: 5 }, fence: 5 });
      };
      await renewing.outcome();
      assert.deepEqual([renewing.generation, renewing.fence], [6, 6]);
    });

    it("waits two seconds for the generation in the fence, and gets a later one", async () => {
      const startedAt = renewing.clock.now();
      let storedAt = 0;
      renewing.meanwhile = () => Object.assign(renewing, { isHeld: false, fence: 7 });
      const waiting = renewing.outcome();
      renewing.clock.after(1_900, () => assert.equal(renewing.fence, 7));
      renewing.clock.after(2_050, () => (storedAt = renewing.fence === 8 ? renewing.clock.now() : 0));
      assert.equal((await waiting).kind, "renewed");
      assert.equal(storedAt - startedAt, 2_050);
      assert.deepEqual([renewing.generation, renewing.fence], [8, 8]);
    });

    it("waits no longer once that generation has arrived", async () => {
      renewing.meanwhile = () => Object.assign(renewing, { isHeld: false, fence: 7 });
      const waiting = renewing.outcome();
      renewing.clock.after(1_050, () => (renewing.stored = { ...known, generation: 7 }));
      renewing.clock.after(1_250, () => assert.equal(renewing.fence, 8));
      await waiting;
      assert.equal(renewing.generation, 8);
    });

    it("is stored even if nothing can be read then", async () => {
      renewing.meanwhile = () => Object.assign(renewing, { isHeld: false, isReadable: false });
      assert.equal((await renewing.outcome()).kind, "renewed");
      assert.equal(renewing.generation, 3, "later than what may be there");
    });

    for (const [title, stored] of [
      ["signed out", undefined],
      ["signed in anew", { ...known, signInId: "another" }],
      ["pasted a token", { kind: "testToken", origin: known.origin, accessToken: "pasted" }],
    ] as const) {
      it(`is ended at Volvo's side, and not stored, if the user has ${title} in the meantime`, async () => {
        renewing.meanwhile = () => Object.assign(renewing, { isHeld: false, stored });
        assert.deepEqual(await renewing.outcome(), { kind: "replaced" });
        assert.deepEqual(renewing.stored, stored);
        assert.deepEqual(renewing.revoked, ["next"]);
      });
    }
  });
});

describe("a sign-in that cannot be renewed", () => {
  let renewing: Renewing;

  beforeEach(() => (renewing = new Renewing()));

  it("has ended if Volvo ID says so, which is stored", async () => {
    renewing.answer = refused("invalid_grant");
    const outcome = await renewing.outcome();
    assert.ok(outcome.kind === "ended");
    assert.deepEqual(renewing.stored, outcome.grant);
    assert.deepEqual([outcome.grant.kind, renewing.generation, renewing.fence], ["volvoIdEnded", 2, 2]);
    assert.deepEqual(renewing.presented, ["used"]);
  });

  for (const [title, stored] of [
    ["another sign-in", { ...known, signInId: "another" }],
    ["a pasted token", { kind: "testToken", origin: known.origin, accessToken: "pasted" }],
    ["nothing", undefined],
  ] as const) {
    it(`is replaced if ${title} is stored by then`, async () => {
      renewing.stored = stored;
      assert.deepEqual(await renewing.outcome(), { kind: "replaced" });
      assert.deepEqual(renewing.presented, []);
      renewing = new Renewing();
      renewing.answer = refused("invalid_grant");
      renewing.meanwhile = () => (renewing.stored = stored);
      assert.deepEqual(await renewing.outcome(), { kind: "replaced" });
      assert.deepEqual(renewing.stored, stored);
    });
  }

  it("has not ended if the refused token was outdated by then: the newer one is presented", async () => {
    renewing.firstAnswers.push(refused("invalid_grant"));
    renewing.meanwhile = () => {
      renewing.stored = { ...known, generation: 2, refreshToken: "newer" };
      renewing.fence = 2;
    };
    assert.equal((await renewing.outcome()).kind, "renewed");
    assert.deepEqual(renewing.presented, ["used", "newer"]);
    assert.equal(renewing.generation, 3);
  });

  it("is given up after three rounds in which another window was faster", async () => {
    renewing.answer = refused("invalid_grant");
    renewing.meanwhile = () => {
      const generation = (renewing.generation ?? 0) + 1;
      renewing.stored = { ...known, generation, refreshToken: `token ${generation}` };
      renewing.fence = generation;
    };
    assert.deepEqual(await renewing.outcome(), { kind: "failed", problem: { kind: "timeout" } });
    assert.deepEqual(renewing.presented, ["used", "token 2", "token 3"]);
  });

  it("has not ended if the turn was lost and the fence has a newer generation", async () => {
    renewing.answer = refused("invalid_grant");
    renewing.meanwhile = () => Object.assign(renewing, { isHeld: false, fence: 2 });
    const outcome = await renewing.outcome();
    assert.notEqual(outcome.kind, "ended");
    assert.equal(renewing.stored, known);
  });

  it("keeps its refresh token if Volvo ID refuses the application", async () => {
    for (const [error, kind] of [
      ["invalid_client", "clientRefused"],
      ["unauthorized_client", "clientBlocked"],
      ["", "clientBlocked"],
    ] as const) {
      renewing.answer = refused(error);
      assert.deepEqual(await renewing.outcome(), { kind: "failed", problem: { kind } }, error);
      assert.equal(renewing.stored, known);
    }
    assert.deepEqual(
      renewing.log.lines.map((line) => line.split(" ")[0]),
      ["warn", "warn", "warn"],
    );
  });

  it("is presented once more after a lost answer, but not after a request that did not arrive", async () => {
    renewing.answer = lost;
    assert.deepEqual(await renewing.outcome(), { kind: "failed", problem: { kind: "timeout" } });
    assert.deepEqual(renewing.presented, ["used", "used"]);
    assert.equal(renewing.log.lines.length, 2);
    renewing = new Renewing();
    renewing.answer = { ...lost, mayHaveArrived: false };
    assert.deepEqual(await renewing.outcome(), { kind: "failed", problem: { kind: "timeout" } });
    assert.deepEqual(renewing.presented, ["used"]);
    renewing = new Renewing();
    renewing.isHeld = false;
    assert.deepEqual(await renewing.outcome(), { kind: "failed", problem: { kind: "timeout" } });
    assert.deepEqual(renewing.presented, []);
  });

  it("is elsewhere if the fence is ahead for two seconds, and is presented if no window asks any more", async () => {
    renewing.fence = 2;
    assert.deepEqual(await renewing.outcome(), { kind: "elsewhere" });
    assert.deepEqual(renewing.presented, []);
    renewing.isQuiet = true;
    const outcome = await renewing.outcome();
    assert.ok(outcome.kind === "renewed");
    assert.deepEqual([outcome.grant.generation, renewing.presented], [3, ["used"]]);
  });

  it("is used if it arrives within two seconds", async () => {
    renewing.fence = 2;
    renewing.clock.after(1_950, () => (renewing.stored = { ...known, generation: 2, refreshToken: "newer" }));
    assert.equal((await renewing.outcome()).kind, "renewed");
    assert.deepEqual(renewing.presented, ["newer"]);
  });

  it("is reported as unavailable if the secrets cannot be read", async () => {
    renewing.isReadable = false;
    const problem = { kind: "secretsUnavailable", cause: "noAnswer" };
    assert.deepEqual(await renewing.outcome(), { kind: "failed", problem });
    assert.deepEqual(renewing.log.lines, ["error The sign-in could not be renewed: no answer"]);
  });
});

import assert from "node:assert/strict";
import { secretKeys } from "../../src/auth/credentialStore";
import { type NewSignIn, parseGrant } from "../../src/auth/credentials";
import { minuteMs, secondMs, sleep } from "../../src/base/clock";
import type { Turns } from "../../src/base/turn";
import { apiOrigin, type AuthWindow, AuthWorld, issuer, tokenOrProblem } from "../support/auth/world";
import { turnsWith } from "../support/turn";

const lifetimeMs = 299 * secondMs;

/** Turns that are lost as soon as the token endpoint receives a request, as for a suspended process. */
function turnsLostInRenewal(world: AuthWorld, whenLost: () => Promise<boolean> = () => Promise.resolve(false)): Turns {
  const isLost = () => world.volvo.requests.of("token").length > 0;
  return turnsWith({ isHeld: () => (isLost() ? whenLost() : Promise.resolve(true)) });
}

describe("a window that lost the lock while Volvo's response was in transit", () => {
  let world: AuthWorld;
  let slow: AuthWindow;
  const record = () => JSON.parse(world.secrets.disk.get(secretKeys.grant) ?? "{}") as Record<string, unknown>;

  beforeEach(async () => {
    world = new AuthWorld();
    world.signIn();
    slow = await world.opened({ turns: turnsLostInRenewal(world) });
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "slow-20-s", kind: "token", times: 1 });
  });

  it("keeps the tokens, because they are the only valid ones", async () => {
    assert.match(tokenOrProblem(await world.after(slow.authorize())), /^ey/);
    await world.clock.advance(secondMs);
    assert.equal(record()["generation"], 2);
  });

  it("keeps them even if the lock folder no longer answers, which a turn waits 5 s for", async () => {
    const isHeld = () => sleep(world.clock, 5 * secondMs).then(() => false);
    const window = await world.opened({ turns: turnsLostInRenewal(world, isHeld) });
    assert.match(tokenOrProblem(await world.after(window.authorize())), /^ey/);
    await world.clock.advance(secondMs);
    assert.equal(record()["generation"], 2);
  });

  it("stores them although the other window has stored the sign-in as ended", async () => {
    const secrets = world.secrets.open();
    const waiting = slow.authorize();
    await world.clock.advance(secondMs);
    const { accessToken: _, refreshToken: __, ...rest } = record();
    await secrets.store(secretKeys.grant, JSON.stringify({ ...rest, kind: "volvoIdEnded", generation: 2 }));
    assert.match(tokenOrProblem(await world.after(waiting)), /^ey/);
    await world.clock.advance(secondMs);
    assert.deepEqual([record()["kind"], record()["generation"]], ["volvoId", 3]);
  });

  it("discards them if the user has signed out in the meantime", async () => {
    const secrets = world.secrets.open();
    const waiting = slow.authorize();
    await world.clock.advance(secondMs);
    await secrets.delete(secretKeys.grant);
    assert.equal(tokenOrProblem(await world.after(waiting)), "credentialsMissing");
    assert.equal(world.secrets.disk.has(secretKeys.grant), false);
    assert.equal(world.events.at(-1), "revoked");
  });
});

describe("a user action during a renewal", () => {
  let world: AuthWorld;
  let renewing: AuthWindow;
  const stored = () => parseGrant(world.secrets.disk.get(secretKeys.grant) ?? "");

  beforeEach(async () => {
    world = new AuthWorld();
    world.signIn();
    renewing = await world.opened();
    await world.clock.advance(lifetimeMs);
  });

  /** A sign-in that Volvo ID has just issued. */
  function anotherSignIn(): NewSignIn {
    const { clientId, clientSecret } = world.volvo.volvoId.options;
    const { access_token: accessToken, refresh_token: refreshToken } = world.volvo.volvoId.signIn();
    const now = world.clock.now();
    const times = { expiresAt: now + lifetimeMs, refreshedAt: now, signedInAt: now };
    const client = { issuer, clientId, clientSecret };
    return { ...client, ...times, signInId: "another", accessToken, refreshToken, scopes: [], label: "" };
  }

  for (const where of ["in the same window", "in another window"] as const) {
    for (const afterMs of [500, 9_000, 15_000]) {
      const when = `${afterMs / secondMs} s after it began, ${where}`;

      /** Starts a renewal that takes 20 s, runs `what` during it and advances a minute. */
      async function during(what: (window: AuthWindow) => Promise<void>): Promise<AuthWindow> {
        const user = where === "in the same window" ? renewing : await world.opened();
        world.volvo.faults.inject({ name: "slow-20-s", kind: "token", times: 1 });
        const renewal = renewing.authorize();
        await world.clock.advance(afterMs);
        const done = what(user);
        await world.clock.advance(minuteMs);
        await Promise.all([renewal, done]);
        return user;
      }

      it(`signs out, and the renewal does not undo that, ${when}`, async () => {
        const user = await during(({ session }) => session.signOut());
        for (const { session } of [user, renewing]) {
          assert.deepEqual(session.current, { kind: "incomplete", hasApiKey: true, hasGrant: false });
        }
        assert.equal(stored(), undefined);
        assert.equal(world.events.at(-1), "revoked");
      });

      it(`stores a pasted token, and the renewal does not replace it, ${when}`, async () => {
        const user = await during(({ session }) => session.saveTestToken("pasted"));
        for (const window of [user, renewing]) assert.equal(tokenOrProblem(await window.authorize()), "pasted");
        assert.deepEqual(stored(), { kind: "testToken", origin: apiOrigin, accessToken: "pasted" });
        assert.equal(world.events.at(-1), "revoked");
      });

      it(`stores a new sign-in, and the renewal does not replace it, ${when}`, async () => {
        const user = await during(({ session }) => session.saveSignIn(anotherSignIn()));
        for (const window of [user, renewing]) {
          assert.match(tokenOrProblem(await world.after(window.authorize())), /^ey/);
        }
        const grant = stored();
        assert.equal(grant?.kind === "volvoId" && grant.signInId, "another");
      });
    }
  }

  for (const [what, act] of [
    ["sign-out", ({ session }: AuthWindow) => session.signOut()],
    ["pasted token", ({ session }: AuthWindow) => session.saveTestToken("pasted")],
    ["new sign-in", ({ session }: AuthWindow) => session.saveSignIn(anotherSignIn())],
  ] as const) {
    it(`waits ten seconds for a turn and then takes over the renewal's: ${what}`, async () => {
      const user = await world.opened();
      world.volvo.faults.inject({ name: "black-hole", kind: "token", times: 1 });
      void renewing.authorize();
      await world.clock.advance(secondMs);
      let isDone = false;
      const done = act(user).then(() => (isDone = true));
      await world.clock.advance(9 * secondMs);
      assert.equal(isDone, false);
      assert.match(stored()?.kind ?? "", /volvoId/);
      await world.clock.advance(3 * secondMs);
      assert.equal(isDone, true);
      await done;
      const grant = stored();
      assert.notEqual(grant?.kind === "volvoId" && grant.signInId, "the-sign-in");
    });
  }

  it("raises the generation after taking over a turn, before it stores anything", async () => {
    const fence = () => Number(world.disk.contents.get("state/refresh/refresh.generation")?.split(" ")[0] ?? 0);
    const user = await world.opened();
    world.volvo.faults.inject({ name: "black-hole", kind: "token", times: 1 });
    void renewing.authorize();
    await world.clock.advance(secondMs);
    const save = user.store.saveGrant.bind(user.store);
    let fenceWhenStoring = 0;
    user.store.saveGrant = (grant) => {
      fenceWhenStoring = fence();
      return save(grant);
    };
    await world.after(user.session.saveSignIn(anotherSignIn()));
    assert.equal(fenceWhenStoring, 2);
    await world.clock.advance(secondMs);
    const grant = stored();
    assert.deepEqual([grant?.kind === "volvoId" && grant.generation, fence()], [3, 3]);
  });

  it("without a takeover uses the next generation, and keeps the lock until VS Code has written the secret", async () => {
    const other = await world.opened();
    await world.after(other.session.saveSignIn(anotherSignIn()));
    assert.equal(await renewing.turns.take("check", () => Promise.resolve()), undefined);
    await world.clock.advance(250);
    const grant = stored();
    assert.deepEqual(grant?.kind === "volvoId" && [grant.signInId, grant.generation], ["another", 2]);
    assert.ok(await renewing.turns.take("check", () => Promise.resolve()));
  });

  it("waits up to a second for the last stored sign-in, so its late arrival does not undo the action", async () => {
    const late = await world.opened();
    const old = world.secrets.disk.get(secretKeys.grant) ?? "";
    world.disk.put("state/refresh/refresh.generation", `2 ${world.clock.now()}`);
    let isDone = false;
    const done = late.session.saveTestToken("pasted").then(() => (isDone = true));
    await world.clock.advance(900);
    assert.equal(isDone, false);
    await world.secrets.open().store(secretKeys.grant, old.replace('"generation":1', '"generation":2'));
    await world.clock.advance(secondMs);
    await done;
    assert.deepEqual(stored(), { kind: "testToken", origin: apiOrigin, accessToken: "pasted" });
  });

  it("fails and changes nothing if other windows always have the turn", async () => {
    const busy = await world.opened({ turns: { take: () => Promise.resolve(undefined) } });
    const before = new Map(world.secrets.disk);
    for (const act of [
      () => busy.session.signOut(),
      () => busy.session.deleteAll(),
      () => busy.session.saveTestToken("pasted"),
      () => busy.session.saveSignIn(anotherSignIn()),
    ]) {
      await assert.rejects(world.after(act()), /Another window changes the sign-in/);
    }
    await world.clock.advance(secondMs);
    assert.deepEqual(world.secrets.disk, before);
    assert.ok(!world.events.includes("revoked"));
    assert.equal(busy.session.current.kind, "ready");
  });

  it("stores a new sign-in even if Volvo ID rejects the client of the old one", async () => {
    const unknown = await world.opened({
      fetch: async () => {
        await sleep(world.clock, 20 * secondMs);
        return Response.json({ error: "invalid_client" }, { status: 401 });
      },
    });
    const renewal = unknown.authorize();
    await world.clock.advance(secondMs);
    const done = renewing.session.saveSignIn(anotherSignIn());
    await world.clock.advance(minuteMs);
    await Promise.all([renewal, done]);
    const grant = stored();
    assert.equal(grant?.kind === "volvoId" && grant.signInId, "another");
    assert.deepEqual([renewing.session.current.kind, unknown.session.current.kind], ["ready", "ready"]);
  });
});

import assert from "node:assert/strict";
import type { GrantLockFile } from "../../../src/auth/grantLock";
import { secretKeys } from "../../../src/auth/credentialStore";
import { parseGrant } from "../../../src/auth/credentials";
import type { NewSignIn } from "../../../src/auth/sessionPorts";
import { minuteMs, secondMs, sleep } from "../../../src/base/clock";
import type { Hold } from "../../../src/base/numberedLock";
import { apiOrigin, type AuthWindow, AuthWorld, issuer, tokenOrProblem } from "../../support/authWorld";

const lifetimeMs = 299 * secondMs;

/** A lock that is lost as soon as the token endpoint receives a request, as for a suspended process. */
function losing(world: AuthWorld): GrantLockFile {
  const hold: Hold = {
    number: 1,
    stillHeld: () => Promise.resolve(world.volvo.requests.of("token").length === 0),
    release: () => Promise.resolve(),
    releaseNow: () => undefined,
  };
  return { acquire: () => Promise.resolve(hold), takeOver: () => Promise.resolve(hold) };
}

describe("a window that lost the lock while Volvo's response was in transit", () => {
  let world: AuthWorld;
  let slow: AuthWindow;
  const record = () => JSON.parse(world.secrets.disk.get(secretKeys.grant) ?? "{}") as Record<string, unknown>;

  beforeEach(async () => {
    world = new AuthWorld();
    world.signIn();
    slow = await world.opened({ lock: losing(world) });
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "slow-20-s", kind: "token", times: 1 });
  });

  it("keeps the tokens, because they are the only valid ones", async () => {
    assert.match(tokenOrProblem(await world.after(slow.authorize())), /^ey/);
    await world.clock.advance(secondMs);
    assert.equal(record()["generation"], 2);
  });

  it("keeps them even if the lock folder no longer answers", async () => {
    const lock = losing(world);
    const hold = await lock.acquire(new AbortController().signal, 0);
    assert.ok(hold);
    const hung = new Promise<never>(() => undefined);
    const acquire = () => Promise.resolve({ ...hold, stillHeld: async () => (await hold.stillHeld()) || hung });
    const window = await world.opened({ lock: { ...lock, acquire } });
    assert.match(tokenOrProblem(await world.after(window.authorize())), /^ey/);
    await world.clock.advance(secondMs);
    assert.equal(record()["generation"], 2);
  });

  it("keeps them over the ended sign-in that the other window stored", async () => {
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
      const when = `${afterMs / secondMs} s after its beginning ${where}`;

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

      it(`signs out, and the renewal does not undo it, ${when}`, async () => {
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

import assert from "node:assert/strict";
import { endedGrant, parseGrant } from "../../../src/auth/credentials";
import { secretKeys } from "../../../src/auth/credentialStore";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { apiOrigin, type AuthWindow, AuthWorld, tokenOrProblem } from "../../support/auth/world";
import { systemError } from "../../support/disk/memoryFolder";
import { turnWith } from "../../support/turn";

const lifetimeMs = 299 * secondMs;
const erofs = systemError("EROFS");

/** The signal of a caller that does not wait for the answer. */
function leaver(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error("left")) };
}

describe("a sign-in with Volvo ID", () => {
  let world: AuthWorld;
  let window: AuthWindow;

  beforeEach(async () => {
    world = new AuthWorld();
    world.signIn();
    window = await world.opened();
  });

  const authorize = (from = window, purpose?: "check" | "refresh") => world.after(from.authorize(purpose));
  const tokenRequests = () => world.volvo.requests.of("token").length;
  const stored = () => parseGrant(world.secrets.disk.get(secretKeys.grant) ?? "");

  it("is used without a renewal while its access token is fresh", async () => {
    const first = tokenOrProblem(await authorize());
    await world.clock.advance(lifetimeMs - 61 * secondMs);
    assert.equal(tokenOrProblem(await authorize()), first);
    assert.equal(tokenRequests(), 0);
  });

  it("is renewed shortly before its access token ends, and only when a request is due", async () => {
    const first = tokenOrProblem(await authorize());
    await world.clock.advance(lifetimeMs - 59 * secondMs);
    assert.equal(tokenRequests(), 0);
    const second = tokenOrProblem(await authorize());
    assert.notEqual(second, first);
    assert.match(second, /^ey/);
    assert.equal(tokenRequests(), 1);
  });

  it("is renewed once for 20 concurrent callers in one turn", async () => {
    await world.clock.advance(lifetimeMs);
    const outcome = await world.after(
      window.turns.take("check", (turn) =>
        Promise.all(Array.from({ length: 20 }, () => window.session.authorize(apiOrigin, turn))),
      ),
    );
    assert.ok(outcome);
    const tokens = outcome.value.map(tokenOrProblem);
    assert.equal(new Set(tokens).size, 1);
    assert.match(tokens[0] ?? "", /^ey/);
    assert.equal(tokenRequests(), 1);
    assert.deepEqual(world.events, ["signed-in", "refreshed"]);
  });

  it("is renewed once for 20 concurrent callers in as many turns of two windows", async () => {
    const other = await world.opened();
    await world.clock.advance(lifetimeMs);
    const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? window : other).authorize());
    const tokens = (await world.after(Promise.all(callers))).map(tokenOrProblem);
    assert.equal(new Set(tokens).size, 1);
    assert.match(tokens[0] ?? "", /^ey/);
    assert.deepEqual(world.events, ["signed-in", "refreshed"]);
  });

  it("is renewed once for 20 callers whose token was refused", async () => {
    const refused = await authorize();
    assert.ok("accessToken" in refused);
    const turn = turnWith();
    const renewals = Array.from({ length: 20 }, () => window.session.renew(refused, turn));
    const tokens = (await world.after(Promise.all(renewals))).map(tokenOrProblem);
    assert.equal(new Set(tokens).size, 1);
    assert.notEqual(tokens[0], refused.accessToken);
    assert.equal(tokenRequests(), 1);
  });

  it("gives the newer token at once to a caller whose token was already renewed for another", async () => {
    const refused = await authorize();
    assert.ok("accessToken" in refused);
    const newer = tokenOrProblem(await world.after(window.renew(refused)));
    assert.equal(tokenOrProblem(await world.after(window.renew(refused))), newer);
    assert.equal(tokenRequests(), 1);
  });

  it("never reuses a refused token, but reuses any other valid one", async () => {
    const held = await authorize();
    assert.ok("accessToken" in held);
    world.volvo.faults.inject({ name: "server-error", kind: "token" });
    const renewed = await world.after(window.renew(held));
    assert.deepEqual(renewed, { kind: "serviceUnavailable", cause: "error", status: 500 });
    await world.clock.advance(lifetimeMs - 30 * secondMs);
    assert.equal(tokenOrProblem(await authorize()), held.accessToken);
  });

  it("completes a renewal whose caller has left, and keeps the tokens", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "slow-20-s", kind: "token", times: 1 });
    const { signal, abort } = leaver();
    const left = window.turns.take("check", (turn) => window.session.authorize(apiOrigin, turn), { signal });
    await world.clock.advance(secondMs);
    abort();
    await assert.rejects(left, /left/);
    await world.clock.advance(minuteMs);
    assert.equal(tokenRequests(), 1);
    assert.match(tokenOrProblem(await authorize()), /^ey/);
    assert.equal(tokenRequests(), 1);
  });

  it("keeps other windows out of a turn until a renewal whose caller has left is stored", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "slow-20-s", kind: "token", times: 1 });
    const other = await world.opened();
    const { signal, abort } = leaver();
    const left = window.turns.take("check", (turn) => window.session.authorize(apiOrigin, turn), { signal });
    await world.clock.advance(secondMs);
    abort();
    await assert.rejects(left, /left/);
    await world.clock.advance(18 * secondMs);
    assert.equal(tokenOrProblem(await authorize(other, "check")), "busy");
    await world.clock.advance(2 * secondMs);
    const token = tokenOrProblem(await authorize(other, "check"));
    assert.match(token, /^ey/);
    assert.equal(tokenOrProblem(await authorize()), token);
    assert.equal(tokenRequests(), 1);
  });

  it("is awaited no longer than the turn lasts, and is used once it is renewed", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "slow-20-s", kind: "token", times: 1 });
    const startedAt = world.clock.now();
    assert.deepEqual(await world.after(window.authorize()), { kind: "timeout" });
    const tookMs = world.clock.now() - startedAt;
    assert.ok(tookMs >= 14 * secondMs && tookMs <= 16 * secondMs, `${tookMs} ms`);
    assert.match(tokenOrProblem(await authorize()), /^ey/);
    assert.equal(tokenRequests(), 1);
  });

  it("leaves no unhandled rejection for a caller that left, even if Volvo is slow", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "black-hole", kind: "token" });
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const gone = turnWith(AbortSignal.abort(new Error("left")));
    await assert.rejects(window.session.authorize(apiOrigin, gone), /left/);
    await world.clock.advance(minuteMs);
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });

  it("is stored before the new access token is used, with the next generation and its fence", async () => {
    await world.clock.advance(lifetimeMs);
    const { store } = window;
    const save = store.saveGrant.bind(store);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    store.saveGrant = (grant) => gate.then(() => save(grant));
    let token = "";
    const authorized = window.authorize().then((outcome) => (token = tokenOrProblem(outcome)));
    await world.clock.advance(10 * secondMs);
    assert.deepEqual([tokenRequests(), token], [1, ""]);
    open();
    await world.after(authorized);
    assert.match(token, /^ey/);
    await world.clock.advance(secondMs);
    const grant = stored();
    assert.ok(grant?.kind === "volvoId");
    assert.deepEqual([grant.generation, grant.accessToken], [2, token]);
    assert.match(world.disk.contents.get("state/refresh/refresh.generation") ?? "", /^2 \d+$/);
  });

  it("writes only numbers and lock marks to files", async () => {
    for (let round = 0; round < 3; round++) {
      await world.clock.advance(lifetimeMs);
      await authorize();
    }
    for (const content of world.disk.contents.values()) assert.match(content, /^(\d+ \d+|released|[0-9a-f-]{36} \d+)$/);
  });

  it("lasts for weeks of use", async () => {
    for (let day = 0; day < 60; day++) {
      await world.clock.advance(dayMs);
      assert.match(tokenOrProblem(await authorize()), /^ey/);
    }
    assert.ok(!world.events.includes("refresh-token-reused"));
  });

  it("ends after a week without use", async () => {
    world.clock.jump(8 * dayMs);
    assert.equal(tokenOrProblem(await authorize()), "signInEnded");
    assert.equal(window.session.current.kind, "stopped");
  });

  it("ends after six months, even with regular use", async () => {
    let outcome = "";
    for (let day = 0; day < 190 && outcome !== "signInEnded"; day += 5) {
      world.clock.jump(5 * dayMs);
      outcome = tokenOrProblem(await authorize());
    }
    assert.equal(outcome, "signInEnded");
    assert.equal(world.events.at(-1), "grant-ended");
  });

  it("keeps the data for signing in again after it has ended, but no token", async () => {
    world.volvo.volvoId.endAllSignIns();
    await world.clock.advance(lifetimeMs);
    await authorize();
    await world.clock.advance(secondMs);
    const grant = stored();
    assert.ok(grant?.kind === "volvoIdEnded");
    assert.equal(grant.clientSecret, world.volvo.volvoId.options.clientSecret);
    assert.equal(window.session.client?.clientId, world.volvo.volvoId.options.clientId);
    assert.doesNotMatch(world.secrets.disk.get(secretKeys.grant) ?? "", /rt-|eyJ/);
  });

  it("sends no request to Volvo ID once it has ended, and stays ended after a restart", async () => {
    world.volvo.volvoId.endAllSignIns();
    await world.clock.advance(lifetimeMs);
    await authorize();
    const asked = tokenRequests();
    await authorize();
    await world.clock.advance(hourMs);
    const restarted = await world.opened();
    assert.equal(tokenOrProblem(await authorize(restarted)), "signInEnded");
    assert.equal(tokenRequests(), asked);
  });

  it("survives a restart", async () => {
    await world.clock.advance(lifetimeMs);
    const token = tokenOrProblem(await authorize());
    await world.clock.advance(secondMs);
    window.kill();
    const restarted = await world.opened();
    assert.equal(tokenOrProblem(await authorize(restarted)), token);
    await world.clock.advance(hourMs);
    assert.match(tokenOrProblem(await authorize(restarted)), /^ey/);
    assert.ok(!world.events.includes("refresh-token-reused"));
  });

  it("is renewed after the lock of a window that died during a renewal has expired", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "black-hole", kind: "token", times: 1 });
    void window.authorize();
    await world.clock.advance(secondMs);
    window.kill();
    const other = await world.opened();
    assert.match(tokenOrProblem(await authorize(other)), /^ey/);
  });

  it("is taken without a request from the window that has already renewed it", async () => {
    const other = await world.opened();
    await world.clock.advance(lifetimeMs);
    const [mine, theirs] = await world.after(Promise.all([window.authorize(), other.authorize()]));
    assert.equal(tokenOrProblem(mine), tokenOrProblem(theirs));
    assert.equal(tokenRequests(), 1);
  });

  it("is shown as signed out after a sign-out in another window", async () => {
    const other = await world.opened();
    await world.after(other.session.signOut());
    await world.clock.advance(secondMs);
    assert.deepEqual(window.session.current, { kind: "incomplete", hasApiKey: true, hasGrant: false });
    assert.deepEqual(world.events, ["signed-in", "revoked"]);
  });

  it("is signed out after five seconds even if Volvo ID does not answer", async () => {
    world.volvo.faults.inject({ name: "black-hole", kind: "revoke" });
    await world.after(window.session.signOut(), 6 * secondMs);
    assert.equal(window.session.current.kind, "incomplete");
  });

  it("logs a failed revocation on sign-out, and logs nothing on success", async () => {
    const failures = () => world.logged.filter((line) => line.includes("was not revoked at Volvo ID"));
    world.volvo.faults.inject({ name: "server-error", kind: "revoke" });
    await world.after(window.session.signOut());
    assert.deepEqual(failures(), ["The refresh token was not revoked at Volvo ID: HTTP 500"]);
    world.volvo.faults.clear();
    await world.clock.advance(secondMs);
    world.signIn();
    const other = await world.opened();
    await world.after(other.session.signOut());
    assert.equal(world.events.at(-1), "revoked");
    assert.equal(failures().length, 1);
  });

  it("leaves nothing behind after all data is deleted, not even a response in transit to another window", async () => {
    world.secrets.disk.set(secretKeys.callback, "an answer");
    const other = await world.opened();
    await world.after(other.session.deleteAll());
    await world.clock.advance(secondMs);
    assert.deepEqual([...world.secrets.disk.keys()], []);
  });

  it("is revoked if a test token replaces it, and not if another sign-in does", async () => {
    const { clientId, clientSecret } = world.volvo.volvoId.options;
    const tokens = world.volvo.volvoId.signIn();
    await world.after(
      window.session.saveSignIn({
        signInId: "another",
        issuer: "https://volvoid.eu.volvocars.com",
        clientId,
        clientSecret,
        accessToken: tokens.access_token,
        expiresAt: world.clock.now() + lifetimeMs,
        refreshToken: tokens.refresh_token,
        refreshedAt: world.clock.now(),
        signedInAt: world.clock.now(),
        scopes: [],
        label: "",
      }),
    );
    await world.clock.advance(secondMs);
    assert.deepEqual(world.events, ["signed-in", "signed-in"]);
    await world.after(window.session.saveTestToken("a-test-token"));
    await world.clock.advance(secondMs);
    assert.deepEqual(world.events, ["signed-in", "signed-in", "revoked"]);
    assert.equal(tokenOrProblem(await authorize()), "a-test-token");
  });

  it("is used only for its own origin and issuer", async () => {
    const elsewhere = window.session.authorize("https://example.com", turnWith());
    assert.deepEqual(await elsewhere, { kind: "apiKeyMissing" });
    world.signIn({ issuer: "https://volvoid.example.com" });
    const other = await world.opened();
    assert.equal(tokenOrProblem(await authorize(other)), "credentialsMissing");
    assert.equal(tokenRequests(), 0);
  });

  it("is stored at the third attempt if the first two fail", async () => {
    await world.clock.advance(lifetimeMs);
    const { store } = window;
    const save = store.saveGrant.bind(store);
    let attempts = 0;
    store.saveGrant = (grant) => (++attempts < 3 ? Promise.reject(new Error("no storage")) : save(grant));
    const token = tokenOrProblem(await authorize());
    await world.clock.advance(secondMs);
    const grant = stored();
    assert.deepEqual(grant?.kind === "volvoId" && [grant.generation, grant.accessToken], [2, token]);
    assert.equal(attempts, 3);
    assert.ok(!world.logged.some((line) => line.includes("is not stored")));
  });

  it("keeps tokens that it cannot store, and stores them later", async () => {
    await world.clock.advance(lifetimeMs);
    const { store } = window;
    const save = store.saveGrant.bind(store);
    store.saveGrant = () => Promise.reject(new Error("no storage"));
    const token = tokenOrProblem(await authorize());
    assert.match(token, /^ey/);
    store.saveGrant = save;
    await window.session.reload();
    assert.equal(tokenOrProblem(await authorize()), token);
    await world.clock.advance(lifetimeMs);
    assert.match(tokenOrProblem(await authorize()), /^ey/);
    await world.clock.advance(secondMs);
    const grant = stored();
    assert.deepEqual(grant?.kind === "volvoId" && grant.generation, 3);
    assert.ok(!world.events.includes("refresh-token-reused"));
  });

  describe("in a window that cannot write to the folder of the lock", () => {
    let broken: AuthWindow;

    beforeEach(async () => {
      const fault = (call: string) => (["create", "overwrite", "replace"].includes(call) ? erofs : undefined);
      broken = await world.opened({ fault });
    });

    it("is used until its access token expires, even in its last minute", async () => {
      const token = tokenOrProblem(await authorize(broken));
      assert.match(token, /^ey/);
      await world.clock.advance(lifetimeMs - 30 * secondMs);
      assert.equal(tokenOrProblem(await authorize(broken)), token);
      assert.equal(tokenRequests(), 0);
    });

    it("is not renewed, which is reported, and can still be signed out", async () => {
      await world.clock.advance(lifetimeMs);
      assert.deepEqual(await authorize(broken), { kind: "secretsUnavailable", cause: "noFolder" });
      assert.equal(broken.session.current.kind, "ready");
      assert.equal(tokenRequests(), 0);
      await world.clock.advance(minuteMs);
      assert.match(tokenOrProblem(await authorize()), /^ey/);
      await world.after(broken.session.signOut());
      assert.equal(broken.session.current.kind, "incomplete");
    });
  });

  it("is not renewed in a turn that is not exclusive", async () => {
    await world.clock.advance(lifetimeMs);
    const turn = turnWith(undefined, { isExclusive: false });
    const outcome = await world.after(window.session.authorize(apiOrigin, turn));
    assert.deepEqual(outcome, { kind: "secretsUnavailable", cause: "noFolder" });
    assert.equal(tokenRequests(), 0);
  });

  it("is not presented by a window that has lost its turn", async () => {
    await world.clock.advance(lifetimeMs);
    const turn = turnWith(undefined, { isHeld: () => Promise.resolve(false) });
    assert.deepEqual(await world.after(window.session.authorize(apiOrigin, turn)), { kind: "timeout" });
    assert.equal(tokenRequests(), 0);
  });

  it("is not presented again after a lost answer if the turn was lost in the meantime", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "connection-reset", kind: "token", times: 1 });
    const turn = turnWith(undefined, { isHeld: () => Promise.resolve(tokenRequests() === 0) });
    const outcome = await world.after(window.session.authorize(apiOrigin, turn));
    assert.deepEqual(outcome, { kind: "offline", certificate: false });
    assert.equal(tokenRequests(), 1);
  });

  it("is presented again after a lost answer in a turn that is still held", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "connection-reset", kind: "token", times: 1 });
    assert.match(tokenOrProblem(await world.after(window.session.authorize(apiOrigin, turnWith()))), /^ey/);
    assert.equal(tokenRequests(), 2);
  });

  it("is stored in up to three attempts, a second apart", async () => {
    for (const failures of [2, 3]) {
      await world.clock.advance(lifetimeMs);
      const before = stored();
      assert.ok(before?.kind === "volvoId");
      const { store } = window;
      const save = store.saveGrant.bind(store);
      const triedAt: number[] = [];
      const start = world.clock.now();
      store.saveGrant = (grant) => {
        triedAt.push(world.clock.now() - start);
        return triedAt.length <= failures ? Promise.reject(new Error("no storage")) : save(grant);
      };
      assert.match(tokenOrProblem(await authorize()), /^ey/);
      await world.clock.advance(secondMs);
      assert.deepEqual(triedAt, [0, secondMs, 2 * secondMs]);
      const isStored = failures < 3;
      const grant = stored();
      assert.ok(grant?.kind === "volvoId");
      assert.equal(grant.generation, before.generation + (isStored ? 1 : 0));
      assert.equal(world.logged.includes("The renewed sign-in is not stored: no storage"), !isStored);
      store.saveGrant = save;
    }
  });

  it("keeps the lock until VS Code has written it, and no longer", async () => {
    await world.clock.advance(lifetimeMs);
    const other = await world.opened();
    assert.match(tokenOrProblem(await world.after(window.authorize("check"))), /^ey/);
    let isIdle = false;
    const endsAt = world.clock.now() + 250;
    void window.turns.whenIdle().then(() => (isIdle = true));
    assert.equal(await other.turns.take("check", () => Promise.resolve()), undefined);
    assert.equal(isIdle, false);
    await world.clock.advance(endsAt - world.clock.now());
    assert.equal(isIdle, true);
    assert.ok(await other.turns.take("check", () => Promise.resolve()));
    assert.match(world.secrets.disk.get(secretKeys.grant) ?? "", /"generation":2/);
  });

  it("does not keep the lock if nothing was stored", async () => {
    await authorize();
    const other = await world.opened();
    assert.ok(await other.turns.take("check", () => Promise.resolve()));
  });

  it("is presented by one of two windows until their shared back-off is over", async () => {
    const other = await world.opened();
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "server-error", kind: "token" });
    const problem = { kind: "serviceUnavailable", cause: "error", status: 500 };
    assert.deepEqual(await authorize(), problem);
    assert.deepEqual(await authorize(other), problem);
    assert.equal(tokenRequests(), 1);
    // Failures in a row count over both: after 15 s the wait is 30 s.
    await world.clock.advance(15 * secondMs);
    assert.deepEqual(await authorize(other), problem);
    assert.equal(tokenRequests(), 2);
    await world.clock.advance(25 * secondMs);
    assert.deepEqual(await authorize(), problem);
    assert.equal(tokenRequests(), 2);
    await world.clock.advance(5 * secondMs);
    world.volvo.faults.clear();
    assert.match(tokenOrProblem(await authorize()), /^ey/);
    assert.equal(world.backoff.get(), undefined);
  });

  it("is in the back-off of the other windows for a window that is opened during it", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "server-error", kind: "token" });
    await authorize();
    const opened = await world.opened();
    assert.deepEqual(await authorize(opened), { kind: "serviceUnavailable", cause: "error", status: 500 });
    assert.equal(tokenRequests(), 1);
  });

  it("is recognized as ended from its stored record", () => {
    const grant = stored();
    assert.ok(grant?.kind === "volvoId");
    assert.deepEqual(parseGrant(JSON.stringify(endedGrant(grant, 7))), endedGrant(grant, 7));
  });
});

describe("a window with a stale copy of the secrets", () => {
  let world: AuthWorld;
  const tokenRequests = () => world.volvo.requests.of("token").length;

  beforeEach(() => {
    world = new AuthWorld();
    world.signIn();
  });

  it("never presents an old token, and reports that another window has the sign-in", async () => {
    world = new AuthWorld({ secrets: "web" });
    world.signIn();
    const [newer, stale] = [await world.opened(), await world.opened()];
    await world.clock.advance(lifetimeMs);
    assert.match(tokenOrProblem(await world.after(newer.authorize())), /^ey/);
    for (let time = 0; time < 3; time++) {
      assert.equal(tokenOrProblem(await world.after(stale.authorize())), "signedInElsewhere");
      assert.equal(stale.session.current.kind, "ready", "it may be the only window that asks later");
      await world.clock.advance(minuteMs);
    }
    assert.deepEqual(world.events, ["signed-in", "refreshed"]);
    assert.equal(world.backoff.get(), undefined, "it does not delay other windows");
    const reloaded = await world.opened();
    assert.match(tokenOrProblem(await world.after(reloaded.authorize())), /^ey/);
  });

  it("reports the end of the sign-in if the newer one died with its window, until the next sign-in", async () => {
    const before = await world.opened();
    const { grant } = await before.store.load();
    assert.ok(grant?.kind === "volvoId");
    await world.server().refresh(grant, grant.refreshToken);
    world.disk.put("state/refresh/refresh.generation", `2 ${world.clock.now()}`);
    await world.clock.advance(lifetimeMs);
    assert.equal(tokenOrProblem(await world.after(before.authorize())), "signedInElsewhere");
    const reloaded = await world.opened();
    assert.equal(tokenOrProblem(await world.after(reloaded.authorize())), "signInEnded");
    assert.equal(reloaded.session.current.kind, "stopped");
    assert.deepEqual(world.events, ["signed-in", "refreshed", "refresh-token-reused"]);
    const record = world.secrets.disk.get(secretKeys.grant) ?? "";
    assert.match(record, /"kind":"volvoId"/, "an uncertain end is not stored");
    assert.equal(tokenOrProblem(await world.after(reloaded.authorize())), "signInEnded");
    assert.equal(tokenRequests(), 2, "it is presented once");
    const { refresh_token: refreshToken } = world.volvo.volvoId.signIn();
    const newer = JSON.stringify({ ...grant, generation: 2, refreshToken });
    await world.secrets.open().store(secretKeys.grant, newer);
    await world.clock.advance(secondMs);
    assert.equal(reloaded.session.current.kind, "ready");
    assert.match(tokenOrProblem(await world.after(reloaded.authorize())), /^ey/);
  });

  it("presents its copy if no window asks any more, and continues with the tokens from Volvo", async () => {
    world.disk.put("state/refresh/refresh.generation", `7 ${world.clock.now()}`);
    const window = await world.opened();
    await world.clock.advance(lifetimeMs);
    assert.equal(tokenOrProblem(await world.after(window.authorize())), "signedInElsewhere");
    assert.equal(tokenRequests(), 0);
    world.isQuiet = true;
    const token = tokenOrProblem(await world.after(window.authorize()));
    assert.match(token, /^ey/);
    await world.clock.advance(secondMs);
    const grant = parseGrant(world.secrets.disk.get(secretKeys.grant) ?? "");
    assert.deepEqual(grant?.kind === "volvoId" && [grant.generation, grant.accessToken], [8, token]);
    assert.match(world.disk.contents.get("state/refresh/refresh.generation") ?? "", /^8 /);
    assert.deepEqual(world.events, ["signed-in", "refreshed"]);
  });

  it("presents its copy once if no window asks any more and Volvo refuses it, and leaves the stored one to a reloaded window", async () => {
    world = new AuthWorld({ secrets: "web" });
    world.signIn();
    const [newer, stale] = [await world.opened(), await world.opened()];
    await world.clock.advance(lifetimeMs);
    assert.match(tokenOrProblem(await world.after(newer.authorize())), /^ey/);
    newer.kill();
    const record = world.secrets.disk.get(secretKeys.grant);
    world.isQuiet = true;
    for (let time = 0; time < 3; time++) {
      assert.equal(tokenOrProblem(await world.after(stale.authorize())), "signedInElsewhere");
    }
    assert.deepEqual(stale.session.current.kind === "stopped" && stale.session.current.cause, "signedInElsewhere");
    assert.equal(tokenRequests(), 2);
    assert.equal(world.secrets.disk.get(secretKeys.grant), record);
    await world.clock.advance(lifetimeMs);
    const reloaded = await world.opened();
    assert.match(tokenOrProblem(await world.after(reloaded.authorize())), /^ey/);
  });

  for (const [title, content] of [
    ["too high a number", (now: number) => `99999 ${now}`],
    ["too high a number and no time", () => "99999"],
    ["too high a number and a future time", (now: number) => `99999 ${now + dayMs}`],
  ] as const) {
    it(`presents its token once to learn that the sign-in is valid if the generation file contains ${title}`, async () => {
      world.disk.put("state/refresh/refresh.generation", content(world.clock.now()));
      world.disk.modifiedAt = world.clock.now();
      const before = await world.opened();
      await world.clock.advance(lifetimeMs);
      assert.equal(tokenOrProblem(await world.after(before.authorize())), "signedInElsewhere");
      assert.equal(tokenRequests(), 0);
      const reloaded = await world.opened();
      const token = tokenOrProblem(await world.after(reloaded.authorize()));
      assert.match(token, /^ey/);
      assert.deepEqual(world.events, ["signed-in", "refreshed"]);
      assert.equal(
        world.logged.filter((line) => line.includes("generation 1 of the sign-in, but generation 99999")).length,
        2,
      );
      await world.clock.advance(secondMs);
      assert.match(world.disk.contents.get("state/refresh/refresh.generation") ?? "", /^100000 /);
      assert.equal(tokenOrProblem(await world.after(before.authorize())), token);
    });
  }

  it("waits for the newer copy while it is in transit", async () => {
    const [first, second] = [await world.opened(), await world.opened()];
    await world.clock.advance(lifetimeMs);
    const token = tokenOrProblem(await world.after(first.authorize()));
    assert.equal(tokenOrProblem(await world.after(second.authorize())), token);
  });

  for (const [what, arrivesMs] of [
    ["ignores the refusal of an invalid token while the newer one is in transit", 1_500],
    ["accepts the refusal if no newer token arrives within two seconds", 2_500],
  ] as const) {
    it(what, async () => {
      const window = await world.opened();
      const { grant } = await window.store.load();
      assert.ok(grant?.kind === "volvoId");
      await world.clock.advance(lifetimeMs);
      const renewed = await world.server().refresh(grant, grant.refreshToken);
      assert.ok(renewed.kind === "tokens");
      const { accessToken = "", refreshToken = "" } = renewed.tokens;
      const now = world.clock.now();
      const newer = {
        ...grant,
        generation: 2,
        accessToken,
        refreshToken,
        refreshedAt: now,
        expiresAt: now + lifetimeMs,
      };
      const waiting = window.authorize();
      await world.clock.advance(arrivesMs - 150);
      void world.secrets.open().store(secretKeys.grant, JSON.stringify(newer));
      const isInTime = arrivesMs < 2_000;
      assert.equal(tokenOrProblem(await world.after(waiting)), isInTime ? accessToken : "signInEnded");
      assert.equal(tokenRequests(), 2);
    });
  }

  it("continues without user action when the newer copy arrives late", async () => {
    const window = await world.opened();
    const record = world.secrets.disk.get(secretKeys.grant) ?? "";
    world.disk.put("state/refresh/refresh.generation", "2");
    await world.clock.advance(lifetimeMs);
    assert.equal(tokenOrProblem(await world.after(window.authorize())), "signedInElsewhere");
    await world.secrets.open().store(secretKeys.grant, record.replace('"generation":1', '"generation":2'));
    await world.clock.advance(secondMs);
    assert.equal(window.session.current.kind, "ready");
    assert.match(tokenOrProblem(await world.after(window.authorize())), /^ey/);
  });
});

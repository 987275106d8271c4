import assert from "node:assert/strict";
import { endedGrant, parseGrant } from "../../../src/auth/credentials";
import { secretKeys } from "../../../src/auth/credentialStore";
import type { Hold } from "../../../src/base/numberedLock";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { apiOrigin, type AuthWindow, AuthWorld, tokenOrProblem } from "../../support/authWorld";

const lifetimeMs = 299 * secondMs;

describe("a sign-in with Volvo ID", () => {
  let world: AuthWorld;
  let window: AuthWindow;

  beforeEach(async () => {
    world = new AuthWorld();
    world.signIn();
    window = await world.opened();
  });

  const authorize = (from = window) => world.after(from.authorize());
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

  it("is renewed once for 20 concurrent callers, who take the lock once", async () => {
    let acquired = 0;
    const stillHeld = () => Promise.resolve(true);
    const release = () => Promise.resolve();
    const hold: Hold = { number: 1, stillHeld, release, releaseNow: () => undefined };
    const acquire = () => {
      acquired += 1;
      return Promise.resolve(hold);
    };
    const counted = await world.opened({ lock: { acquire, takeOver: acquire } });
    await world.clock.advance(lifetimeMs);
    const callers = Array.from({ length: 20 }, () => counted.authorize());
    const tokens = (await world.after(Promise.all(callers))).map(tokenOrProblem);
    assert.equal(new Set(tokens).size, 1);
    assert.deepEqual([tokenRequests(), acquired], [1, 1]);
    assert.deepEqual(world.events, ["signed-in", "refreshed"]);
  });

  it("is renewed once for 20 callers whose token was refused", async () => {
    const refused = await authorize();
    assert.ok("accessToken" in refused);
    const { signal } = new AbortController();
    const renewals = Array.from({ length: 20 }, () => window.session.renew(refused, signal));
    const tokens = (await world.after(Promise.all(renewals))).map(tokenOrProblem);
    assert.equal(new Set(tokens).size, 1);
    assert.notEqual(tokens[0], refused.accessToken);
    assert.equal(tokenRequests(), 1);
  });

  it("gives the newer token at once to a caller whose token was already renewed for another", async () => {
    const refused = await authorize();
    assert.ok("accessToken" in refused);
    const { signal } = new AbortController();
    const newer = tokenOrProblem(await world.after(window.session.renew(refused, signal)));
    assert.equal(tokenOrProblem(await world.after(window.session.renew(refused, signal))), newer);
    assert.equal(tokenRequests(), 1);
  });

  it("never reuses a refused token, but reuses any other valid one", async () => {
    const held = await authorize();
    assert.ok("accessToken" in held);
    world.volvo.faults.inject({ name: "server-error", kind: "token" });
    const { signal } = new AbortController();
    const renewed = await world.after(window.session.renew(held, signal));
    assert.deepEqual(renewed, { kind: "serviceUnavailable", cause: "error", status: 500 });
    await world.clock.advance(lifetimeMs - 30 * secondMs);
    assert.equal(tokenOrProblem(await authorize()), held.accessToken);
  });

  it("completes a renewal whose caller has left, and keeps the tokens", async () => {
    await world.clock.advance(lifetimeMs);
    const leaver = new AbortController();
    const left = window.session.authorize("https://api.volvocars.com", leaver.signal);
    leaver.abort(new Error("left"));
    await assert.rejects(left, /left/);
    await world.clock.advance(minuteMs);
    assert.equal(tokenRequests(), 1);
    assert.match(tokenOrProblem(await authorize()), /^ey/);
    assert.equal(tokenRequests(), 1);
  });

  it("leaves no unhandled rejection for a caller that left, even if Volvo is slow", async () => {
    await world.clock.advance(lifetimeMs);
    world.volvo.faults.inject({ name: "black-hole", kind: "token" });
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const gone = AbortSignal.abort(new Error("left"));
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
    await world.clock.advance(20 * secondMs);
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

  it("keeps the data for signing in again after it has ended, and no token", async () => {
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

  it("takes over the lock of a window that died during a renewal", async () => {
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
    const failures = () => world.logged.filter((line) => line.includes("has not ended the sign-in at its side"));
    world.volvo.faults.inject({ name: "server-error", kind: "revoke" });
    await world.after(window.session.signOut());
    assert.deepEqual(failures(), ["Volvo ID has not ended the sign-in at its side: HTTP 500"]);
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
    const elsewhere = window.session.authorize("https://example.com", new AbortController().signal);
    assert.deepEqual(await elsewhere, { kind: "apiKeyMissing" });
    world.signIn({ issuer: "https://volvoid.example.com" });
    const other = await world.opened();
    assert.equal(tokenOrProblem(await authorize(other)), "credentialsMissing");
    assert.equal(tokenRequests(), 0);
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

  it("stays signed in while the lock folder is not writable, says so, and can still be signed out", async () => {
    const readOnly = () => Promise.reject(new Error("EROFS"));
    await world.clock.advance(lifetimeMs);
    const broken = await world.opened({ lock: { acquire: readOnly, takeOver: readOnly } });
    assert.deepEqual(await authorize(broken), { kind: "secretsUnavailable", cause: "noFolder" });
    assert.equal(broken.session.current.kind, "ready");
    assert.equal(tokenRequests(), 0);
    assert.match(tokenOrProblem(await authorize()), /^ey/);
    await world.after(broken.session.signOut());
    assert.equal(broken.session.current.kind, "incomplete");
  });

  it("reports that storing is in progress until it is done", async () => {
    await world.clock.advance(lifetimeMs);
    let idle = false;
    await world.after(window.authorize());
    void window.session.whenIdle().then(() => (idle = true));
    await world.clock.advance(0);
    assert.equal(idle, false);
    await world.clock.advance(250);
    assert.equal(idle, true);
  });

  it("is recognized as ended by each reader of an ended record", () => {
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

  it("never presents an old token, and reports where the sign-in is", async () => {
    world = new AuthWorld({ secrets: "web" });
    world.signIn();
    const [newer, stale] = [await world.opened(), await world.opened()];
    await world.clock.advance(lifetimeMs);
    assert.match(tokenOrProblem(await world.after(newer.authorize())), /^ey/);
    assert.equal(tokenOrProblem(await world.after(stale.authorize())), "signedInElsewhere");
    assert.deepEqual(stale.session.current.kind === "stopped" && stale.session.current.cause, "signedInElsewhere");
    assert.deepEqual(world.events, ["signed-in", "refreshed"]);
    const reloaded = await world.opened();
    assert.match(tokenOrProblem(await world.after(reloaded.authorize())), /^ey/);
  });

  it("reports the end of the sign-in if the newer one died with its window, until there is another", async () => {
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
    assert.match(record, /"kind":"volvoId"/, "what may be wrong is not written down");
    assert.equal(tokenOrProblem(await world.after(reloaded.authorize())), "signInEnded");
    assert.equal(tokenRequests(), 2, "it is presented once");
    const { refresh_token: refreshToken } = world.volvo.volvoId.signIn();
    const newer = JSON.stringify({ ...grant, generation: 2, refreshToken });
    await world.secrets.open().store(secretKeys.grant, newer);
    await world.clock.advance(secondMs);
    assert.equal(reloaded.session.current.kind, "ready");
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
      assert.equal(world.logged.filter((line) => line.includes("number 1, and there was a number 99999")).length, 2);
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

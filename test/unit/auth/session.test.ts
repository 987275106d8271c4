import assert from "node:assert/strict";
import type { CredentialStore } from "../../../src/auth/credentialStore";
import type { VolvoIdGrant } from "../../../src/auth/credentials";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import type { RenewalOutcome } from "../../../src/auth/refreshToken";
import { Session } from "../../../src/auth/session";
import {
  apiOrigin,
  type AuthWindow,
  AuthWorld,
  createBackoffMemory,
  issuer,
  tokenOrProblem,
} from "../../support/auth/world";
import { turnWith } from "../../support/turn";

describe("a session while VS Code does not answer", () => {
  it("logs it once and retries with growing intervals for as long as it lasts", async () => {
    const world = new AuthWorld();
    world.signIn();
    let isGone = true;
    let asked = 0;
    const window = world.window({
      before: () => {
        asked += 1;
        return isGone ? new Promise<never>(() => undefined) : Promise.resolve();
      },
    });
    const kind = () => window.session.current.kind;
    void window.session.reload();
    await world.clock.advance(minuteMs);
    assert.equal(kind(), "unavailable");
    assert.equal(tokenOrProblem(await window.session.authorize(apiOrigin, turnWith())), "secretsUnavailable");
    asked = 0;
    await world.clock.advance(6 * hourMs);
    // Each attempt reads two secrets.
    assert.ok(asked <= 2 * 75, `${asked} questions in six hours`);
    assert.deepEqual(
      world.logged.filter((line) => line.includes("could not be read")),
      ["The stored credentials could not be read: Reading credentials gave no answer within 5000 ms"],
    );
    isGone = false;
    await world.clock.advance(6 * minuteMs);
    assert.equal(kind(), "ready");
    isGone = true;
    void window.session.reload();
    await world.clock.advance(10 * secondMs);
    assert.equal(world.logged.filter((line) => line.includes("could not be read")).length, 2);
    isGone = false;
    await world.clock.advance(30 * secondMs);
    assert.equal(kind(), "ready");
    window.session.dispose();
    assert.equal(world.clock.pendingTimers, 0);
  });

  it("still retries a sign-in later that Volvo had refused before", async () => {
    const world = new AuthWorld();
    world.signIn();
    let isGone = false;
    const window = await world.opened({
      before: () => (isGone ? new Promise<never>(() => undefined) : Promise.resolve()),
    });
    const held = await window.session.authorize(apiOrigin, turnWith());
    assert.ok("accessToken" in held);
    window.session.refusedAgain(held);
    assert.equal(window.session.current.kind, "stopped");
    isGone = true;
    void window.session.reload();
    await world.clock.advance(20 * secondMs);
    isGone = false;
    await world.clock.advance(20 * minuteMs);
    assert.equal(window.session.current.kind, "ready");
  });

  it("tries no longer once it is over, neither to read nor a refused sign-in", async () => {
    const world = new AuthWorld();
    world.signIn();
    let isGone = false;
    const { session } = await world.opened({
      before: () => (isGone ? Promise.reject(new Error("no keyring")) : Promise.resolve()),
    });
    const held = await session.authorize(apiOrigin, turnWith());
    assert.ok("accessToken" in held);
    session.refusedAgain(held);
    isGone = true;
    await world.after(session.reload());
    assert.equal(world.clock.pendingTimers, 2);
    session.dispose();
    assert.equal(world.clock.pendingTimers, 0);
  });

  it("does not take an empty store for a lost one after it", async () => {
    const world = new AuthWorld();
    let isGone = true;
    const { session } = await world.opened({
      before: () => (isGone ? Promise.reject(new Error("no keyring")) : Promise.resolve()),
    });
    assert.deepEqual(session.current, { kind: "unavailable", cause: "noAnswer" });
    isGone = false;
    await session.reload();
    assert.equal(session.current.kind, "incomplete");
  });
});

describe("a renewal that finishes after its sign-in was replaced", () => {
  const outcomes: readonly ((grant: VolvoIdGrant) => RenewalOutcome)[] = [
    (grant) => ({ kind: "renewed", grant }),
    () => ({ kind: "elsewhere" }),
    () => ({ kind: "lost", cause: "signInEnded" }),
    () => ({ kind: "lost", cause: "signedInElsewhere" }),
  ];
  for (const [index, title] of ["renewed", "elsewhere", "lost and ended", "lost and elsewhere"].entries()) {
    it(`does not change the stored sign-in: ${title}`, async () => {
      const world = new AuthWorld();
      world.signIn();
      const { store } = world.window();
      let end: (outcome: RenewalOutcome) => void = () => undefined;
      const session = new Session({
        store,
        writer: { put: () => Promise.resolve(), remove: () => Promise.resolve() },
        renewGrant: () => new Promise((resolve) => (end = resolve)),
        backoff: createBackoffMemory(),
        clock: world.clock,
        log: world.log,
        addresses: () => ({ origin: apiOrigin, issuer }),
      });
      await session.reload();
      const { grant } = await store.load();
      assert.ok(grant?.kind === "volvoId");
      await world.clock.advance(hourMs);
      const waiting = session.authorize(apiOrigin, turnWith());
      const times = { refreshedAt: world.clock.now(), expiresAt: world.clock.now() + hourMs };
      await store.saveGrant({ ...grant, ...times, signInId: "another", accessToken: "another's" });
      await session.reload();
      const outcome = outcomes[index]?.(grant);
      assert.ok(outcome);
      end(outcome);
      assert.equal(tokenOrProblem(await world.after(waiting)), "another's");
      assert.equal(session.current.kind, "ready");
    });
  }
});

describe("a renewal", () => {
  let world: AuthWorld;
  let loads: number;

  beforeEach(() => {
    world = new AuthWorld();
    world.signIn();
    loads = 0;
  });

  /** A session that is told of no change, as where VS Code tells of it late. */
  async function sessionWith(
    renew: (grant: VolvoIdGrant, store: CredentialStore) => Promise<RenewalOutcome>,
  ): Promise<Session> {
    const { store } = world.window();
    const session = new Session({
      store: Object.assign(Object.create(store) as typeof store, {
        onDidChange: new Emitter<string>().event,
        load: () => {
          loads++;
          return store.load();
        },
      }),
      writer: { put: () => Promise.resolve(), remove: () => Promise.resolve() },
      renewGrant: (_, grant) => renew(grant, store),
      backoff: createBackoffMemory(),
      clock: world.clock,
      log: world.log,
      addresses: () => ({ origin: apiOrigin, issuer }),
    });
    await session.reload();
    await world.clock.advance(hourMs);
    return session;
  }

  it("reads again what is stored where another window has replaced the sign-in", async () => {
    const session = await sessionWith(async (grant, store) => {
      const expiresAt = world.clock.now() + hourMs;
      await store.saveGrant({ ...grant, signInId: "another", accessToken: "another's", expiresAt });
      return { kind: "replaced" };
    });
    assert.equal(tokenOrProblem(await world.after(session.authorize(apiOrigin, turnWith()))), "another's");
  });

  it("reads nothing again where it has brought what is needed, and is waited for", async () => {
    let end: () => void = () => undefined;
    const lasts = new Promise<void>((resolve) => (end = resolve));
    const session = await sessionWith(async (grant) => {
      await lasts;
      return { kind: "renewed", grant: { ...grant, accessToken: "renewed", expiresAt: world.clock.now() + hourMs } };
    });
    const waiting = session.authorize(apiOrigin, turnWith());
    let isIdle = false;
    const idle = session.whenIdle().then(() => (isIdle = true));
    await world.clock.advance(secondMs);
    assert.equal(isIdle, false);
    end();
    await idle;
    assert.equal(tokenOrProblem(await waiting), "renewed");
    assert.equal(loads, 1);
  });
});

describe("an access token in its last minute", () => {
  for (const outcome of [
    { kind: "elsewhere" },
    { kind: "failed", problem: { kind: "offline", certificate: false } },
  ] as const) {
    it(`is used if the renewal is ${outcome.kind}, but not after its end`, async () => {
      const world = new AuthWorld();
      world.signIn();
      const session = new Session({
        store: world.window().store,
        writer: { put: () => Promise.resolve(), remove: () => Promise.resolve() },
        renewGrant: () => Promise.resolve(outcome),
        backoff: createBackoffMemory(),
        clock: world.clock,
        log: world.log,
        addresses: () => ({ origin: apiOrigin, issuer }),
      });
      await session.reload();
      const token = tokenOrProblem(await session.authorize(apiOrigin, turnWith()));
      await world.clock.advance(270 * secondMs);
      assert.equal(tokenOrProblem(await session.authorize(apiOrigin, turnWith())), token);
      await world.clock.advance(minuteMs);
      const problem = outcome.kind === "elsewhere" ? "signedInElsewhere" : "offline";
      assert.equal(tokenOrProblem(await session.authorize(apiOrigin, turnWith())), problem);
    });
  }
});

describe("a sign-in that Volvo refuses despite a successful renewal", () => {
  let world: AuthWorld;
  let window: AuthWindow;

  beforeEach(async () => {
    world = new AuthWorld();
    world.signIn();
    window = await world.opened();
  });

  const kind = () => window.session.current.kind;

  /** Refuses the current token for the given number of cars. */
  async function refused(times = 1): Promise<void> {
    const held = await world.after(window.authorize());
    assert.ok("accessToken" in held, JSON.stringify(held));
    for (let time = 0; time < times; time++) window.session.refusedAgain(held);
    assert.equal(kind(), "stopped");
  }

  /** The time (ms, in whole minutes) until the sign-in is used again. */
  async function stoppedFor(): Promise<number> {
    const start = world.clock.now();
    while (kind() === "stopped") await world.clock.advance(minuteMs);
    return world.clock.now() - start;
  }

  it("is retried after 15 minutes regardless of the number of refused cars, then at growing intervals, up to one hour", async () => {
    const waits: number[] = [];
    for (let time = 0; time < 7; time++) {
      await refused(4);
      waits.push((await stoppedFor()) / minuteMs);
    }
    assert.deepEqual(waits, [15, 30, 60, 60, 60, 60, 60]);
    assert.equal(world.logged.filter((line) => line.includes("does not accept the sign-in")).length, 7);
  });

  it("is retried after 15 minutes again if it was accepted in between, and counts as refused once", async () => {
    const times = () => window.session.current.kind === "stopped" && window.session.current.refused;
    await refused();
    assert.equal(times(), "once");
    await stoppedFor();
    await refused();
    assert.equal(times(), "repeatedly");
    await stoppedFor();
    await world.clock.advance(hourMs);
    await refused();
    assert.equal(times(), "once");
    assert.equal(await stoppedFor(), 15 * minuteMs);
  });

  it("is retried at once at the user's request, which does not delay the next retry", async () => {
    await refused();
    for (let minute = 0; minute < 5; minute++) {
      await world.clock.advance(minuteMs);
      window.session.tryAgain();
      assert.equal(kind(), "ready");
      await refused();
    }
    assert.equal(await stoppedFor(), 10 * minuteMs);
  });

  it("is not retried after it has really ended, or if no window has the newer one", async () => {
    const { grant } = await window.store.load();
    assert.ok(grant?.kind === "volvoId");
    await world.server().refresh(grant, grant.refreshToken);
    world.disk.put("state/refresh/refresh.generation", `7 ${world.clock.now()}`);
    await world.clock.advance(hourMs);
    world.isQuiet = true;
    assert.equal(tokenOrProblem(await world.after(window.authorize())), "signedInElsewhere");
    window.session.tryAgain();
    assert.equal(kind(), "stopped");
    await window.session.reload();
    assert.equal(kind(), "stopped", "what is stored is not newer");
    world.isQuiet = false;
    window = await world.opened();
    world.volvo.volvoId.endAllSignIns();
    world.disk.put("state/refresh/refresh.generation", "1 1");
    await world.after(window.authorize());
    window.session.tryAgain();
    assert.equal(kind(), "stopped");
  });
});

describe("another sign-in", () => {
  it("is used at once although Volvo had refused the one before, and starts with a first refusal", async () => {
    const world = new AuthWorld();
    world.signIn();
    const { session, store } = await world.opened();
    const { grant } = await store.load();
    assert.ok(grant?.kind === "volvoId");
    const refuse = async () => {
      const held = await session.authorize(apiOrigin, turnWith());
      assert.ok("accessToken" in held);
      session.refusedAgain(held);
    };
    const refusals = () => session.current.kind === "stopped" && session.current.refused;
    await refuse();
    assert.equal(refusals(), "once");
    await world.after(session.saveSignIn({ ...grant, signInId: "another" }));
    assert.equal(refusals(), false);
    await world.clock.advance(secondMs);
    assert.equal(world.clock.pendingTimers, 0, "nothing is left to try again");
    await refuse();
    assert.deepEqual(refusals(), "once");
  });
});

describe("a pasted token", () => {
  it("is used to repeat a request that was refused with the previous token", async () => {
    const world = new AuthWorld();
    world.signIn();
    const { session } = await world.opened();
    const turn = turnWith();
    await world.after(session.saveTestToken("first"));
    const refused = await session.authorize(apiOrigin, turn);
    assert.ok("accessToken" in refused);
    assert.deepEqual(await session.renew(refused, turn), { kind: "tokenEnded" });
    await world.after(session.saveTestToken("second"));
    assert.equal(tokenOrProblem(await session.renew(refused, turn)), "second");
  });
});

describe("a new sign-in", () => {
  it("is renewed even if the one before was in a back-off", async () => {
    const world = new AuthWorld();
    world.signIn();
    const window = await world.opened();
    const { grant } = await window.store.load();
    assert.ok(grant?.kind === "volvoId");
    await world.clock.advance(hourMs);
    world.volvo.faults.inject({ name: "client-blocked", times: 1 });
    assert.equal(tokenOrProblem(await world.after(window.authorize())), "clientBlocked");
    const { access_token: accessToken, refresh_token: refreshToken } = world.volvo.volvoId.signIn();
    await world.after(window.session.saveSignIn({ ...grant, signInId: "another", accessToken, refreshToken }));
    assert.match(tokenOrProblem(await world.after(window.authorize())), /^ey/);
    assert.equal(world.volvo.requests.of("token").length, 2);
  });
});

describe("credentials without an address", () => {
  it("do not replace stored credentials that have one", async () => {
    const world = new AuthWorld();
    world.signIn();
    const before = new Map(world.secrets.disk);
    const { session } = await world.opened({ addresses: () => ({ origin: "", issuer }) });
    await assert.rejects(session.saveApiKey("key"), /no usable address/);
    await assert.rejects(session.saveTestToken("token"), /no usable address/);
    const { grant } = await world.window().store.load();
    assert.ok(grant?.kind === "volvoId");
    await assert.rejects(session.saveSignIn(grant), /no usable address/);
    await world.clock.advance(secondMs);
    assert.deepEqual(world.secrets.disk, before);
  });
});

describe("the owner of the credentials", () => {
  let world: AuthWorld;

  beforeEach(() => (world = new AuthWorld()));

  it("reads the stored credentials when they are first needed, and not again", async () => {
    world.signIn();
    const { session, store } = world.window();
    let loads = 0;
    const load = store.load.bind(store);
    store.load = () => {
      loads++;
      return load();
    };
    assert.equal((await session.loaded()).kind, "ready");
    assert.equal((await session.loaded()).kind, "ready");
    assert.equal(loads, 1);
  });

  it("recognizes its own key and its pasted token in a wrong box, and nothing else", async () => {
    const { session } = await world.opened();
    for (const typed of ["", "a", undefined].map(String)) assert.equal(session.storedAs(typed), undefined);
    await world.after(session.saveApiKey("the-key"));
    await world.after(session.saveTestToken("the-token"));
    assert.deepEqual(
      ["the-key", "the-token", "", "another"].map((typed) => session.storedAs(typed)),
      [...["apiKey", "accessToken", undefined, undefined]],
    );
  });

  it("announces each change of its state, and nothing else", async () => {
    world.signIn();
    const { session } = world.window();
    const told: string[] = [];
    session.onDidChange(({ kind }) => told.push(kind));
    await session.reload();
    await session.reload();
    session.addressesChanged();
    assert.deepEqual(told, ["ready"]);
    await world.after(session.signOut());
    assert.deepEqual(told, ["ready", "incomplete"]);
    session.dispose();
    world.signIn();
    await world.after(session.reload());
    assert.equal(told.length, 2, "and of nothing once it is over");
  });

  it("becomes usable or unusable with the addresses, but not before it has read the stored credentials", async () => {
    world.signIn();
    let origin = "https://api.elsewhere.test";
    const { session } = world.window({ addresses: () => ({ origin, issuer }) });
    const kind = () => session.current.kind;
    session.addressesChanged();
    assert.equal(kind(), "starting");
    await session.reload();
    assert.equal(kind(), "incomplete");
    origin = apiOrigin;
    session.addressesChanged();
    assert.equal(kind(), "ready");
    origin = "https://api.elsewhere.test";
    session.addressesChanged();
    assert.equal(kind(), "incomplete");
  });

  it("does not treat unread secrets as missing when the addresses change", async () => {
    const { session } = await world.opened({ before: () => Promise.reject(new Error("no keyring")) });
    await world.clock.advance(secondMs);
    assert.equal(session.current.kind, "unavailable");
    session.addressesChanged();
    assert.equal(session.current.kind, "unavailable");
  });

  it("reports that stored credentials are lost, until there are new ones", async () => {
    world.isMarked = true;
    const { session } = await world.opened();
    assert.deepEqual(session.current, { kind: "unavailable", cause: "lost" });
    await session.reload();
    assert.deepEqual(session.current, { kind: "unavailable", cause: "lost" });
    await world.after(session.saveApiKey("the-key"));
    assert.equal(session.current.kind, "incomplete");
  });

  it("does not report that if nothing was ever stored, or if the user has deleted it", async () => {
    const { session } = await world.opened();
    assert.equal(session.current.kind, "incomplete");
    await world.after(session.saveApiKey("the-key"));
    await world.after(session.deleteAll());
    assert.equal(session.current.kind, "incomplete");
  });

  it("does not say so in a window whose user has deleted everything in another", async () => {
    world.signIn();
    const [one, other] = [await world.opened(), await world.opened()];
    await world.after(other.session.deleteAll());
    await world.clock.advance(secondMs);
    await one.session.reload();
    assert.equal(one.session.current.kind, "incomplete");
  });

  it("announces a sign-out to other parts", async () => {
    world.signIn();
    const { session } = await world.opened();
    let signOuts = 0;
    session.onDidSignOut(() => signOuts++);
    await world.after(session.signOut());
    assert.equal(signOuts, 1);
    await world.after(session.deleteAll());
    assert.equal(signOuts, 2);
  });

  it("reads credentials that another window has stored, and no other secret", async () => {
    world.signIn();
    const [one, other] = [await world.opened(), await world.opened()];
    const loads: number[] = [];
    const load = one.store.load.bind(one.store);
    one.store.load = () => {
      loads.push(world.clock.now());
      return load();
    };
    await world.secrets.open().store("another extension's", "1");
    await world.clock.advance(secondMs);
    assert.deepEqual(loads, []);
    await world.after(other.session.saveApiKey("another-key"));
    await world.clock.advance(secondMs);
    assert.equal(one.session.storedAs("another-key"), "apiKey");
    assert.notDeepEqual(loads, []);
  });

  it("does not stop after the refusal of an access token that it has already replaced", async () => {
    world.signIn();
    const window = await world.opened();
    const held = await world.after(window.authorize());
    assert.ok("accessToken" in held);
    window.session.refusedAgain({ ...held, accessToken: "an older one" });
    assert.equal(window.session.current.kind, "ready");
    window.session.refusedAgain(held);
    assert.equal(window.session.current.kind, "stopped");
  });

  it("replaces a refused token by one that was renewed in the meantime, without another renewal", async () => {
    world.signIn();
    const window = await world.opened();
    const old = await world.after(window.authorize());
    assert.ok("accessToken" in old);
    const renewed = tokenOrProblem(await world.after(window.renew(old)));
    assert.notEqual(renewed, old.accessToken);
    assert.equal(tokenOrProblem(await world.after(window.renew(old))), renewed);
    assert.equal(world.volvo.requests.of("token").length, 1);
  });

  it("reports the ends of the back-off and of the present token", async () => {
    world.signIn();
    const window = await world.opened();
    const blocked = () => window.session.blockedRenewal;
    assert.equal(blocked(), undefined);
    const held = await window.store.load();
    assert.ok(held.grant?.kind === "volvoId");
    await world.clock.advance(299 * secondMs);
    world.volvo.faults.inject({ name: "server-error", kind: "token" });
    await world.after(window.authorize());
    const { until, ...rest } = blocked() ?? { until: 0 };
    assert.deepEqual(rest, { tokenUntil: held.grant.expiresAt, isRefused: false });
    assert.ok(until > world.clock.now());
  });
});

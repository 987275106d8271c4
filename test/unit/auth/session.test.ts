import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { RenewalOutcome } from "../../../src/auth/renewal";
import { Session } from "../../../src/auth/session";
import { apiOrigin, AuthWorld, issuer, tokenOrProblem } from "../../support/authWorld";

describe("a session whose VS Code gives no answer", () => {
  it("says so once in the log and asks ever more rarely, for as long as that lasts", async () => {
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
    assert.equal(tokenOrProblem(await window.authorize()), "secretsUnavailable");
    asked = 0;
    await world.clock.advance(6 * hourMs);
    // Two secrets are read each time.
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

  it("still tries again later what Volvo has refused before that", async () => {
    const world = new AuthWorld();
    world.signIn();
    let isGone = false;
    const window = await world.opened({
      before: () => (isGone ? new Promise<never>(() => undefined) : Promise.resolve()),
    });
    const held = await window.authorize();
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
});

describe("a renewal that outlives its sign-in", () => {
  for (const kind of ["renewed", "elsewhere", "lost"] as const) {
    it(`changes nothing of what is stored by then: ${kind}`, async () => {
      const world = new AuthWorld();
      world.signIn();
      const { store } = world.window();
      let end: (outcome: RenewalOutcome) => void = () => undefined;
      const session = new Session({
        store,
        keeper: { put: () => Promise.resolve(), remove: () => Promise.resolve() },
        lock: { whenReleased: () => Promise.resolve(), dispose: () => undefined },
        renewGrant: () => new Promise((resolve) => (end = resolve)),
        clock: world.clock,
        log: world.log,
        addresses: () => ({ origin: apiOrigin, issuer }),
      });
      await session.reload();
      const { grant } = await store.load();
      assert.ok(grant?.kind === "volvoId");
      await world.clock.advance(hourMs);
      const waiting = session.authorize(apiOrigin, new AbortController().signal);
      const times = { refreshedAt: world.clock.now(), expiresAt: world.clock.now() + hourMs };
      await store.saveGrant({ ...grant, ...times, signInId: "another", accessToken: "another's" });
      await session.reload();
      end(kind === "renewed" ? { kind, grant } : { kind });
      assert.equal(tokenOrProblem(await world.after(waiting)), "another's");
      assert.equal(session.current.kind, "ready");
    });
  }
});

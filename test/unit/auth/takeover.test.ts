import assert from "node:assert/strict";
import { secretKeys } from "../../../src/auth/credentialStore";
import { secondMs } from "../../../src/base/clock";
import type { Hold } from "../../../src/base/numberedLock";
import { type AuthWindow, AuthWorld, tokenOrProblem } from "../../support/authWorld";

const lifetimeMs = 299 * secondMs;

/** A lock that is lost as soon as the token endpoint has been asked, as for a process that stood still. */
function losing(world: AuthWorld): { acquire(): Promise<Hold> } {
  const isFresh = () => world.volvo.requests.of("token").length === 0;
  const hold: Hold = {
    number: 1,
    stillHeld: () => Promise.resolve(isFresh()),
    isFresh,
    release: () => Promise.resolve(),
    releaseNow: () => undefined,
  };
  return { acquire: () => Promise.resolve(hold) };
}

describe("a window that lost the lock while Volvo's answer was on its way", () => {
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

  it("keeps the tokens, which are the only good ones", async () => {
    assert.match(tokenOrProblem(await world.after(slow.authorize())), /^ey/);
    await world.clock.advance(secondMs);
    assert.equal(record()["generation"], 2);
  });

  it("keeps them over what the other window made of the dead one", async () => {
    const secrets = world.secrets.open();
    const waiting = slow.authorize();
    await world.clock.advance(secondMs);
    const { accessToken: _, refreshToken: __, ...rest } = record();
    await secrets.store(secretKeys.grant, JSON.stringify({ ...rest, kind: "volvoIdEnded", generation: 2 }));
    assert.match(tokenOrProblem(await world.after(waiting)), /^ey/);
    await world.clock.advance(secondMs);
    assert.deepEqual([record()["kind"], record()["generation"]], ["volvoId", 3]);
  });

  it("lets go of them where the user has signed out meanwhile", async () => {
    const secrets = world.secrets.open();
    const waiting = slow.authorize();
    await world.clock.advance(secondMs);
    await secrets.delete(secretKeys.grant);
    assert.equal(tokenOrProblem(await world.after(waiting)), "credentialsMissing");
    assert.equal(world.secrets.disk.has(secretKeys.grant), false);
    assert.equal(world.events.at(-1), "revoked");
  });
});

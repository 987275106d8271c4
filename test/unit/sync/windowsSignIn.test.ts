import assert from "node:assert/strict";
import { secretKeys } from "../../../src/auth/credentialStore";
import { dayMs, minuteMs, secondMs } from "../../../src/base/clock";
import { Computer, origin, type SimulatedWindow } from "../../support/windowsComputer";

describe("Several windows with one sign-in", () => {
  let computer: Computer;

  beforeEach(() => {
    computer = new Computer();
    const grant = {
      ...{ kind: "volvoId", signInId: "s", generation: 1, origin, issuer: computer.settings.issuer },
      ...{ clientId: "id", clientSecret: "secret", accessToken: "token", refreshToken: "refresh" },
      ...{ refreshedAt: computer.clock.now(), expiresAt: computer.clock.now() + dayMs },
    };
    computer.secrets.disk.set(secretKeys.grant, JSON.stringify(grant));
  });

  const readings = () => computer.service.requests.filter(({ kind }) => kind === "reading").length;

  async function becomesUnable({ core }: SimulatedWindow): Promise<void> {
    const held = await core.session.authorize(origin, new AbortController().signal);
    assert.ok("accessToken" in held);
    core.session.refusedAgain(held);
    assert.equal(core.session.current.kind, "stopped");
  }

  it("are led by one that can use it: who cannot lets another lead at the next heartbeat", async () => {
    const windows = [1, 2, 3].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    const [leader] = computer.leaders;
    await becomesUnable(leader!);
    await computer.run(6 * secondMs);
    const [next] = computer.leaders;
    assert.ok(next !== undefined && next !== leader);
    assert.equal(leader!.role, undefined);
    const before = readings();
    await computer.run(10 * minuteMs);
    assert.ok(readings() > before);
    for (const window of windows) if (window !== leader) await becomesUnable(window);
    await computer.run(30 * secondMs);
    assert.deepEqual(computer.leaders, []);
    const after = readings();
    await computer.run(3 * minuteMs);
    assert.equal(readings(), after, "nobody asks with what Volvo refuses");
    await computer.run(15 * minuteMs);
    assert.equal(computer.leaders.length, 1);
    assert.ok(readings() > after, "tried again later");
  });
});

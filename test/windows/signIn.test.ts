import assert from "node:assert/strict";
import { secretKeys } from "../../src/auth/credentialStore";
import { dayMs, minuteMs, secondMs } from "../../src/base/clock";
import { Computer, origin, type SimulatedWindow } from "../support/windows/computer";
import { turnWith } from "../support/turn";

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

  /** Volvo refuses the window's sign-in even after a renewal. */
  async function becomesUnable({ core }: SimulatedWindow): Promise<void> {
    const authorization = await core.session.authorize(origin, turnWith());
    assert.ok("accessToken" in authorization);
    core.session.refusedAgain(authorization);
    assert.equal(core.session.current.kind, "stopped");
  }

  it("ask from a window that can use it, at most 30 s after the check is due, and retry later if none can", async () => {
    const windows = [1, 2, 3].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    const { lastAsker: unable, clock } = computer;
    const dueAt = unable.core.carStore.current.nextCheckAt!;
    const { realMs: unableAt } = clock;
    await becomesUnable(unable);
    const before = readings();
    await computer.run(dueAt - clock.now() + 30 * secondMs);
    assert.equal(readings(), before + 1);
    await computer.run(11 * minuteMs);
    assert.equal(readings(), before + 3);
    assert.ok(!computer.askersSince(unableAt).includes(unable));
    for (const window of windows) if (window !== unable) await becomesUnable(window);
    await computer.run(30 * secondMs);
    const after = readings();
    const { realMs: noneSince } = clock;
    await computer.run(3 * minuteMs);
    assert.equal(readings(), after, "no window asks with a refused sign-in");
    await computer.run(15 * minuteMs);
    assert.ok(readings() > after, "retried later");
    assert.equal(computer.askersSince(noneSince).length, 1);
  });
});

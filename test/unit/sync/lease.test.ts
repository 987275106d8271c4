import assert from "node:assert/strict";
import { secondMs } from "../../../src/base/clock";
import { createNumberedLock } from "../../../src/base/numberedLock";
import { Lease, leaseTimes, type Role } from "../../../src/sync/lease";
import { RecordingLog } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";
import { MemoryDisk, systemError } from "../../support/memoryFolder";

describe("The lease of the one window that polls", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let log: RecordingLog;
  let answers: boolean;
  let fault: Error | undefined;

  function lease(): Lease {
    const folder = disk.open("lease", { fault: () => fault });
    const lock = createNumberedLock(folder, clock, leaseTimes);
    const alive = () => (answers ? Promise.resolve() : new Promise<never>(() => undefined));
    return new Lease({ lock, clock, log, alive });
  }

  async function step(one: Lease, mayLead = true): Promise<Role> {
    let role: Role | undefined;
    void one.step(mayLead).then((next) => (role = next));
    await clock.advance(4 * secondMs);
    assert.ok(role);
    return role;
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    log = new RecordingLog();
    answers = true;
    fault = undefined;
  });

  it("is given up within the time limit when VS Code no longer answers, and not asked for until it does", async () => {
    const [first, second] = [lease(), lease()];
    assert.equal(await step(first), "leader");
    assert.equal(await step(second), "follower");
    answers = false;
    assert.equal(await step(first), "follower");
    answers = true;
    assert.equal(await step(second), "leader");
    assert.equal(await step(first), "follower", "its question is still open");
    await second.resign();
  });

  it("is not held by one that may not lead", async () => {
    const one = lease();
    assert.equal(await step(one), "leader");
    assert.equal(await step(one, false), "follower");
    assert.equal(await one.isHeld(), false);
    assert.equal(await step(lease()), "leader");
  });

  it("is done without after the folder has failed twice, and taken up again when it works", async () => {
    const one = lease();
    fault = systemError("EROFS");
    const roles = [await step(one), await step(one), await step(one)];
    assert.deepEqual(roles, ["follower", "alone", "alone"]);
    assert.equal(log.lines.filter((line) => line.includes("on its own")).length, 1);
    fault = undefined;
    assert.equal(await step(one), "leader");
  });

  it("is not done without for five minutes after somebody was seen to hold it, this window or another", async () => {
    const [first, second] = [lease(), lease()];
    assert.deepEqual([await step(first), await step(second)], ["leader", "follower"]);
    fault = systemError("EMFILE");
    for (const one of [first, second]) {
      for (let beat = 1; beat < 60; beat++) assert.equal(await step(one), "follower", `heartbeat ${beat}`);
      assert.equal(await step(one), "alone");
    }
    fault = undefined;
    for (let beat = 1; beat < 5; beat++) assert.equal(await step(second), "follower");
    assert.equal(await step(second), "leader");
    fault = systemError("EMFILE");
    assert.equal(await step(second), "follower", "begins anew");
  });
});

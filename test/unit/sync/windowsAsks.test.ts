import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import { Asks } from "../../../src/sync/asks";
import { Mailbox } from "../../../src/sync/mailbox";
import { vinNumber } from "../../support/builders";
import { FakeClock, settle } from "../../support/fakeClock";
import { MemoryDisk, systemError } from "../../support/memoryFolder";

/** What has come of it so far. */
function watched(promise: Promise<unknown>): { outcome: unknown } {
  const so: { outcome: unknown } = { outcome: "still waits" };
  void promise.then((outcome) => (so.outcome = outcome));
  return so;
}

describe("A question to the window that polls", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let onPost: () => void;
  let isBroken: boolean;

  function asks(): Asks {
    const folder = disk.open("storage", {
      before: (call) => {
        if (call === "replace") onPost();
      },
      fault: () => (isBroken ? systemError("EIO") : undefined),
    });
    const keys = { current: () => Promise.resolve((vin: string) => `key-${vin}`) };
    return new Asks({ mailbox: new Mailbox(folder, clock), clock, keys, vins: () => [vinNumber(0), vinNumber(1)] });
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    onPost = () => undefined;
    isBroken = false;
  });

  it("is ended when the asker becomes that window while it is being posted, and leaves nothing behind", async () => {
    const own = asks();
    onPost = () => own.endAll({ kind: "leadYourself" });
    const reply = watched(own.ask({ kind: "refresh" }, "credentials"));
    await settle();
    assert.deepEqual(reply.outcome, { kind: "leadYourself" });
    assert.equal(clock.pendingTimers, 0);
    assert.deepEqual([...disk.contents.keys()], []);
  });

  it("is answered for the cars that both know", async () => {
    const [asker, leader] = [asks(), asks()];
    const reply = asker.ask({ kind: "refresh", vins: [vinNumber(1), vinNumber(7)] }, "credentials");
    await settle();
    const served: unknown[] = [];
    await leader.serve("credentials", (question) => {
      served.push(question);
      return Promise.resolve({ kind: "checked", vins: question.vins ?? [] });
    });
    await settle();
    await asker.look();
    assert.deepEqual(served, [{ kind: "refresh", vins: [vinNumber(1)] }]);
    assert.deepEqual(await reply, { kind: "checked", vins: [vinNumber(1)] });
    assert.deepEqual([...disk.contents.keys()], []);
  });

  it("stays for a leader with the same credentials, and has no answer in the end", async () => {
    const [asker, leader] = [asks(), asks()];
    const reply = watched(asker.ask({ kind: "checkDue" }, "credentials"));
    await settle();
    await leader.serve("others", () => assert.fail("not its credentials"));
    await clock.advance(2 * minuteMs);
    assert.equal(reply.outcome, "still waits");
    await clock.advance(minuteMs);
    assert.deepEqual(reply.outcome, { kind: "unanswered" });
  });

  it("has no answer where the folder cannot be used", async () => {
    isBroken = true;
    assert.deepEqual(await asks().ask({ kind: "refresh" }, "credentials"), { kind: "unanswered" });
    assert.equal(clock.pendingTimers, 0);
  });
});

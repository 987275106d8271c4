import assert from "node:assert/strict";
import { secondMs } from "../../../src/base/clock";
import { createLocalTurns } from "../../../src/windows/localTurns";
import { FakeClock } from "../../support/fakeClock";

describe("The turns of a window without shared state", () => {
  it("are granted at once, one after the other, and are never taken over", async () => {
    const clock = new FakeClock();
    const turns = createLocalTurns(clock, () => undefined);
    for (let times = 0; times < 2; times++) {
      const outcome = await turns.take("check", async (turn) => {
        assert.deepEqual([turn.isExclusive, turn.tookOver, turn.mayStart()], [true, false, true]);
        await clock.advance(20 * secondMs);
        assert.deepEqual([await turn.isHeld(), await turn.isHeldRecently()], [true, true]);
        await turn.write();
        return "value";
      });
      assert.deepEqual(outcome, { value: "value" });
    }
    assert.equal(await turns.isAlive(), true);
    await turns.whenIdle();
  });

  it("abandon readings after 15 s, and count each request", async () => {
    const clock = new FakeClock();
    let calls = 0;
    const turns = createLocalTurns(clock, () => (++calls > 1 ? "budgetSpent" : undefined));
    await turns.take("check", async (turn) => {
      assert.equal(turn.remainingMs(), 15 * secondMs);
      assert.deepEqual([await turn.permit(), await turn.permit()], [undefined, "budgetSpent"]);
      await clock.advance(14 * secondMs);
      assert.equal(turn.remainingMs(), secondMs);
      await clock.advance(2 * secondMs);
      assert.equal(turn.remainingMs(), 0);
    });
  });
});

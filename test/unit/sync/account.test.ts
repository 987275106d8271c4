import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { activeHold, emptyAccount, longestHoldMs, withoutPastHold } from "../../../src/sync/account";

const now = Date.UTC(2026, 10, 23, 8);
const holdUntil = (until: number) => ({ ...emptyAccount, hold: { kind: "rateLimited", until } as const });

describe("A hold", () => {
  it("is in force until its time, unless the clock that told it has been set back since", () => {
    for (const waitMs of [1, hourMs, longestHoldMs, longestHoldMs + minuteMs]) {
      assert.equal(activeHold(holdUntil(now + waitMs), now)?.until, now + waitMs);
    }
    for (const waitMs of [-hourMs, 0, longestHoldMs + minuteMs + 1, 400 * dayMs]) {
      assert.equal(activeHold(holdUntil(now + waitMs), now), undefined);
    }
    assert.equal(activeHold(emptyAccount, now), undefined);
  });

  it("is forgotten once it is in force no longer", () => {
    assert.deepEqual(withoutPastHold(holdUntil(now), now), emptyAccount);
    assert.deepEqual(withoutPastHold(holdUntil(now + hourMs), now), holdUntil(now + hourMs));
  });
});

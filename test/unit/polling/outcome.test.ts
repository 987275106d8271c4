import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { activeHold, emptyAccount, longestHoldMs } from "../../../src/charging/account";
import { outcomeOf } from "../../../src/polling/outcome";
import type { Failure } from "../../../src/charging/failure";

const now = Date.UTC(2026, 10, 23, 8);

function holdFor(failure: Failure, jitter = 0): number | undefined {
  const until = outcomeOf(failure, emptyAccount, now, jitter).hold?.until;
  return until === undefined ? undefined : until - now;
}

describe("The consequence of a failure", () => {
  it("is a wait of at least a minute after a 429, or longer if Volvo says so, with a random addition", () => {
    assert.equal(holdFor({ kind: "rateLimited", waitMs: undefined }), minuteMs);
    assert.equal(holdFor({ kind: "rateLimited", waitMs: 0 }), minuteMs);
    assert.equal(holdFor({ kind: "rateLimited", waitMs: 10 * minuteMs }), 10 * minuteMs);
    assert.equal(holdFor({ kind: "rateLimited", waitMs: undefined }, 1), minuteMs + 10 * secondMs);
    assert.equal(holdFor({ kind: "rateLimited", waitMs: 300 * dayMs }), dayMs);
  });

  it("is a wait until the time in the quota text, or else for ten minutes or until the new day", () => {
    assert.equal(holdFor({ kind: "quotaSpent", waitMs: 3 * hourMs }), 3 * hourMs + 10 * secondMs);
    assert.equal(holdFor({ kind: "quotaSpent", waitMs: undefined }), 10 * minuteMs);
    const late = Date.UTC(2026, 10, 23, 23, 55);
    const { hold } = outcomeOf({ kind: "quotaSpent", waitMs: undefined }, emptyAccount, late, 0);
    assert.equal(hold?.until, Date.UTC(2026, 10, 24, 0, 1));
  });

  it("is never a wait that the schedule would ignore as an error of the clock", () => {
    const failures = fc.record({
      kind: fc.constantFrom("quotaSpent" as const, "rateLimited" as const),
      waitMs: fc.option(fc.integer({ min: 0, max: 1_000 * dayMs }), { nil: undefined }),
    });
    fc.assert(
      fc.property(failures, fc.double({ min: 0, max: 1, noNaN: true }), (failure, jitter) => {
        const { hold } = outcomeOf(failure, emptyAccount, now, jitter);
        const wait = hold!.until - now;
        assert.ok(wait >= 10 * secondMs && wait <= longestHoldMs + minuteMs);
        assert.equal(activeHold({ hold: hold! }, now), hold);
      }),
    );
  });

  it("is a wait until the time that Volvo names while its service is closed, and then back-off", () => {
    const closed = (waitMs: number) => outcomeOf({ kind: "unavailable", status: 503, waitMs }, emptyAccount, now, 0.5);
    const until = now + 5 * minuteMs + 5 * secondMs;
    const problem = { kind: "serviceUnavailable", cause: "closed", status: 503, until } as const;
    assert.deepEqual(closed(5 * minuteMs), { problem, hold: problem, transient: true });
    assert.equal(closed(400 * dayMs).hold?.until, now + dayMs + 5 * secondMs);
    assert.equal(closed(0).hold, undefined);
  });

  it("is back-off for problems that can end by themselves, and none for problems that the user must solve", () => {
    const isTransient = (failure: Failure) => outcomeOf(failure, emptyAccount, now, 0).transient;
    const passing = ["timeout", "malformed", "routeGone", "apiKeyRefused", "intercepted", "proxyLogin"] as const;
    for (const kind of [...passing, "requestRefused"] as const) assert.ok(isTransient({ kind }));
    // Volvo has sometimes refused readable cars (Dielee/volvo2mqtt#136, home-assistant/core#167521).
    for (const kind of ["notFound", "notSupported"] as const) assert.ok(isTransient({ kind }));
    assert.ok(isTransient({ kind: "forbidden", what: "car" }));
    assert.ok(isTransient({ kind: "unavailable", status: 503 }));
    assert.ok(isTransient({ kind: "offline", certificate: true }));
    assert.ok(isTransient({ kind: "rateLimited", waitMs: undefined }));
    assert.ok(!isTransient({ kind: "tokenRefused" }));
    assert.ok(!isTransient({ kind: "quotaSpent", waitMs: hourMs }));
    assert.ok(!isTransient({ kind: "noCredentials", problem: { kind: "signInEnded" } }));
  });
});

import assert from "node:assert/strict";
import { observedFetch } from "../../../src/polling/requestStatistics";
import { FakeClock } from "../../support/fakeClock";

describe("request statistics", () => {
  const base = "https://volvo.test/energy/v2/vehicles/YV1TEST0000000001/state";

  it("count requests by purpose and outcome, with their durations, and contain no address", async () => {
    const clock = new FakeClock();
    const answers = [200, 503, 200, 401];
    const { fetch, requests } = observedFetch(async () => {
      await clock.advance(answers.length * 100);
      return new Response("", { status: answers.shift() ?? 200 });
    }, clock);
    for (const url of [base, base, base, "https://id.test/as/token.oauth2"]) await fetch(url, {});
    assert.deepEqual(requests.counts, [
      { kind: "energyV2", outcome: "HTTP 200", count: 2, totalMs: 600, longestMs: 400 },
      { kind: "energyV2", outcome: "HTTP 503", count: 1, totalMs: 300, longestMs: 300 },
      { kind: "volvoId", outcome: "HTTP 401", count: 1, totalMs: 100, longestMs: 100 },
    ]);
    assert.deepEqual(
      requests.failures.map(({ kind, outcome }) => [kind, outcome]),
      [
        ["volvoId", "HTTP 401"],
        ["energyV2", "HTTP 503"],
      ],
    );
    assert.doesNotMatch(JSON.stringify(requests), /YV1TEST/);
  });

  it("contain the code of a network error, never its text, and rethrow the error", async () => {
    const clock = new FakeClock();
    const errors = [
      new TypeError("fetch failed for YV1TEST0000000001", {
        cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      }),
      Object.assign(new Error("y"), { code: "secret words" }),
      new DOMException("z", "AbortError"),
    ];
    const { fetch, requests } = observedFetch(() => Promise.reject(errors[0] ?? new Error()), clock);
    for (let error = errors[0]; error; errors.shift(), error = errors[0]) {
      await assert.rejects(fetch("not a url", {}), error);
    }
    assert.deepEqual(
      requests.counts.map(({ kind, outcome }) => `${kind} ${outcome}`),
      ["other ECONNREFUSED", "other Error", "other AbortError"],
    );
  });

  it("take the code of a network error from any error in its chain", async () => {
    const { fetch, requests } = observedFetch(() => Promise.reject(error), new FakeClock());
    const named = (name: string) => Object.assign(new Error("text"), { name });
    const coded = (code: unknown) => Object.assign(new Error("text"), { code });
    const wrapped = (depth: number): Error =>
      depth === 0 ? coded("ECONNRESET") : new TypeError("fetch failed", { cause: wrapped(depth - 1) });
    const endless: Error & { cause?: unknown } = new TypeError("fetch failed");
    endless.cause = endless;
    let error = new Error();
    const cases: readonly (readonly [unknown, string])[] = [
      [coded("UND_ERR_SOCKET"), "UND_ERR_SOCKET"],
      [coded("E2BIG"), "E2BIG"],
      [wrapped(7), "ECONNRESET"],
      [wrapped(8), "TypeError"],
      [endless, "TypeError"],
      [coded("EHOST of YV1TEST0000000001"), "Error"],
      [coded("the YV1TEST0000000001"), "Error"],
      [coded("YV1TEST0000000001 of"), "Error"],
      [coded("E of a secret"), "Error"],
      [coded(404), "Error"],
      [named("Error of YV1TEST"), "unknown"],
      [named("1 Error"), "unknown"],
      [named("Error 1"), "unknown"],
      ["a text", "unknown"],
      [undefined, "unknown"],
    ];
    for (const [thrown, outcome] of cases) {
      error = thrown as Error;
      await fetch(base, {}).catch(() => undefined);
      assert.deepEqual(requests.failures[0]?.outcome, outcome);
    }
    assert.equal(
      requests.counts.reduce((sum, { count }) => sum + count, 0),
      cases.length,
    );
  });

  it("keep the last ten failures", async () => {
    const { fetch, requests } = observedFetch(
      () => Promise.resolve(new Response("", { status: 500 })),
      new FakeClock(),
    );
    for (let count = 0; count < 30; count++) await fetch(base, {});
    assert.equal(requests.failures.length, 10);
    assert.equal(requests.counts[0]?.count, 30);
  });
});

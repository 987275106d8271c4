import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { classifyAnswer, quotaWait, retryAfterMs } from "../../../src/volvo/errors";
import type { Failure } from "../../../src/charging/failure";
import { anyText } from "../../support/builders/arbitrary";
import { fixture } from "../../support/fixtures";

const now = Date.UTC(2026, 10, 23, 8);

function failureOf(status: number, body: string, retryAfter: string | null = null, contentType?: string): Failure {
  return classifyAnswer({ status, body, retryAfter, ...(contentType !== undefined && { contentType }) }, now);
}

const intercepted: Failure = { kind: "intercepted" };

/** The forms in which Volvo, its gateway and its sign-in service report errors, around meaningless text. */
function shapesOf(words: string): Readonly<Record<string, string>> {
  const say = JSON.stringify(words);
  return {
    "{error: {code, message, details}}": `{"error":{"code":"SOMETHING","message":${say},"details":[{"code":"X","message":"x"}]}}`,
    "{error: {code, message}}": `{"error":{"code":"SOMETHING","message":${say}}}`,
    "{code, message, details}": `{"code":"INTERNAL_ERROR","message":${say},"details":[]}`,
    "{status, operationId, error: {message, description}}": `{"status":400,"operationId":"3f1c8a54-6d0e-4b7a-9c21-7e5a90b4d601","error":{"message":"SOMETHING","description":${say}}}`,
    "{error: {message, description}}": `{"error":{"message":"SOMETHING","description":${say}}}`,
    "{error: {message}}": `{"error":{"message":${say}}}`,
    "{error: null}": `{"status":404,"operationId":"3f1c8a54-6d0e-4b7a-9c21-7e5a90b4d601","error":null}`,
    "{statusCode, message}": `{"statusCode":400,"message":${say}}`,
    "OAuth {error, error_description}": `{"error":"invalid_request","error_description":${say}}`,
    "PingFederate {details: [{userMessage}]}": `{"details":[{"userMessage":${say}}]}`,
    "text/plain": words,
    HTML: `<!DOCTYPE html><html><head><title>${words}</title></head><body><h1>${words}</h1></body></html>`,
    "a bare JSON string": say,
    null: "null",
    "an array": "[]",
    "truncated JSON": `{"error":{"message":${say.slice(0, -2)}`,
    empty: "",
  };
}

function parses(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

describe("a response with an error status", () => {
  const phrases: readonly (readonly [string, Failure])[] = [
    ["gateway.401.invalid-key.json", { kind: "apiKeyRefused" }],
    ["v1.401.full-authentication.json", { kind: "tokenRefused" }],
    ["gateway.403.quota.json", { kind: "quotaSpent", waitMs: 3 * hourMs + 30 * minuteMs + 56 * secondMs }],
    ["v1.403.no-relationship.json", { kind: "forbidden", what: "car" }],
    ["location.403.market.json", { kind: "forbidden", what: "scope" }],
    ["v1.404.not-supported-model.json", { kind: "notSupported" }],
    ["v1.404.car-model-not-supported.json", { kind: "notSupported" }],
    ["cv2.404.market.json", { kind: "notFound", market: true }],
    ["v2.404.vehicle-not-found.json", { kind: "notFound", market: true }],
    ["gateway.404.resource-not-found.json", { kind: "routeGone" }],
  ];

  for (const [name, expected] of phrases) {
    it(`means what its text says: ${name}`, () => {
      const { status, body } = fixture(name);
      assert.deepEqual(failureOf(status, body), expected);
    });

    it(`has no special meaning if the same text comes with another status: ${name}`, () => {
      const { status, body } = fixture(name);
      for (const other of [400, 401, 403, 404, 500, 503].filter((candidate) => candidate !== status)) {
        assert.deepEqual(failureOf(other, body), failureOf(other, "{}"), String(other));
      }
    });
  }

  it("is understood in every form of its text", () => {
    const sentences: readonly (readonly [number, string, Failure])[] = [
      [401, "Access denied due to invalid VCC-API-KEY.", { kind: "apiKeyRefused" }],
      [401, "Access denied due to missing header VCC-API-KEY.", { kind: "apiKeyRefused" }],
      [403, "Out of call volume quota. Quota will be replenished in 00:00:09.", { kind: "quotaSpent", waitMs: 9_000 }],
      [403, "No relationship to UUID", { kind: "forbidden", what: "car" }],
      [403, "Client not allowed to access Energy API", { kind: "forbidden", what: "scope" }],
      [404, "Car model is not supported", { kind: "notSupported" }],
      [404, "Vehicle does not belong to allowed markets", { kind: "notFound", market: true }],
      [404, "VEHICLE_NOT_FOUND", { kind: "notFound" }],
    ];
    for (const [status, words, expected] of sentences) {
      for (const [shape, body] of Object.entries(shapesOf(words))) {
        if (!body.includes(words)) continue;
        const isForeign = expected.kind !== "quotaSpent" && (shape === "HTML" || (status === 403 && !parses(body)));
        assert.deepEqual(failureOf(status, body), isForeign ? intercepted : expected, `${words} as ${shape}`);
      }
    }
  });

  const kinds: readonly (readonly [number, Failure])[] = [
    [304, { kind: "unavailable", status: 304 }],
    [400, { kind: "requestRefused" }],
    [401, { kind: "tokenRefused" }],
    [403, { kind: "forbidden", what: "unspecified" }],
    [404, { kind: "notFound" }],
    [405, { kind: "unavailable", status: 405 }],
    [406, { kind: "unavailable", status: 406 }],
    [408, { kind: "unavailable", status: 408 }],
    [409, { kind: "unavailable", status: 409 }],
    [415, { kind: "unavailable", status: 415 }],
    [407, { kind: "proxyLogin" }],
    [422, { kind: "requestRefused" }],
    [429, { kind: "rateLimited", waitMs: undefined }],
    [500, { kind: "unavailable", status: 500 }],
    [502, { kind: "unavailable", status: 502 }],
    [503, { kind: "unavailable", status: 503 }],
    [504, { kind: "unavailable", status: 504 }],
    [511, intercepted],
  ];

  for (const [status, expected] of kinds) {
    it(`${status} with unknown text has the general kind of its status, in every form`, () => {
      for (const [shape, body] of Object.entries(shapesOf("Something went wrong. Ref: 4711"))) {
        const isForeign = status !== 407 && status < 429 && (shape === "HTML" || (status === 403 && !parses(body)));
        assert.deepEqual(failureOf(status, body), isForeign ? intercepted : expected, shape);
      }
    });
  }

  it("is intercepted if it is an HTML page, with any text, unless its status is 5xx", () => {
    const pages = [
      "<html>Blocked</html>",
      "\ufeff\n<!DOCTYPE html><p>Invalid VCC-API-KEY</p>",
      "<!-- filter --><body>Client not allowed to access Energy API</body>",
      "<HTML><HEAD><TITLE>VEHICLE_NOT_FOUND</TITLE></HEAD></HTML>",
    ];
    for (const page of pages) {
      for (const status of [304, 400, 401, 403, 404, 408, 410, 422, 451]) {
        assert.deepEqual(failureOf(status, page), intercepted, `${status} ${page}`);
      }
      for (const status of [500, 502, 503]) assert.deepEqual(failureOf(status, page), { kind: "unavailable", status });
    }
    assert.deepEqual(failureOf(404, "You are blocked", null, "text/html; charset=utf-8"), intercepted);
    assert.deepEqual(failureOf(404, '{"message":"x"}', null, "text/html"), { kind: "notFound" });
    assert.deepEqual(failureOf(404, "", null, "text/html"), { kind: "notFound" });
  });

  it("is intercepted if it is a 403 without JSON", () => {
    for (const body of ["", "Forbidden", "<html></html>", '{"error":'])
      assert.deepEqual(failureOf(403, body), intercepted);
  });

  it("keeps the meaning of a quota, a rate limit and maintenance in an HTML page", () => {
    const page = "<html><p>Out of call volume quota. Quota will be replenished in 00:01:00.</p></html>";
    assert.deepEqual(failureOf(403, page), { kind: "quotaSpent", waitMs: minuteMs });
    assert.deepEqual(failureOf(429, "<html>Slow down</html>", "90"), { kind: "rateLimited", waitMs: 90_000 });
    assert.deepEqual(failureOf(503, "<html>Maintenance</html>", "90"), {
      kind: "unavailable",
      status: 503,
      waitMs: 90_000,
    });
  });

  it("means that the version is gone if it is a 410 or a redirect within the host, and is intercepted if it redirects to another", () => {
    for (const [shape, body] of Object.entries(shapesOf("Moved"))) {
      assert.deepEqual(failureOf(410, body), shape === "HTML" ? intercepted : { kind: "routeGone" }, shape);
      for (const status of [301, 302, 303, 307, 308]) {
        const answer = { status, body, retryAfter: null };
        assert.deepEqual(classifyAnswer(answer, now), { kind: "routeGone", redirected: true }, shape);
        assert.deepEqual(classifyAnswer({ ...answer, leadsAway: true }, now), intercepted, shape);
      }
    }
  });

  it("404 means a missing route in the gateway's exact form only", () => {
    assert.deepEqual(failureOf(404, '{ "statusCode": 404, "message": "Resource not found" }\n'), { kind: "routeGone" });
    for (const body of [
      '{"statusCode":404,"message":"Resource not found."}',
      '{"statusCode":404,"message":"Resource not found","vin":"x"}',
      '{"statusCode":403,"message":"Resource not found"}',
      '{"error":{"message":"NOT_FOUND","description":"Resource not found"}}',
      '[{"statusCode":404,"message":"Resource not found"}]',
      "Resource not found",
      'Proxy: {"statusCode":404,"message":"Resource not found"}',
    ]) {
      assert.deepEqual(failureOf(404, body), { kind: "notFound" }, body);
    }
  });

  it("never throws, and never switches versions because of unknown text", () => {
    const statuses = fc.integer({ min: 400, max: 599 }).filter((status) => status !== 410);
    const bodies = fc.oneof(anyText(), fc.json());
    fc.assert(
      fc.property(statuses, bodies, fc.option(fc.string()), (status, body, retryAfter) => {
        assert.notEqual(failureOf(status, body, retryAfter).kind, "routeGone");
      }),
    );
  });
});

describe("the wait time in the quota text", () => {
  const sentence = (time: string) => `Out of call volume quota. Quota will be replenished in ${time}.`;

  it("is hours, minutes and seconds", () => {
    assert.equal(quotaWait(sentence("03:30:56")), 12_656_000);
    assert.equal(quotaWait(sentence("00:00:00")), 0);
    assert.equal(quotaWait(sentence("23:59:59")), dayMs - secondMs);
  });

  it("may be preceded by days", () => {
    assert.equal(quotaWait(sentence("1.03:30:56")), dayMs + 12_656_000);
    assert.equal(quotaWait(sentence("30.00:00:01")), 30 * dayMs + secondMs);
  });

  it("is unknown if the text contains none", () => {
    for (const text of ["Out of call volume quota.", sentence("a while"), sentence("12"), sentence("3:5"), ""]) {
      assert.equal(quotaWait(text), undefined, text);
    }
    assert.deepEqual(failureOf(403, '{"statusCode":403,"message":"Out of call volume quota."}'), {
      kind: "quotaSpent",
      waitMs: undefined,
    });
  });
});

describe("Retry-After", () => {
  it("can be seconds", () => {
    assert.equal(retryAfterMs("120", now), 2 * minuteMs);
    assert.equal(retryAfterMs(" 0 ", now), 0);
    assert.equal(retryAfterMs("86400", now), dayMs);
  });

  it("can be a date, and is no wait if the date has passed", () => {
    assert.equal(retryAfterMs("Mon, 23 Nov 2026 08:05:00 GMT", now), 5 * minuteMs);
    assert.equal(retryAfterMs("Monday, 23-Nov-26 08:05:00 GMT", now), 5 * minuteMs);
    assert.equal(retryAfterMs("Wed, 21 Oct 2015 07:28:00 GMT", now), 0);
  });

  it("is ignored if it is neither", () => {
    for (const text of ["", "soon", "soon 5", "-5", "1.5", "1e9", "NaN", "Mon", "Mon, GMT", "120, 60"]) {
      assert.equal(retryAfterMs(text, now), undefined, text);
    }
    assert.equal(retryAfterMs(null, now), undefined);
  });

  it("is limited, so that it can be added to a time", () => {
    for (const text of ["9".repeat(12), "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"]) {
      const wait = retryAfterMs(text, now);
      assert.ok(wait !== undefined && wait > 30 * dayMs, text);
      assert.ok(!Number.isNaN(new Date(now + wait).getTime()), text);
    }
  });

  it("applies to 429 and 503 only", () => {
    assert.deepEqual(failureOf(429, "", "90"), { kind: "rateLimited", waitMs: 90_000 });
    assert.deepEqual(failureOf(429, "<html>Slow down</html>", "soon"), { kind: "rateLimited", waitMs: undefined });
    assert.deepEqual(failureOf(503, "", "90"), { kind: "unavailable", status: 503, waitMs: 90_000 });
    assert.deepEqual(failureOf(503, "Service Unavailable", "soon"), { kind: "unavailable", status: 503 });
    for (const status of [500, 502, 504])
      assert.deepEqual(failureOf(status, "", "90"), { kind: "unavailable", status });
  });
});

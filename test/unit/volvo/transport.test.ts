import assert from "node:assert/strict";
import { fetch as undiciFetch, MockAgent } from "undici";
import { secondMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/redactor";
import { createTransport } from "../../../src/volvo/transport";
import { RecordingLog } from "../../support/builders/builders";
import {
  anAccessToken,
  anApiKey,
  apiOrigin,
  FakeAuthorizer,
  jsonResponse,
  neverAborted,
  type SentRequest,
  TransportRig,
} from "../../support/builders/transport";
import { FakeClock, settle } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";

const accept = "application/json";
const mebibyte = 1024 * 1024;

function ask(rig: TransportRig, signal = neverAborted, path = "/energy/v2/vehicles/X/state") {
  return rig.transport.get(path, accept, turnWith(signal));
}

/** Behaves like fetch for an unanswered request: it fails with the signal's reason on abort. */
function unanswered({ init }: SentRequest): Promise<Response> {
  return new Promise((_, reject) => {
    const { signal } = init;
    const fail = () => reject(signal?.reason as Error);
    if (signal?.aborted) fail();
    signal?.addEventListener("abort", fail);
  });
}

/** A response whose body begins with `chunks` and then stops, until the request's signal aborts. */
function stalling({ init }: SentRequest, ...chunks: string[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    },
  });
  return new Response(body, { status: 200 });
}

describe("a request to Volvo", () => {
  it("has the path, the three headers and nothing else that could identify the sender", async () => {
    const rig = new TransportRig(() => jsonResponse({ fine: true }));
    const media = "application/vnd.volvocars.api.energy.vehicledata.v1+json";
    assert.deepEqual(await rig.transport.get("/energy/v1/x", media, turnWith()), { ok: true, value: { fine: true } });
    const request = rig.sent[0]!;
    assert.equal(request.url, `${apiOrigin}/energy/v1/x`);
    assert.deepEqual(Object.fromEntries(request.headers), {
      accept: media,
      authorization: `Bearer ${anAccessToken}`,
      "vcc-api-key": anApiKey,
    });
    const { method, redirect, body, signal, ...rest } = request.init;
    assert.deepEqual([method, redirect, body, Object.keys(rest)], ["GET", "manual", undefined, ["headers"]]);
    assert.ok(signal);
  });

  it("is made below the base URL, with or without a trailing slash", async () => {
    for (const base of [`${apiOrigin}/volvo/api`, `${apiOrigin}/volvo/api/`, `${apiOrigin}/volvo/api//`]) {
      const rig = new TransportRig(() => jsonResponse({}), base);
      await ask(rig);
      assert.deepEqual(rig.sent[0]?.url, `${apiOrigin}/volvo/api/energy/v2/vehicles/X/state`);
      assert.deepEqual(rig.authorizer.origins, [apiOrigin]);
    }
  });

  it("is not made without credentials", async () => {
    const rig = new TransportRig(() => jsonResponse({}));
    rig.authorizer.answer = { kind: "apiKeyMissing" };
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "noCredentials", problem: { kind: "apiKeyMissing" } });
    assert.equal(rig.sent.length, 0);
  });

  it("logs failures at info level and successes at debug level", async () => {
    const answers = [jsonResponse({ error: { message: "no" } }, 500), jsonResponse({})];
    const rig = new TransportRig(() => answers.shift()!);
    await ask(rig);
    await ask(rig);
    assert.deepEqual(rig.log.lines, [
      'info GET /energy/v2/vehicles/X/state: unavailable, HTTP 500 {"error":{"message":"no"}} (0 ms)',
      "debug GET /energy/v2/vehicles/X/state: ok (0 ms)",
    ]);
  });
});

describe("a response that echoes the request's credentials", () => {
  it("is logged without any part of them, wherever the text is cut", async () => {
    const secrets = [anApiKey, anAccessToken, "jane.doe@example.com", "YV1ABCDEFG7654321"];
    const redactor = new Redactor();
    for (const secret of [anApiKey, anAccessToken]) redactor.learn(secret);
    for (const status of [500, 200]) {
      for (let before = 0; before < 200; before++) {
        const rig = new TransportRig(() => new Response(`${"x ".repeat(before)}${secrets.join(" ")} z`, { status }));
        await ask(rig);
        const logged = redactor.redact(rig.log.lines.join("\n"));
        for (const secret of secrets) assert.ok(!logged.includes(secret.slice(0, 5)), logged);
      }
    }
  });
});

describe("credentials for one origin", () => {
  it("are requested for that origin and never sent to another", async () => {
    const rig = new TransportRig(() => jsonResponse({}));
    rig.authorizer.answer = { apiKey: anApiKey, accessToken: anAccessToken, origin: "https://elsewhere.test" };
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "noCredentials", problem: { kind: "credentialsMissing" } });
    assert.equal(rig.sent.length, 0);
    assert.deepEqual(rig.authorizer.origins, [apiOrigin]);
  });

  it("are not sent to another origin by a retry either", async () => {
    const rig = new TransportRig(() => jsonResponse({}, 401));
    rig.authorizer.renewal = { apiKey: anApiKey, accessToken: "another", origin: "https://elsewhere.test" };
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "noCredentials", problem: { kind: "credentialsMissing" } });
    assert.equal(rig.sent.length, 1);
  });

  it("stay with their origin if the base URL changes while they are read", async () => {
    const rig = new TransportRig(() => jsonResponse({}));
    const { answer } = rig.authorizer;
    rig.authorizer.authorize = () => {
      rig.baseUrl = "https://elsewhere.test";
      return Promise.resolve(answer);
    };
    await ask(rig);
    assert.deepEqual(
      rig.sent.map(({ url }) => new URL(url).origin),
      [apiOrigin],
    );
  });

  it("are sent nowhere without a base URL, and nothing throws", async () => {
    for (const base of ["", "nonsense", "/relative"]) {
      const rig = new TransportRig(() => jsonResponse({}));
      rig.baseUrl = base;
      assert.equal((await ask(rig)).ok, false);
      assert.deepEqual([rig.authorizer.origins, rig.sent.length], [[""], 0]);
    }
  });
});

describe("a redirect", () => {
  it("is never followed: the other host receives no request, and the log names it", async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const asked: string[] = [];
    for (const origin of [apiOrigin, "https://elsewhere.test"]) {
      for (const path of ["/a", "/b"]) {
        agent
          .get(origin)
          .intercept({ path, method: "GET" })
          .reply(() => {
            asked.push(origin + path);
            const location = "https://elsewhere.test/b";
            return {
              statusCode: origin === apiOrigin ? 307 : 200,
              data: "{}",
              responseOptions: { headers: { location } },
            };
          });
      }
    }
    // undici's own classes differ by type from those of @types/node, although they are the same at run time.
    const viaAgent = (url: string, init: RequestInit) =>
      undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
    const log = new RecordingLog();
    const transport = createTransport({
      fetch: viaAgent,
      clock: new FakeClock(),
      log,
      authorizer: new FakeAuthorizer(),
      baseUrl: () => apiOrigin,
    });
    const result = await transport.get("/a", accept, turnWith());
    assert.deepEqual(!result.ok && result.failure, { kind: "intercepted" });
    assert.match(log.lines.join(), /intercepted, HTTP 307 to elsewhere\.test/);
    assert.deepEqual(asked, [`${apiOrigin}/a`]);
    await agent.close();
  });

  it("within the API host means that the version is missing; any other redirect is reported as intercepted", async () => {
    const within = ["/maintenance", "?x=1", `${apiOrigin}/portal`, "//api.volvo.test/x", "http://api.volvo.test/x"];
    const away = ["https://login.test/", "//login.test/", "https://api.volvo.test.login.test/", undefined, "http://["];
    const port = ["https://api.volvo.test:8443/"];
    for (const status of [301, 302, 303, 307, 308]) {
      for (const location of [...within, ...away, ...port]) {
        const headers = location === undefined ? {} : { location };
        const rig = new TransportRig(() => new Response("<html>moved</html>", { status, headers }));
        const result = await ask(rig);
        const isWithin = location !== undefined && within.includes(location);
        const expected = isWithin ? { kind: "routeGone", redirected: true } : { kind: "intercepted" };
        assert.deepEqual(!result.ok && result.failure, expected, `${status} ${String(location)}`);
      }
    }
  });

  it("that fetch hides or cancels is reported as intercepted", async () => {
    const hidden = new Response(null, { status: 200 });
    Object.defineProperties(hidden, { status: { value: 0 }, ok: { value: false }, type: { value: "opaqueredirect" } });
    const canceled = () => Promise.reject(new Error("Redirect was cancelled"));
    for (const answer of [() => hidden, canceled]) {
      const result = await ask(new TransportRig(answer));
      assert.deepEqual(!result.ok && result.failure, { kind: "intercepted" });
    }
  });

  it("is not assumed for a 304", async () => {
    const result = await ask(new TransportRig(() => new Response(null, { status: 304 })));
    assert.deepEqual(!result.ok && result.failure, { kind: "unavailable", status: 304 });
  });
});

describe("a response of Volvo", () => {
  it("may begin with a byte order mark and be split anywhere, even within a character", async () => {
    const bytes = new TextEncoder().encode('\ufeff{"name":"Größe 🚗"}');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of [bytes.slice(0, cut), bytes.slice(cut)]) controller.enqueue(part);
          controller.close();
        },
      });
      const rig = new TransportRig(() => new Response(body));
      assert.deepEqual(await ask(rig), { ok: true, value: { name: "Größe 🚗" } });
    }
  });

  it("is malformed if it is not JSON, and intercepted if it is a page", async () => {
    const bodies = ["", " ", "Service Unavailable", '{"a":', "NaN", "undefined", "\ufeff"];
    for (const body of bodies) {
      const result = await ask(new TransportRig(() => new Response(body, { status: 200 })));
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" }, body);
    }
    const pages = ["<!DOCTYPE html><html></html>", "\ufeff <html>Welcome</html>", "<!-- x --><p>Log in</p>"];
    for (const page of pages) {
      const result = await ask(new TransportRig(() => new Response(page, { status: 200 })));
      assert.deepEqual(!result.ok && result.failure, { kind: "intercepted" }, page);
    }
    const welcome = () => new Response("Welcome", { headers: { "content-type": "text/html" } });
    const titled = await ask(new TransportRig(welcome));
    assert.deepEqual(!titled.ok && titled.failure, { kind: "intercepted" });
    for (const status of [202, 204]) {
      const result = await ask(new TransportRig(() => new Response(null, { status })));
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" });
    }
  });

  it("is read up to 1 MiB and no further", async () => {
    const text = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;
    assert.equal((await ask(new TransportRig(() => new Response(text(mebibyte))))).ok, true);
    const larger = await ask(new TransportRig(() => new Response(text(mebibyte + 1))));
    assert.deepEqual(!larger.ok && larger.failure, { kind: "malformed" });

    let sentBytes = 0;
    const canceled: unknown[] = [];
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = new Uint8Array(65_536);
        sentBytes += chunk.length;
        controller.enqueue(chunk);
      },
      cancel: (reason) => void canceled.push(reason),
    });
    const rig = new TransportRig(() => new Response(endless));
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "malformed" });
    assert.equal(canceled.length, 1);
    assert.ok(sentBytes < 2 * mebibyte);
    assert.equal(rig.clock.pendingTimers, 0);
  });

  it("has the meaning of its status even if its body is too large", async () => {
    const page = "x".repeat(2 * mebibyte);
    for (const [status, kind] of [
      [503, "unavailable"],
      [429, "rateLimited"],
      [403, "intercepted"],
    ] as const) {
      const result = await ask(new TransportRig(() => new Response(page, { status })));
      assert.equal(!result.ok && result.failure.kind, kind);
    }
  });

  it("with 429 has the wait time of its header", async () => {
    const rig = new TransportRig(() => jsonResponse("", 429, { "retry-after": "Mon, 23 Nov 2026 08:02:00 GMT" }));
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "rateLimited", waitMs: 120_000 });
  });

  it("is a failure if it breaks off or never begins", async () => {
    const broken = () => new TypeError("terminated", { cause: new Error("other side closed") });
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(broken()) });
    for (const respond of [() => new Response(body), () => Promise.reject(new TypeError("fetch failed"))]) {
      const rig = new TransportRig(respond);
      const result = await ask(rig);
      assert.deepEqual(!result.ok && result.failure, { kind: "offline", certificate: false });
      assert.equal(rig.clock.pendingTimers, 0);
    }
  });
});

describe("the limit of 30 s", () => {
  it("ends a request without a response", async () => {
    const rig = new TransportRig(unanswered);
    let settled = false;
    const result = ask(rig).finally(() => (settled = true));
    await rig.clock.advance(30 * secondMs - 1);
    assert.equal(settled, false);
    await rig.clock.advance(1);
    assert.deepEqual(await result, { ok: false, failure: { kind: "timeout" }, note: "no complete answer in time" });
    assert.equal(rig.sent[0]?.init.signal?.aborted, true);
    assert.equal(rig.clock.pendingTimers, 0);
  });

  it("covers headers and body together", async () => {
    const rig = new TransportRig(async (request) => {
      await new Promise<void>((resolve) => rig.clock.after(20 * secondMs, resolve));
      return stalling(request, '{"batteryChargeLevel":');
    });
    let settled = false;
    const result = ask(rig).finally(() => (settled = true));
    await rig.clock.advance(30 * secondMs - 1);
    assert.equal(settled, false);
    await rig.clock.advance(1);
    const outcome = await result;
    assert.deepEqual(!outcome.ok && outcome.failure, { kind: "timeout" });
  });

  it("starts again for the retry after a 401", async () => {
    let answers = 0;
    const rig = new TransportRig(async (request) => {
      if (answers++ > 0) return unanswered(request);
      await new Promise<void>((resolve) => rig.clock.after(29 * secondMs, resolve));
      return jsonResponse({}, 401);
    });
    rig.authorizer.renewal = { apiKey: anApiKey, accessToken: "another", origin: apiOrigin };
    const result = ask(rig);
    await rig.clock.advance(58 * secondMs);
    assert.equal(rig.clock.pendingTimers, 1);
    await rig.clock.advance(secondMs);
    const outcome = await result;
    assert.deepEqual(!outcome.ok && outcome.failure, { kind: "timeout" });
  });

  it("leaves no timer after a successful response", async () => {
    const rig = new TransportRig(() => jsonResponse({}));
    await ask(rig);
    assert.equal(rig.clock.pendingTimers, 0);
  });
});

describe("requests in flight", () => {
  it("are limited to four; the others wait in order, even if earlier ones fail", async () => {
    const open: { path: string; answer: (response: Response | Promise<Response>) => void }[] = [];
    let most = 0;
    const rig = new TransportRig(
      ({ path }) => new Promise((answer) => (most = Math.max(most, open.push({ path, answer })))),
    );
    const results = Array.from({ length: 9 }, (_, index) => ask(rig, neverAborted, `/${index}`));
    await settle();
    const order: string[] = [];
    for (let index = 0; index < 9; index++) {
      const next = open.shift();
      order.push(next?.path ?? "none");
      next?.answer(
        [jsonResponse({}), jsonResponse({}, 500), Promise.reject(new TypeError("fetch failed"))][index % 3]!,
      );
      await settle();
    }
    await Promise.all(results);
    assert.equal(most, 4);
    assert.deepEqual(order, ["/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8"]);
  });

  it("free their slot if there are no credentials, and if they are canceled", async () => {
    const rig = new TransportRig(unanswered);
    rig.authorizer.answer = { kind: "credentialsMissing" };
    await Promise.all(Array.from({ length: 6 }, () => ask(rig)));
    rig.authorizer.answer = new FakeAuthorizer().answer;
    const abort = new AbortController();
    const canceled = Array.from({ length: 6 }, () => ask(rig, abort.signal));
    await settle();
    assert.equal(rig.sent.length, 4);
    abort.abort(new Error("enough"));
    for (const result of canceled) await assert.rejects(result, /enough/);
    const late = ask(rig);
    await settle();
    assert.equal(rig.sent.length, 5);
    await rig.clock.advance(30 * secondMs);
    assert.equal((await late).ok, false);
  });
});

describe("a 401", () => {
  const renewed = { apiKey: anApiKey, accessToken: "an-access-token-2", origin: apiOrigin };
  const refused = () => jsonResponse({ status: 401, error: { message: "Unauthorized" } }, 401);

  it("is retried once, with the renewed token", async () => {
    const rig = new TransportRig(({ headers }) =>
      headers.get("authorization") === "Bearer an-access-token-2" ? jsonResponse({ fine: true }) : refused(),
    );
    rig.authorizer.renewal = renewed;
    assert.deepEqual(await ask(rig), { ok: true, value: { fine: true } });
    assert.deepEqual(
      rig.sent.map(({ headers }) => headers.get("authorization")),
      [`Bearer ${anAccessToken}`, "Bearer an-access-token-2"],
    );
    assert.deepEqual(rig.authorizer.renewed, [{ apiKey: anApiKey, accessToken: anAccessToken, origin: apiOrigin }]);
    assert.deepEqual(rig.authorizer.refusals, []);
  });

  it("is reported without another retry if it persists", async () => {
    const rig = new TransportRig(refused);
    rig.authorizer.renewal = renewed;
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "tokenRefused" });
    assert.deepEqual([rig.sent.length, rig.authorizer.refusals], [2, [renewed]]);
  });

  it("calls onSend for the request and its retry, and not for unsent requests", async () => {
    const sentBefore: number[] = [];
    const rig = new TransportRig(refused);
    rig.authorizer.renewal = renewed;
    const onSend = () => sentBefore.push(rig.sent.length);
    await rig.transport.get("/energy/v2/x", accept, turnWith(), { onSend });
    assert.deepEqual(sentBefore, [0, 1]);
    rig.authorizer.answer = { kind: "credentialsMissing" };
    await rig.transport.get("/energy/v2/x", accept, turnWith(), { onSend });
    assert.deepEqual(sentBefore, [0, 1]);
  });

  it("is the result if the token cannot be renewed", async () => {
    const rig = new TransportRig(refused);
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "tokenRefused" });
    assert.deepEqual([rig.sent.length, rig.authorizer.refusals.length], [1, 0]);
  });

  it("becomes the renewal's problem if the renewal fails otherwise", async () => {
    const rig = new TransportRig(refused);
    rig.authorizer.renewal = { kind: "signInEnded" };
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "noCredentials", problem: { kind: "signInEnded" } });
    assert.equal(rig.sent.length, 1);
  });

  it("about the key renews nothing, because the token is not to blame", async () => {
    const rig = new TransportRig(() =>
      jsonResponse({ error: { message: "Access denied due to invalid VCC-API-KEY." } }, 401),
    );
    rig.authorizer.renewal = renewed;
    const result = await ask(rig);
    assert.deepEqual(!result.ok && result.failure, { kind: "apiKeyRefused" });
    assert.deepEqual([rig.sent.length, rig.authorizer.renewed.length], [1, 0]);
  });

  it("for a nonessential request renews nothing, because the token may be for another API", async () => {
    const rig = new TransportRig(refused);
    rig.authorizer.renewal = renewed;
    const result = await rig.transport.get("/connected-vehicle/v2/vehicles", accept, turnWith(), {
      essential: false,
    });
    assert.deepEqual(!result.ok && result.failure, { kind: "tokenRefused" });
    assert.deepEqual([rig.sent.length, rig.authorizer.renewed.length], [1, 0]);
  });
});

describe("cancellation", () => {
  const reason = new Error("The user has closed it");

  it("rejects with its reason at every stage of the request, and leaves no timer", async () => {
    const stages: Record<string, (request: SentRequest) => Response | Promise<Response>> = {
      headers: unanswered,
      body: (request) => stalling(request, "{"),
    };
    for (const [stage, respond] of Object.entries(stages)) {
      const abort = new AbortController();
      const rig = new TransportRig(respond);
      const result = ask(rig, abort.signal);
      await settle();
      assert.equal(rig.sent.length, 1, stage);
      abort.abort(reason);
      await assert.rejects(result, reason, stage);
      assert.equal(rig.clock.pendingTimers, 0, stage);
    }
  });

  it("before the start makes no request", async () => {
    const abort = new AbortController();
    abort.abort(reason);
    const rig = new TransportRig(() => jsonResponse({}));
    await assert.rejects(ask(rig, abort.signal), reason);
    assert.deepEqual([rig.sent.length, rig.authorizer.origins.length], [0, 0]);
  });

  it("while credentials are read makes no request", async () => {
    const abort = new AbortController();
    const rig = new TransportRig(() => jsonResponse({}));
    const result = ask(rig, abort.signal);
    abort.abort(reason);
    await assert.rejects(result, reason);
    assert.deepEqual([rig.sent.length, rig.clock.pendingTimers], [0, 0]);
  });

  it("while the token is renewed makes no second request", async () => {
    const abort = new AbortController();
    const rig = new TransportRig(() => jsonResponse({}, 401));
    rig.authorizer.renew = () => {
      abort.abort(reason);
      return Promise.resolve({ apiKey: anApiKey, accessToken: "another", origin: apiOrigin });
    };
    await assert.rejects(ask(rig, abort.signal), reason);
    assert.deepEqual([rig.sent.length, rig.clock.pendingTimers], [1, 0]);
  });
});

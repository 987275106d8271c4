import assert from "node:assert/strict";
import fc from "fast-check";
import { classifyNetworkError } from "../../../src/volvo/errors";
import type { Failure } from "../../../src/charging/failure";

/** An error like those of undici's fetch: the actual error is the cause. */
function fetchFailed(message: string, code?: string, name = "Error"): Error {
  const cause = Object.assign(new Error(message), code !== undefined && { code }, { name });
  return new TypeError("fetch failed", { cause });
}

/** The same for a response that broke off in its body. */
function terminated(message: string, code: string, name = "Error"): Error {
  return new TypeError("terminated", { cause: Object.assign(new Error(message), { code, name }) });
}

/** A proxy's refusal as VS Code's fetch rejects with it. */
function tunnelRefused(status: number, withStatus = false): Error {
  const text = withStatus
    ? "Proxy response !== 200 when HTTP Tunneling"
    : `Proxy response (${status}) !== 200 when HTTP Tunneling`;
  const abort = Object.assign(new Error(text), { name: "AbortError", code: "UND_ERR_ABORTED" });
  if (withStatus) Object.assign(abort, { connectResponseStatusCode: status });
  const cancellation = Object.assign(new DOMException("Request was cancelled.", "AbortError"), { cause: abort });
  return new TypeError("fetch failed", { cause: cancellation });
}

const offline: Failure = { kind: "offline", certificate: false };
const intercepted: Failure = { kind: "intercepted" };
const certificate: Failure = { kind: "offline", certificate: true };

describe("a request without a complete response", () => {
  const cases: readonly (readonly [string, unknown, Failure])[] = [
    ["a name that does not resolve", fetchFailed("getaddrinfo ENOTFOUND api.volvocars.com", "ENOTFOUND"), offline],
    ["an unreachable name server", fetchFailed("getaddrinfo EAI_AGAIN api.volvocars.com", "EAI_AGAIN"), offline],
    ["a closed port", fetchFailed("connect ECONNREFUSED 127.0.0.1:443", "ECONNREFUSED"), offline],
    [
      "a port closed at every address of the name",
      new TypeError("fetch failed", {
        cause: Object.assign(new AggregateError([new Error("connect ECONNREFUSED ::1:443")], ""), {
          code: "ECONNREFUSED",
        }),
      }),
      offline,
    ],
    ["an unreachable network", fetchFailed("connect ENETUNREACH 10.0.0.1:443", "ENETUNREACH"), offline],
    ["a connection that breaks before the headers", fetchFailed("read ECONNRESET", "ECONNRESET"), offline],
    [
      "a connection that ends before the headers",
      fetchFailed("other side closed", "UND_ERR_SOCKET", "SocketError"),
      offline,
    ],
    ["a connection that breaks in the body", terminated("read ECONNRESET", "ECONNRESET"), offline],
    ["a connection that ends in the body", terminated("other side closed", "UND_ERR_SOCKET", "SocketError"), offline],
    [
      "a server without TLS",
      fetchFailed("SSL routines:tls_validate_record_header:wrong version number", "ERR_SSL_WRONG_VERSION_NUMBER"),
      offline,
    ],
    ["a self-signed certificate", fetchFailed("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"), certificate],
    [
      "a corporate proxy's certificate",
      fetchFailed("self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"),
      certificate,
    ],
    [
      "a certificate without its issuer",
      fetchFailed("unable to verify the first certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
      certificate,
    ],
    [
      "a certificate of an unknown issuer",
      fetchFailed("unable to get local issuer certificate", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
      certificate,
    ],
    ["an expired certificate", fetchFailed("certificate has expired", "CERT_HAS_EXPIRED"), certificate],
    [
      "a certificate for another name",
      fetchFailed(
        "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: ",
        "ERR_TLS_CERT_ALTNAME_INVALID",
      ),
      certificate,
    ],
    ["a redirect", fetchFailed("unexpected redirect"), intercepted],
    ["a proxy that wants a login", tunnelRefused(407), { kind: "proxyLogin" }],
    ["a proxy that wants a login, by its status", tunnelRefused(407, true), { kind: "proxyLogin" }],
    ["a proxy that forbids it", tunnelRefused(403), intercepted],
    ["a proxy that does not reach Volvo", tunnelRefused(502, true), intercepted],
    [
      "a connection timeout",
      fetchFailed("Connect Timeout Error", "UND_ERR_CONNECT_TIMEOUT", "ConnectTimeoutError"),
      { kind: "timeout" },
    ],
    [
      "a headers timeout",
      fetchFailed("Headers Timeout Error", "UND_ERR_HEADERS_TIMEOUT", "HeadersTimeoutError"),
      { kind: "timeout" },
    ],
    [
      "a body timeout",
      terminated("Body Timeout Error", "UND_ERR_BODY_TIMEOUT", "BodyTimeoutError"),
      { kind: "timeout" },
    ],
    ["an unresponsive address", fetchFailed("connect ETIMEDOUT 10.0.0.1:443", "ETIMEDOUT"), { kind: "timeout" }],
    [
      "a timeout signal",
      new DOMException("The operation was aborted due to timeout", "TimeoutError"),
      { kind: "timeout" },
    ],
    [
      "a body wrongly declared as compressed",
      terminated("incorrect header check", "Z_DATA_ERROR"),
      { kind: "malformed" },
    ],
    ["Chromium's redirect", new Error("Attempted to redirect, but redirect policy was 'error'"), intercepted],
    ["Electron's redirect", new Error("Redirect was cancelled"), intercepted],
    ["Chromium's proxy login", new Error("net::ERR_PROXY_AUTH_REQUESTED"), { kind: "proxyLogin" }],
    ["Chromium's refused tunnel", new Error("net::ERR_TUNNEL_CONNECTION_FAILED"), intercepted],
    ["Chromium's unknown name", new Error("net::ERR_NAME_NOT_RESOLVED"), offline],
    ["Chromium without a network", new Error("net::ERR_INTERNET_DISCONNECTED"), offline],
    ["Chromium's slow connection", new Error("net::ERR_CONNECTION_TIMED_OUT"), { kind: "timeout" }],
    ["Chromium's certificate error", new Error("net::ERR_CERT_AUTHORITY_INVALID"), certificate],
    ["Chromium's broken compression", new Error("net::ERR_CONTENT_DECODING_FAILED"), { kind: "malformed" }],
  ];

  for (const [name, error, expected] of cases) {
    it(`is classified: ${name}`, () => assert.deepEqual(classifyNetworkError(error), expected));
  }

  it("is offline for any other thrown value, and never an exception", () => {
    const circular = new Error("round");
    circular.cause = circular;
    for (const thrown of [undefined, null, 0, "x", {}, Symbol("x"), [], circular]) {
      assert.deepEqual(classifyNetworkError(thrown), offline);
    }
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (thrown) => void classifyNetworkError(thrown)));
  });
});

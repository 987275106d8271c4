import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type AuthorizationServer,
  ClientSecretBasic,
  customFetch,
  refreshTokenGrantRequest,
  revocationRequest,
} from "oauth4webapi";
import { isJson, isPage, readBodyText } from "../base/bodyText";
import { type Clock, minuteMs, secondMs } from "../base/clock";
import { errorText } from "../base/log";
import type { Redactor } from "../base/redactor";
import type { Problem } from "../charging/problem";
import { classifyNetworkError, networkLogin, proxyLogin, retryAfterMs } from "../volvo/errors";
import type { Fetch } from "../volvo/transport";
import type { VolvoIdClient } from "./credentials";
import { presentable } from "./signInFailure";
import { readTokenAnswer } from "./tokenAnswer";
import type { TokenEndpoint, TokenOutcome } from "./tokenEndpoint";

export interface VolvoIdServerPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Learns the secrets of a request before it is sent: Volvo ID may repeat them in its answer. */
  readonly redactor: Redactor;
}

/** The input for exchanging an authorization code. */
export interface CodeExchange {
  /** The callback's parameters, as validated by `validateAuthResponse` of oauth4webapi. */
  readonly parameters: URLSearchParams;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

/** Volvo ID for signing in and for renewals. Never rejects: every outcome is a value. */
export interface VolvoIdServer extends TokenEndpoint {
  exchange(client: VolvoIdClient, exchange: CodeExchange): Promise<TokenOutcome>;
}

/** Long, because a timeout loses the new refresh token, and answers have taken 90 s (Dielee/volvo2mqtt#174). */
const refreshLimitMs = 2 * minuteMs;
const exchangeLimitMs = minuteMs;
const revokeLimitMs = 5 * secondMs;
const bodyLimitBytes = 256 * 1024;
const longestWaitMs = 24 * 60 * minuteMs;

/** Volvo ID's endpoints. Their paths are fixed (developer portal, "Authorisation"), so no discovery is needed. */
export function serverAt(issuer: string): AuthorizationServer {
  return {
    issuer,
    authorization_endpoint: `${issuer}/as/authorization.oauth2`,
    token_endpoint: `${issuer}/as/token.oauth2`,
    revocation_endpoint: `${issuer}/as/revoke_token.oauth2`,
  };
}

export function createVolvoIdServer(ports: VolvoIdServerPorts): VolvoIdServer {
  const { clock, redactor } = ports;

  /** Teaches the redactor the header too, since it encodes id and secret (RFC 6749, 2.3.1), and an answer may repeat it. */
  const learningFetch: Fetch = (url, init) => {
    const { authorization = "" } = Object.fromEntries(new Headers(init.headers));
    redactor.learn(authorization.replace(/^Basic /i, ""));
    return ports.fetch(url, init);
  };

  /** Sends a request through oauth4webapi, but reads the answer by our own rules. */
  async function ask(
    client: VolvoIdClient,
    limitMs: number,
    send: (by: {
      readonly server: AuthorizationServer;
      readonly id: { readonly client_id: string };
      readonly secret: ReturnType<typeof ClientSecretBasic>;
      readonly options: ReturnType<typeof optionsWith>;
    }) => Promise<Response>,
  ): Promise<TokenOutcome> {
    redactor.learn(client.clientSecret);
    const limit = new AbortController();
    const timer = clock.after(limitMs, () => limit.abort());
    try {
      const response = await send({
        server: serverAt(client.issuer),
        id: { client_id: client.clientId },
        secret: ClientSecretBasic(client.clientSecret),
        options: optionsWith(learningFetch, client.issuer, limit.signal),
      });
      const { text, error } = await readBodyText(response, bodyLimitBytes, limit.signal);
      // Tokens in the answer are used even if the connection broke.
      if (error && readTokenAnswer(text) === undefined) {
        throw new Error("The answer broke off", { cause: error });
      }
      return outcomeOf(response, text, client.issuer);
    } catch (error) {
      const problem: Problem = limit.signal.aborted ? { kind: "timeout" } : networkProblem(error);
      return { kind: "noAnswer", problem, mayHaveArrived: mayHaveArrived(error, problem), note: errorText(error) };
    } finally {
      timer.dispose();
    }
  }

  function outcomeOf(response: Response, body: string, issuer: string): TokenOutcome {
    const { status } = response;
    const seen = { kind: "noAnswer", mayHaveArrived: false, note: `HTTP ${status}` } as const;
    const isElsewhere = isIntercepted(response, body, issuer);
    if (isElsewhere && !response.ok) return { ...seen, problem: { kind: "intercepted" } };
    if (response.ok) {
      const tokens = readTokenAnswer(body);
      const problem: Problem = { kind: isElsewhere ? "intercepted" : "malformed" };
      return tokens ? { kind: "tokens", tokens } : { ...seen, problem, mayHaveArrived: true };
    }
    if (status === proxyLogin) return { ...seen, problem: { kind: "proxyLogin" } };
    const waitMs = retryAfterMs(response.headers.get("retry-after"), clock.now()) ?? 0;
    if (status === 429) {
      const until = clock.now() + Math.min(Math.max(waitMs, minuteMs), longestWaitMs);
      return { ...seen, problem: { kind: "rateLimited", until } };
    }
    if (status === 503 && waitMs > 0) {
      const until = clock.now() + Math.min(waitMs, longestWaitMs);
      return { ...seen, problem: { kind: "serviceUnavailable", cause: "closed", status, until } };
    }
    const refusal = status === 400 || status === 401 || status === 403 ? readRefusal(body, redactor) : undefined;
    if (refusal) return { kind: "refused", ...refusal };
    return { ...seen, problem: { kind: "serviceUnavailable", cause: "error", status } };
  }

  return {
    refresh: (client, refreshToken) =>
      ask(client, refreshLimitMs, ({ server, id, secret, options }) =>
        refreshTokenGrantRequest(server, id, secret, refreshToken, options),
      ),
    exchange: (client, { parameters, redirectUri, codeVerifier }) => {
      for (const secret of [codeVerifier, parameters.get("code"), parameters.get("state")])
        redactor.learn(secret ?? "");
      return ask(client, exchangeLimitMs, ({ server, id, secret, options }) =>
        authorizationCodeGrantRequest(server, id, secret, parameters, redirectUri, codeVerifier, options),
      );
    },
    revoke: async (client, refreshToken) => {
      const answer: { isOk: boolean } = { isOk: false };
      const outcome = await ask(client, revokeLimitMs, async ({ server, id, secret, options }) => {
        const response = await revocationRequest(server, id, secret, refreshToken, options);
        answer.isOk = response.ok;
        return response;
      });
      if (answer.isOk || outcome.kind === "tokens") return undefined;
      return outcome.kind === "noAnswer" ? outcome.note : `${outcome.error} ${outcome.description}`;
    },
  };
}

function optionsWith(fetch: Fetch, issuer: string, signal: AbortSignal) {
  return {
    [customFetch]: (url: string, init: RequestInit) => fetch(url, init),
    // The settings accept plain http only for this computer.
    [allowInsecureRequests]: issuer.startsWith("http:"),
    signal,
  };
}

/** The OAuth error in a refusal, with empty texts in any other JSON object. Redacted for the screen and the log. */
function readRefusal(
  body: string,
  redactor: Redactor,
): { readonly error: string; readonly description: string } | undefined {
  try {
    const json: unknown = JSON.parse(body.replace(/^\uFEFF/, ""));
    if (typeof json !== "object" || json === null) return undefined;
    const member = (name: string) => {
      const value: unknown = Reflect.get(json, name);
      return typeof value === "string" ? presentable(value, redactor) : "";
    };
    return { error: member("error"), description: member("error_description") };
  } catch {
    return undefined;
  }
}

/** True if a proxy, a login page or a filter answered: an HTML page, a 403 without JSON, or a redirect to another host. */
function isIntercepted({ status, headers }: Response, body: string, issuer: string): boolean {
  if (status === networkLogin) return true;
  if (status === 429 || status === proxyLogin || status >= 500) return false;
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null && URL.canParse(location, issuer)) {
    return new URL(location, issuer).host !== new URL(issuer).host;
  }
  return isPage(body, headers.get("content-type")) || (status === 403 && !isJson(body));
}

const unreached =
  /Proxy response|PROXY_AUTH|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT/;

/** True if the request may have reached Volvo ID although there was no answer. */
function mayHaveArrived(error: unknown, problem: Problem): boolean {
  return !(problem.kind === "offline" && problem.certificate) && !unreached.test(errorText(error));
}

/** The problem of a request without an answer of Volvo ID. */
function networkProblem(error: unknown): Problem {
  const failure = classifyNetworkError(error);
  if (failure.kind === "timeout" || failure.kind === "intercepted" || failure.kind === "proxyLogin") return failure;
  return { kind: "offline", certificate: failure.kind === "offline" && failure.certificate };
}

import { isPage, readBodyText } from "../base/bodyText";
import { type Clock, secondMs } from "../base/clock";
import { errorText, excerpt, type Logger } from "../base/log";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import { classifyAnswer, classifyNetworkError } from "./errors";
import { failed, type Failure, type Result } from "../charging/failure";
import { createSlots } from "./requestSlots";
import { VolvoClock } from "./volvoClock";

/** The part of `fetch` that is used. In the product it is the extension host's own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What one request is made with. `origin` is the only one it may go to. */
export interface Authorization {
  readonly apiKey: string;
  readonly accessToken: string;
  readonly origin: string;
}

/** Where requests get their credentials; the session implements it. */
export interface Authorizer {
  /** Valid credentials for `origin`, or the problem that stands in their way. */
  authorize(origin: string, turn: Turn): Promise<Authorization | Problem>;
  /** Called once after a 401: newer credentials to repeat the request with, or the problem where there are none. */
  renew(refused: Authorization, turn: Turn): Promise<Authorization | Problem>;
  /** The repeat was refused as well. */
  refusedAgain(refused: Authorization): void;
}

export interface TransportPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly authorizer: Authorizer;
  /** The API's base URL, already checked. */
  readonly baseUrl: () => string;
}

export interface GetOptions {
  /**
   * A 401 to a request that is not is an outcome and nothing more: it says nothing about the sign-in, because a token
   * can be for one API only.
   */
  readonly essential?: boolean;
  /** Called each time that a request leaves, which can be long after the call. */
  readonly onSend?: () => void;
}

export interface Transport {
  /** How far Volvo's clock is ahead of this computer's (ms); 0 where the difference is none to speak of. */
  readonly volvoAheadMs: number;
  /**
   * GETs JSON from below the base URL, in a turn. Every outcome is a result, failures included; rejects only when the
   * turn's signal aborts, with its reason.
   */
  get(path: string, accept: string, turn: Turn, options?: GetOptions): Promise<Result<unknown>>;
}

export const requestLimitMs = 30 * secondMs;
const bodyLimitBytes = 1024 * 1024;
export const requestsInFlight = 4;

/**
 * HTTP as Volvo's API wants it: the named headers, redirects never followed (fetch would send the key to the other host), a
 * time limit over headers and body, a size limit, at most four requests in flight, one repeat after a 401.
 */
export function createTransport(ports: TransportPorts): Transport {
  const slots = createSlots(requestsInFlight);
  const volvoClock = new VolvoClock(ports.log);

  async function get(
    path: string,
    accept: string,
    turn: Turn,
    { essential = true, onSend }: GetOptions = {},
  ): Promise<Result<unknown>> {
    const release = await slots.take(turn.signal);
    try {
      const base = ports.baseUrl();
      const authorization = await ports.authorizer.authorize(originOf(base), turn);
      if ("kind" in authorization) return noCredentials(authorization);
      const first = await request(base, path, accept, authorization, turn, onSend);
      if (!essential || first.ok || first.failure.kind !== "tokenRefused") return first;
      const renewed = await ports.authorizer.renew(authorization, turn);
      // Without newer credentials the refusal itself is the outcome; a pasted token cannot be renewed.
      if ("kind" in renewed) return renewed.kind === "tokenEnded" ? first : noCredentials(renewed);
      const second = await request(base, path, accept, renewed, turn, onSend);
      if (!second.ok && second.failure.kind === "tokenRefused") ports.authorizer.refusedAgain(renewed);
      return second;
    } finally {
      release();
    }
  }

  async function request(
    base: string,
    path: string,
    accept: string,
    authorization: Authorization,
    turn: Turn,
    onSend: GetOptions["onSend"],
  ): Promise<Result<unknown>> {
    const { signal } = turn;
    signal.throwIfAborted();
    // The base URL may have changed while credentials were renewed.
    if (authorization.origin !== originOf(base)) return noCredentials({ kind: "credentialsMissing" });
    const reason = await turn.permit();
    if (reason) return failed({ kind: "notSent", reason }, reason);
    signal.throwIfAborted();
    onSend?.();
    const limit = new AbortController();
    const timer = ports.clock.after(Math.min(requestLimitMs, turn.remainingMs()), () => limit.abort());
    const startedAt = ports.clock.now();
    const outcome = await attempt();
    timer.dispose();
    signal.throwIfAborted();
    const took = ports.clock.now() - startedAt;
    // "Show Log" is what several problems offer, and VS Code's logs begin at `info`.
    if (outcome.ok) ports.log.debug(`GET ${path}: ok (${took} ms)`);
    else ports.log.info(`GET ${path}: ${outcome.failure.kind}, ${outcome.note} (${took} ms)`);
    return outcome;

    async function attempt(): Promise<Result<unknown>> {
      const end = AbortSignal.any([signal, limit.signal]);
      try {
        const response = await ports.fetch(base.replace(/\/+$/, "") + path, {
          method: "GET",
          redirect: "manual",
          headers: {
            accept,
            authorization: `Bearer ${authorization.accessToken}`,
            "vcc-api-key": authorization.apiKey,
          },
          signal: end,
        });
        const { text, isWhole, error } = await readBodyText(response, bodyLimitBytes, end);
        if (error) throw error;
        if (!response.ok) return refusal(response, isWhole ? text : "", base);
        if (!isWhole) return failed({ kind: "malformed" }, "the answer is larger than 1 MiB");
        const result = parse(text, response.headers.get("content-type"));
        if (result.ok) volvoClock.answered(response.headers, ports.clock.now());
        return result;
      } catch (error) {
        if (limit.signal.aborted) return failed({ kind: "timeout" }, "no complete answer in time");
        return failed(classifyNetworkError(error), errorText(error));
      }
    }
  }

  function refusal(response: Response, body: string, base: string): Result<never> {
    const { status, headers, type } = response;
    const host = hostOf(headers.get("location"), base);
    const answer = {
      status,
      body,
      retryAfter: headers.get("retry-after"),
      contentType: headers.get("content-type"),
      leadsAway: host !== hostOf(base, base),
    };
    // A browser hides all of a redirect but that it is one.
    const isHidden = type === "opaqueredirect";
    const failure: Failure = isHidden ? { kind: "intercepted" } : classifyAnswer(answer, ports.clock.now());
    const note = `HTTP ${status} ${host === undefined ? "" : `to ${host} `}${excerpt(body, 200)}`;
    return failed(failure, note, status);
  }

  return {
    get,
    get volvoAheadMs() {
      return volvoClock.aheadMs;
    },
  };
}

/** Empty for what is no URL, and so the origin of no credentials. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}

/** `undefined` for what leads nowhere. */
function hostOf(location: string | null, base: string): string | undefined {
  return location !== null && URL.canParse(location, base) ? new URL(location, base).host : undefined;
}

function noCredentials(problem: Problem): Result<never> {
  return failed({ kind: "noCredentials", problem }, problem.kind);
}

function parse(body: string, contentType: string | null): Result<unknown> {
  try {
    return { ok: true, value: JSON.parse(body) as unknown };
  } catch {
    const kind = isPage(body, contentType) ? "intercepted" : "malformed";
    return failed({ kind }, `no JSON: ${excerpt(body, 100)}`);
  }
}

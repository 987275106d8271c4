import { isPage, readBodyText } from "../base/bodyText";
import { type Clock, secondMs } from "../base/clock";
import { errorText, excerpt, type Logger } from "../base/log";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import { classifyAnswer, classifyNetworkError } from "./errors";
import { failed, type Failure, type Result } from "../charging/failure";
import { createSlots } from "./requestSlots";
import { VolvoClock } from "./volvoClock";

/** The used part of `fetch`. The product passes the extension host's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The credentials of one request, which may go to `origin` only. */
export interface Authorization {
  readonly apiKey: string;
  readonly accessToken: string;
  readonly origin: string;
}

/** Provides requests with credentials. The session implements it. */
export interface Authorizer {
  /** Valid credentials for `origin`, or the reason why there are none. */
  authorize(origin: string, turn: Turn): Promise<Authorization | Problem>;
  /** Called once after a 401. Returns newer credentials for a retry, or the reason why there are none. */
  renew(refused: Authorization, turn: Turn): Promise<Authorization | Problem>;
  /** Called when the retry was refused with a 401, too. */
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
   * True by default. A 401 for a nonessential request renews nothing, because the token may be for another API.
   */
  readonly essential?: boolean;
  /** Called each time a request is sent, which can be long after the call. */
  readonly onSend?: () => void;
}

export interface Transport {
  /** How far Volvo's clock is ahead of this computer's (ms); 0 for a difference of up to two minutes. */
  readonly volvoAheadMs: number;
  /**
   * GETs JSON below the base URL, in a turn. Returns failures as results. Rejects only when the turn's signal aborts,
   * with its reason.
   */
  get(path: string, accept: string, turn: Turn, options?: GetOptions): Promise<Result<unknown>>;
}

export const requestLimitMs = 30 * secondMs;
const bodyLimitBytes = 1024 * 1024;
export const requestsInFlight = 4;

/**
 * HTTP for Volvo's API: three headers, one time limit for headers and body, a size limit, at most four requests in
 * flight, one retry after a 401. Redirects are never followed, because fetch would send the key to the other host.
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
      // A pasted token cannot be renewed, so the refusal is the result.
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
    // Several problems offer "Show Log", and VS Code shows log levels from `info` up.
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
    // A browser hides the status and the headers of a redirect.
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

/** Empty if `url` is not a URL. No credentials have the empty origin. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}

/** The host of a `Location` header; `undefined` if it is missing or not a URL. */
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

import { sleep } from "../base/clock";
import type { SimulatedAnswer, SimulatedRequest } from "./http";
import { misbehavingBody } from "./misbehavingBody";
import type { FaultlessVolvo } from "./faultlessVolvo";

export type SimulatorFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const mostRedirects = 20;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const bodilessStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` that reaches the simulated Volvo at every origin, in memory. Like the real one, it rejects with the
 * signal's reason after an abort, and with a `TypeError` whose cause has a `code` after a network failure. It follows
 * redirects within the origin only, because no other host exists.
 */
export function simulatorFetch(volvo: FaultlessVolvo): SimulatorFetch {
  return async (input, init) => {
    const request = new Request(input, init);
    // A request's own signal follows the given one only until the request is garbage-collected.
    const signal = init?.signal ?? request.signal;
    signal.throwIfAborted();
    const body = request.body ? await request.text() : undefined;
    let url = new URL(request.url);
    for (let redirects = 0; ; redirects += 1) {
      const answer = volvo.handle(requestOf(request, url, redirects === 0 ? body : undefined));
      await arrival(volvo, answer, signal);
      const location = redirectStatuses.has(answer.status) ? answer.headers["location"] : undefined;
      if (location === undefined || request.redirect === "manual") return responseOf(volvo, answer, signal);
      if (request.redirect === "error") throw networkError("unexpected redirect");
      const next = new URL(location, url);
      if (redirects === mostRedirects) throw networkError("redirect count exceeded");
      if (next.origin !== url.origin) throw networkError("getaddrinfo ENOTFOUND", "ENOTFOUND");
      url = next;
    }
  };
}

function requestOf(request: Request, url: URL, body: string | undefined): SimulatedRequest {
  return {
    method: request.method,
    url: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    ...(body !== undefined && { body }),
  };
}

/** Resolves when the headers of `answer` arrive. */
async function arrival(volvo: FaultlessVolvo, answer: SimulatedAnswer, signal: AbortSignal): Promise<void> {
  const misbehavior = answer.misbehavior;
  switch (misbehavior?.kind) {
    case "delay":
      return sleep(volvo.clock, misbehavior.delayMs, signal);
    case "unreachable":
      throw networkError(`connect ${misbehavior.code}`, misbehavior.code);
    case "reset":
      throw networkError("read ECONNRESET", "ECONNRESET");
    case "black-hole":
      return never(signal);
    default:
      return undefined;
  }
}

function responseOf(volvo: FaultlessVolvo, answer: SimulatedAnswer, signal: AbortSignal): Response {
  const { status, headers } = answer;
  if (bodilessStatuses.has(status)) return new Response(null, { status, headers });
  return new Response(misbehavingBody(answer, volvo.clock, signal), { status, headers });
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function networkError(message: string, code?: string): TypeError {
  const cause = code === undefined ? new Error(message) : Object.assign(new Error(message), { code });
  return new TypeError("fetch failed", { cause });
}

import { dayMs, hourMs, minuteMs, secondMs } from "../base/clock";
import { isJson, isPage } from "../base/bodyText";
import { errorText } from "../base/log";
import type { Failure } from "../charging/failure";

/** An answer with a status other than 2xx, as received. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  readonly contentType?: string | null;
  /** True for a redirect to another host, or to no host. */
  readonly leadsAway?: boolean;
}

interface Phrase {
  readonly status: number;
  readonly words: RegExp;
  readonly meaning:
    | "apiKeyRefused"
    | "tokenRefused"
    | "quotaSpent"
    | "forbiddenCar"
    | "forbiddenScope"
    | "notSupported"
    | "notFound"
    | "notFoundInMarket"
    | "routeGone";
}

/**
 * Answers that differ only in their text. Each row has a captured body in test/fixtures. Any other text has the general
 * meaning of its status, and never means that an API version is gone.
 */
const phrases: readonly Phrase[] = [
  // volvo-cars/developer-portal-api-samples#8: Volvo's gateway, which sometimes refuses valid keys.
  { status: 401, words: /VCC-API-KEY/i, meaning: "apiKeyRefused" },
  // Dielee/volvo2mqtt#110.
  { status: 401, words: /full authentication is required/i, meaning: "tokenRefused" },
  // home-assistant/core#173571: not an authorization problem, although it is a 403.
  { status: 403, words: /out of call volume quota/i, meaning: "quotaSpent" },
  // evcc-io/evcc#16726.
  { status: 403, words: /no relationship to/i, meaning: "forbiddenCar" },
  // home-assistant/core#169582.
  { status: 403, words: /client not allowed to access/i, meaning: "forbiddenScope" },
  // thomasddn/ha-volvo-cars#111, Dielee/volvo2mqtt#194.
  {
    status: 404,
    words: /resource not supported for this vehicle model|car model is not supported/i,
    meaning: "notSupported",
  },
  // Dielee/volvo2mqtt#136, home-assistant/core#167521: comes and goes for working cars.
  { status: 404, words: /does not belong to allowed markets/i, meaning: "notFoundInMarket" },
  { status: 404, words: /VEHICLE_NOT_FOUND/i, meaning: "notFound" },
  // thomasddn/ha-volvo-cars#111: the gateway has no such route. Only this exact form counts.
  {
    status: 404,
    words: /^\s*\{\s*"statusCode"\s*:\s*404\s*,\s*"message"\s*:\s*"Resource not found"\s*\}\s*$/i,
    meaning: "routeGone",
  },
];

/** Statuses that redirect to another address. 304 is not one of them. */
const redirects = [301, 302, 303, 307, 308];
/** "Network Authentication Required" (RFC 6585, 6): the status for a network login. */
export const networkLogin = 511;
export const proxyLogin = 407;

/**
 * Classifies a refusal: first whether it is from Volvo, then by its status and the text of its body in any form.
 * polling/outcome.ts decides how to react. Never throws. `now` (ms) turns a `Retry-After` date into a wait.
 */
export function classifyAnswer(answer: ErrorAnswer, now: number): Failure {
  if (isIntercepted(answer)) return { kind: "intercepted" };
  const phrase = phrases.find(({ status, words }) => status === answer.status && words.test(answer.body));
  if (!phrase) return classifyStatus(answer, now);
  switch (phrase.meaning) {
    case "forbiddenCar":
      return { kind: "forbidden", what: "car" };
    case "forbiddenScope":
      return { kind: "forbidden", what: "scope" };
    case "notFoundInMarket":
      return { kind: "notFound", market: true };
    case "quotaSpent":
      return { kind: "quotaSpent", waitMs: quotaWait(answer.body) };
    default:
      return { kind: phrase.meaning };
  }
}

/**
 * True if a proxy, a network login or a filter answered in Volvo's place: a redirect to another host, an HTML page
 * instead of JSON, or a 403 without JSON. Volvo's own gateway sends HTML pages for server errors and sometimes for the
 * quota (home-assistant/core#179672).
 */
function isIntercepted({ status, body, contentType, leadsAway = false }: ErrorAnswer): boolean {
  if (status === networkLogin || (redirects.includes(status) && leadsAway)) return true;
  if (status === 429 || status === proxyLogin || status >= 500 || redirects.includes(status)) return false;
  const isQuota = phrases.some(({ meaning, words }) => meaning === "quotaSpent" && words.test(body));
  return !(status === 403 && isQuota) && (isPage(body, contentType) || (status === 403 && !isJson(body)));
}

function classifyStatus(answer: ErrorAnswer, now: number): Failure {
  const { status } = answer;
  if (status === 401) return { kind: "tokenRefused" };
  if (status === 403) return { kind: "forbidden", what: "unspecified" };
  if (status === 404) return { kind: "notFound" };
  if (status === 400 || status === 422) return { kind: "requestRefused" };
  if (status === proxyLogin) return { kind: "proxyLogin" };
  if (status === 410) return { kind: "routeGone" };
  if (redirects.includes(status)) return { kind: "routeGone", redirected: true };
  const waitMs = retryAfterMs(answer.retryAfter, now);
  if (status === 429) return { kind: "rateLimited", waitMs };
  // Of the 5xx statuses RFC 9110 defines the header for 503 only.
  return status === 503 && waitMs !== undefined
    ? { kind: "unavailable", status, waitMs }
    : { kind: "unavailable", status };
}

/**
 * The wait time in the quota text, in ms: `HH:MM:SS`, or `d.HH:MM:SS` as other gateways of this make write it.
 * `undefined` if the text contains none.
 */
export function quotaWait(body: string): number | undefined {
  const match = /replenished in\s+(?:(\d{1,3})\.)?(\d{1,2}):(\d{2}):(\d{2})/i.exec(body);
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return (days ?? 0) * dayMs + (hours ?? 0) * hourMs + (minutes ?? 0) * minuteMs + (seconds ?? 0) * secondMs;
}

/** Limits absurd values, so that the wait can still be added to a time. */
const longestRetryAfterMs = 365 * dayMs;

/** The wait in a `Retry-After` header (RFC 9110: seconds or a date) in ms. `undefined` if it is missing or invalid. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * secondMs, longestRetryAfterMs);
  // `Date.parse` alone also accepts "soon 5".
  const date = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*GMT$/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), longestRetryAfterMs);
}

const certificateCodes = /UNABLE_TO_(VERIFY|GET_ISSUER)|SELF_SIGNED|CERT_|altname/i;

/**
 * Classifies a request without a complete answer. `error` is the reason with which `fetch` rejected: undici's, or
 * Chromium's if the setting `http.electronFetch` is on.
 */
export function classifyNetworkError(error: unknown): Failure {
  const chain = causes(error);
  const says = (pattern: RegExp) => chain.some((text) => pattern.test(text));
  const proxyStatus = chain
    .map((text) => Number(/Proxy response \(?(\d{3})/i.exec(text)?.[1]))
    .find((status) => status > 0);
  if (proxyStatus === proxyLogin || says(/ERR_(?:UNEXPECTED_)?PROXY_AUTH/)) return { kind: "proxyLogin" };
  if (proxyStatus !== undefined || says(/ERR_TUNNEL_CONNECTION_FAILED/)) return { kind: "intercepted" };
  // Electron's fetch rejects on a redirect, which undici's returns as an answer (electron/electron#43715).
  if (says(/redirect was cancell?ed|unexpected redirect|redirect (?:mode|policy)/i)) return { kind: "intercepted" };
  if (says(/\bZ_[A-Z]+_ERROR\b|ERR_CONTENT_DECODING_FAILED/)) return { kind: "malformed" };
  if (says(/ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|timed?[ _]?out/i)) return { kind: "timeout" };
  return { kind: "offline", certificate: says(certificateCodes) };
}

function causes(error: unknown): string[] {
  const texts: string[] = [];
  for (let next = error, depth = 0; next instanceof Error && depth < 8; next = next.cause, depth++) {
    const code = "code" in next && typeof next.code === "string" ? next.code : "";
    // Newer versions of VS Code set the proxy's status here as well as in the message.
    const status =
      "connectResponseStatusCode" in next ? `Proxy response ${String(next.connectResponseStatusCode)} ` : "";
    texts.push(`${status}${next.name} ${code} ${next.message}`);
  }
  return texts.length > 0 ? texts : [errorText(error)];
}

import type { Clock } from "../../base/clock";
import { dayMs, minuteMs, secondMs } from "../../base/clock";
import { type AccessToken, type AccessTokens } from "./accessTokens";
import { emptyAnswer, jsonAnswer, type SimulatedAnswer, type SimulatedRequest } from "../http";
import {
  clientNotAllowedAnswer,
  keyRefusedAnswer,
  problemAnswer,
  type ProblemContext,
  quotaSpentAnswer,
  tokenRefusedAnswer,
  unroutedAnswer,
} from "./problemAnswer";
import type { ApiName, Route } from "../route";

/** How an application reaches an API: served, not routed (404), gone (410), or redirected to the portal (301). */
export const availabilities = ["on", "off", "gone", "redirect"] as const;

export type Availability = (typeof availabilities)[number];

/** Call limits of an application. An omitted member means no limit. */
export interface CallLimits {
  /** Per UTC day and application. */
  readonly perDay?: number | undefined;
  /** In any period of one minute, per user and application. */
  readonly perMinute?: number | undefined;
}

/** Volvo's published limits (developer portal, "API rate limits", January 2025). */
export const volvoLimits: CallLimits = { perDay: 10_000, perMinute: 100 };

export const energyV1MediaType = "application/vnd.volvocars.api.energy.vehicledata.v1+json";

/** The media type each API answers with, checked against the `Accept` header. */
const mediaTypeOf: Readonly<Record<ApiName, string>> = {
  "energy-v1": energyV1MediaType,
  "energy-v2": "application/json",
  "connected-vehicle": "application/json",
};

/** The gateway in front of the APIs. It checks routes, keys, quota, tokens, scopes and media types. */
export class Gateway {
  private readonly apiKeys: ReadonlySet<string>;
  /** Tests and the remote control change its members. */
  readonly availability: Record<ApiName, Availability>;
  /** Tests and the remote control replace it. */
  limits: CallLimits;
  private callsByDay = { day: -1, calls: 0 };
  private callTimes: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly accessTokens: AccessTokens,
    options: {
      readonly apiKeys: readonly string[];
      readonly availability?: Partial<Record<ApiName, Availability>>;
      readonly limits?: CallLimits;
    },
  ) {
    this.apiKeys = new Set(options.apiKeys);
    this.availability = { "energy-v1": "on", "energy-v2": "on", "connected-vehicle": "on", ...options.availability };
    this.limits = options.limits ?? {};
  }

  /** Calls with a valid key in the current UTC day, except those that the daily limit refused. */
  get callsToday(): number {
    return this.callsByDay.day === this.day() ? this.callsByDay.calls : 0;
  }

  /** Returns the answer that rejects a call, or the token that admits it. */
  admit(
    request: SimulatedRequest,
    route: Route & { readonly api: ApiName },
    scopes: readonly string[],
    context: ProblemContext,
  ): { readonly refusal: SimulatedAnswer } | { readonly token: AccessToken } {
    const refusal = this.checkRoute(request, route.api) ?? this.checkKey(request, route.api) ?? this.countCall();
    if (refusal) return { refusal };
    const token = this.tokenOf(request, route.api);
    if (!token) return { refusal: tokenRefusedAnswer(context) };
    if (!scopes.every((scope) => token.scopes.has(scope))) return { refusal: clientNotAllowedAnswer(context) };
    if (!accepts(request.headers["accept"], mediaTypeOf[route.api])) {
      const message = "Could not find acceptable representation";
      return { refusal: problemAnswer(context, 406, "NOT_ACCEPTABLE", message) };
    }
    return { token };
  }

  private checkRoute(request: SimulatedRequest, api: ApiName): SimulatedAnswer | undefined {
    if (request.method !== "GET") return unroutedAnswer();
    switch (this.availability[api]) {
      case "on":
        return undefined;
      case "off":
        return unroutedAnswer();
      case "gone":
        return jsonAnswer(410, { statusCode: 410, message: "Gone" });
      case "redirect":
        return emptyAnswer(301, { location: "/apis/" });
    }
  }

  /** Energy v1 also accepts the key in the query (Volvo Energy API v1 specification). */
  private checkKey(request: SimulatedRequest, api: ApiName): SimulatedAnswer | undefined {
    const inQuery = api === "energy-v1" ? queryOf(request).get("vcc-api-key") : null;
    const key = request.headers["vcc-api-key"] ?? inQuery;
    return key && this.apiKeys.has(key) ? undefined : keyRefusedAnswer();
  }

  /**
   * Counts a call, or returns the answer that refuses it. A call that the limit per minute refuses still counts for the
   * day: Volvo's rule for this case is unknown, so the simulator has the stricter one.
   */
  private countCall(): SimulatedAnswer | undefined {
    const now = this.clock.now();
    const { perDay, perMinute } = this.limits;
    if (perDay !== undefined && this.callsToday >= perDay) return quotaSpentAnswer(timeUntilMidnight(now));
    this.callsByDay = { day: this.day(), calls: this.callsToday + 1 };
    this.callTimes = this.callTimes.filter((time) => time > now - minuteMs);
    if (perMinute !== undefined && this.callTimes.length >= perMinute) return emptyAnswer(429);
    this.callTimes.push(now);
    return undefined;
  }

  private tokenOf(request: SimulatedRequest, api: ApiName): AccessToken | undefined {
    const value = bearerOf(request);
    const token = value === undefined ? undefined : this.accessTokens.find(value);
    return token && (token.api === undefined || token.api === api) ? token : undefined;
  }

  private day(): number {
    return Math.floor(this.clock.now() / dayMs);
  }
}

/** The bearer token of a request. */
export function bearerOf(request: SimulatedRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers["authorization"] ?? "")?.[1];
}

/** `HH:MM:SS` until the next midnight UTC, when the quota resets. */
export function timeUntilMidnight(nowMs: number): string {
  const seconds = Math.ceil((dayMs - (nowMs % dayMs)) / secondMs);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Volvo also serves callers that send no `Accept` header (thomasddn/volvo-cars-api). */
function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === "") return true;
  const ranges = header.split(",").map((range) => (range.split(";")[0] ?? "").trim().toLowerCase());
  return ranges.some((range) => range === "*/*" || range === "application/*" || range === mediaType);
}

function queryOf(request: SimulatedRequest): URLSearchParams {
  const start = request.url.indexOf("?");
  return new URLSearchParams(start < 0 ? "" : request.url.slice(start + 1));
}

import type { Clock } from "../base/clock";
import type { Fetch } from "../volvo/transport";

/** The service of a request, by its path. */
export type RequestKind = "energyV1" | "energyV2" | "connectedVehicle" | "volvoId" | "other";

/** Requests of one kind with one outcome. Durations (ms) end at the first byte of the answer. */
export interface RequestCount {
  readonly kind: RequestKind;
  /** "HTTP 200", or the code of the network error. */
  readonly outcome: string;
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

export interface FailedRequest {
  readonly kind: RequestKind;
  readonly outcome: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** The requests of this window since it was opened. */
export interface RequestStatistics {
  readonly counts: readonly RequestCount[];
  /** The most recent ones, the latest first. */
  readonly failures: readonly FailedRequest[];
}

const keptFailures = 10;

const kinds: readonly (readonly [start: string, kind: RequestKind])[] = [
  ["/energy/v1/", "energyV1"],
  ["/energy/v2/", "energyV2"],
  ["/connected-vehicle/", "connectedVehicle"],
  ["/as/", "volvoId"],
];

/** `fetch`, with statistics. Keeps no addresses and no texts, since they can hold VINs. */
export function observedFetch(
  fetch: Fetch,
  clock: Clock,
): { readonly fetch: Fetch; readonly requests: RequestStatistics } {
  const counts = new Map<string, RequestCount>();
  const failures: FailedRequest[] = [];

  function note(kind: RequestKind, outcome: string, startedAt: number, isFailure: boolean): void {
    const at = clock.now();
    const key = `${kind} ${outcome}`;
    const before = counts.get(key) ?? { kind, outcome, count: 0, totalMs: 0, longestMs: 0 };
    const tookMs = Math.max(0, at - startedAt);
    const totalMs = before.totalMs + tookMs;
    counts.set(key, { ...before, count: before.count + 1, totalMs, longestMs: Math.max(before.longestMs, tookMs) });
    if (isFailure) failures.unshift({ kind, outcome, at });
    failures.splice(keptFailures);
  }

  return {
    requests: {
      get counts() {
        return [...counts.values()];
      },
      get failures() {
        return [...failures];
      },
    },
    async fetch(url, init) {
      const kind = kindOf(url);
      const startedAt = clock.now();
      try {
        const response = await fetch(url, init);
        note(kind, `HTTP ${response.status}`, startedAt, !response.ok);
        return response;
      } catch (error) {
        note(kind, codeOf(error), startedAt, true);
        throw error;
      }
    },
  };
}

function kindOf(url: string): RequestKind {
  const path = URL.canParse(url) ? new URL(url).pathname : "";
  return kinds.find(([start]) => path.includes(start))?.[1] ?? "other";
}

/** A code such as "ECONNREFUSED" from the chain of causes, or the name of the error. Never its text. */
function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const { code } = cause as { readonly code?: unknown };
    if (typeof code === "string" && /^[A-Z][A-Z\d_]{2,40}$/.test(code)) return code;
  }
  return error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : "unknown";
}

import { dayMs, minuteMs, secondMs } from "../base/clock";
import type { Problem } from "../charging/problem";
import type { Failure, NotSent } from "../charging/failure";
import { type Account, emptyAccount, type VolvoHold, longestHoldMs } from "../charging/account";
import { nextUtcMidnight } from "../charging/quota";

/** A key counts as wrong after this many batches: valid keys were refused for days in January 2024. */
const refusalsToRejectKey = 3;

/** Volvo's quota text is a few seconds early (Dielee/volvo2mqtt waits ten more). */
const quotaMarginMs = 10 * secondMs;

/** Where the text names no time: the quota may be another's, and a call that is refused spends none. */
const unnamedQuotaWaitMs = 10 * minuteMs;

/** What a failed reading means for its car and for the account. */
export interface Outcome {
  readonly problem: Problem;
  /** It may pass by itself, so the next attempts back off, also where it goes on after a wait that Volvo has named. */
  readonly transient: boolean;
  /** Nothing more is asked until then. */
  readonly hold?: VolvoHold;
  readonly refused?: "key" | "token";
}

/**
 * Turns a failure at `now` (ms) into what is shown and done about it. `account` as it was before the batch; `jitter`
 * from 0 to 1 spreads the return after a wait that Volvo has named.
 */
export function outcomeOf(failure: Failure, account: Account, now: number, jitter: number): Outcome {
  const spread = Math.round(jitter * 10 * secondMs);
  switch (failure.kind) {
    case "noCredentials":
      return { problem: failure.problem, transient: false };
    case "apiKeyRefused": {
      const isRejected = account.keyRefusals + 1 >= refusalsToRejectKey;
      const problem: Problem = isRejected
        ? { kind: "apiKeyRejected" }
        : { kind: "serviceUnavailable", cause: "keyRefused" };
      return { problem, transient: true, refused: "key" };
    }
    case "tokenRefused":
      return { problem: { kind: "tokenEnded" }, transient: false, refused: "token" };
    case "quotaSpent": {
      const unnamed = Math.min(now + unnamedQuotaWaitMs, nextUtcMidnight(now) + minuteMs);
      const until =
        failure.waitMs === undefined
          ? unnamed
          : now + Math.min(failure.waitMs, longestHoldMs - minuteMs) + quotaMarginMs;
      return held({ kind: "quotaSpent", until });
    }
    case "rateLimited": {
      const wait = Math.min(Math.max(failure.waitMs ?? 0, minuteMs), dayMs);
      return { ...held({ kind: "rateLimited", until: now + wait + spread }), transient: true };
    }
    case "routeGone":
      return { problem: { kind: "serviceUnavailable", cause: "gone" }, transient: true };
    case "unavailable": {
      const { status, waitMs = 0 } = failure;
      if (waitMs === 0) return { problem: { kind: "serviceUnavailable", cause: "error", status }, transient: true };
      const until = now + Math.min(waitMs, dayMs) + spread;
      return { ...held({ kind: "serviceUnavailable", cause: "closed", status, until }), transient: true };
    }
    case "offline":
    case "timeout":
    case "intercepted":
    case "proxyLogin":
    case "malformed":
    case "requestRefused":
    case "forbidden":
    case "notSupported":
    case "notFound":
      return { problem: failure, transient: true };
  }
}

/** The hold that follows where something else than a reading failed at `now` (ms). */
export function holdAfter(failure: Failure | NotSent, now: number, jitter: number): VolvoHold | undefined {
  return failure.kind === "notSent" ? undefined : outcomeOf(failure, emptyAccount, now, jitter).hold;
}

function held(hold: VolvoHold): Outcome {
  return { problem: hold, transient: false, hold };
}

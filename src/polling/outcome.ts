import { dayMs, minuteMs, secondMs } from "../base/clock";
import type { Problem } from "../charging/problem";
import type { Failure, NotSent } from "../charging/failure";
import { type Account, emptyAccount, type VolvoHold, longestHoldMs } from "../charging/account";
import { nextUtcMidnight } from "../charging/quota";

/** Batches in a row. Volvo refused valid keys for days in January 2024. */
const refusalsToRejectKey = 3;

/** The time in Volvo's quota message is a few seconds too early (Dielee/volvo2mqtt adds ten). */
const quotaMarginMs = 10 * secondMs;

/** For a message without a time. A refused call does not count, so trying again is cheap. */
const unnamedQuotaWaitMs = 10 * minuteMs;

/** The effect of a failed reading on its car and on the account. */
export interface Outcome {
  readonly problem: Problem;
  /** The failure may pass by itself, so the next attempts back off. */
  readonly transient: boolean;
  /** No request leaves until this ends. */
  readonly hold?: VolvoHold;
  readonly refused?: "key" | "token";
}

/**
 * The outcome of a failure at `now` (ms). `account` is the one from before the batch. `jitter` (0 to 1) spreads the
 * requests of many users after a wait that Volvo has named.
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

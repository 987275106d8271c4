import { type Clock, hourMs, minuteMs, secondMs, TimeoutError, withTimeLimit } from "../base/clock";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import { isApplicationRefused, type RenewalBackoff } from "../charging/renewalBackoff";
import type { RenewalOutcome } from "./refreshToken";

/** A request waits no longer for a renewal than for any other answer. The renewal goes on: its answer must not be lost. */
const waitLimitMs = 30 * secondMs;

const firstPauseMs = 15 * secondMs;
/** While nothing gets through to Volvo, asking costs Volvo nothing, and the user wants to be back soon. */
const longestWithoutNetworkMs = minuteMs;
const longestPauseMs = 30 * minuteMs;
/** The application is refused: from a minute on, growing to this. */
const longestRefusedPauseMs = hourMs;

/** The back-off, which all windows share. */
export interface BackoffMemory {
  get(): RenewalBackoff | undefined;
  set(backoff: RenewalBackoff | undefined): void;
}

/**
 * One renewal at a time in this window, for all requests that need it, with a back-off after those that fail. Over all
 * windows refreshToken.ts presents a refresh token once, in a turn.
 */
export class RenewalQueue {
  private running: Promise<RenewalOutcome> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly memory: BackoffMemory,
  ) {}

  /** Why the sign-in is not renewed at the moment; `undefined` when it may be. A clock that was set back ends every back-off. */
  get problem(): Problem | undefined {
    const { backoff } = this;
    return backoff && this.clock.now() < backoff.until ? backoff.problem : undefined;
  }

  /** The back-off after the last renewal, also once it is over; `undefined` where that succeeded. */
  get backoff(): RenewalBackoff | undefined {
    const backoff = this.memory.get();
    return backoff && backoff.since <= this.clock.now() ? backoff : undefined;
  }

  /**
   * Joins the renewal under way, or starts one unless there is a back-off, and waits for it: 30 s at most, and no longer
   * than the turn lasts. The outcome is `undefined` where there is none yet. Rejects only when the turn's signal aborts.
   */
  async join(renew: () => Promise<RenewalOutcome>, turn: Turn): Promise<RenewalOutcome | undefined> {
    if (!this.running) {
      if (this.problem) return undefined;
      this.running = this.run(renew).finally(() => (this.running = undefined));
      turn.keepFor(this.running);
    }
    const limitMs = Math.min(waitLimitMs, turn.remainingMs());
    try {
      return await abortable(withTimeLimit(this.clock, this.running, limitMs, "Volvo ID"), turn.signal);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      return undefined;
    }
  }

  /** Failures from before do not concern the sign-in that comes now. */
  startAfresh(): void {
    if (this.memory.get()) this.memory.set(undefined);
  }

  async whenIdle(): Promise<void> {
    await this.running;
  }

  private async run(renew: () => Promise<RenewalOutcome>): Promise<RenewalOutcome> {
    const outcome = await renew();
    if (outcome.kind === "failed") this.failed(outcome.problem);
    else if (outcome.kind === "renewed" && outcome.grant.accessToken === "") this.failed({ kind: "malformed" });
    else if (outcome.kind !== "elsewhere") this.startAfresh();
    return outcome;
  }

  private failed(problem: Problem): void {
    const before = this.memory.get();
    const failures = (before?.failures ?? 0) + 1;
    const refusals = isApplicationRefused(problem) ? (before?.refusals ?? 0) + 1 : 0;
    const since = this.clock.now();
    const until = since + pauseMs(problem, failures, refusals, since);
    this.memory.set({ failures, refusals, since, until, problem });
  }
}

function pauseMs(problem: Problem, failures: number, refusals: number, now: number): number {
  const growing = firstPauseMs * 2 ** Math.min(failures - 1, 10);
  if ("until" in problem) return problem.until - now;
  switch (problem.kind) {
    case "clientBlocked":
    case "clientRefused":
      return Math.min(minuteMs * 2 ** Math.min(refusals - 1, 10), longestRefusedPauseMs);
    case "offline":
    case "timeout":
      return Math.min(growing, longestWithoutNetworkMs);
    default:
      return Math.min(growing, longestPauseMs);
  }
}

/** `promise`, or a rejection with the signal's reason; `promise` itself goes on. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    // Also for a signal that has aborted already: the promise may be rejected later, and must have a listener.
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

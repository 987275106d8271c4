import { type Clock, hourMs, minuteMs, secondMs, TimeoutError, withTimeLimit } from "../base/clock";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import { isApplicationRefused, type RenewalBackoff } from "../charging/renewalBackoff";
import type { RenewalOutcome } from "./refreshToken";

/** The longest wait of a request for a renewal. The renewal itself continues, because its answer must not be lost. */
const waitLimitMs = 30 * secondMs;

const firstPauseMs = 15 * secondMs;
/** Without a network, requests do not reach Volvo, so the pauses can be short. */
const longestWithoutNetworkMs = minuteMs;
const longestPauseMs = 30 * minuteMs;
/** The longest pause while the application is refused. The first one is a minute. */
const longestRefusedPauseMs = hourMs;

/** Stores the back-off, which all windows share. */
export interface BackoffMemory {
  get(): RenewalBackoff | undefined;
  set(backoff: RenewalBackoff | undefined): void;
}

/**
 * Runs one renewal at a time in this window for all requests that need it, with a back-off after failures. Over all windows,
 * refreshToken.ts makes sure that a refresh token is presented once.
 */
export class RenewalQueue {
  private running: Promise<RenewalOutcome> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly memory: BackoffMemory,
  ) {}

  /** Why the sign-in is not renewed now; `undefined` if it may be. A back-off ends when the clock is set back. */
  get problem(): Problem | undefined {
    const { backoff } = this;
    return backoff && this.clock.now() < backoff.until ? backoff.problem : undefined;
  }

  /** The back-off after the last renewal, even if it is over; `undefined` if that renewal succeeded. */
  get backoff(): RenewalBackoff | undefined {
    const backoff = this.memory.get();
    return backoff && backoff.since <= this.clock.now() ? backoff : undefined;
  }

  /**
   * Joins the renewal under way, or starts one unless there is a back-off. Waits for it 30 s at most, and no longer than the
   * turn lasts. `undefined` if there is no outcome by then. Rejects only when the turn's signal aborts.
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

  /** Ends the back-off, because the next renewal is of another sign-in. */
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

/** `promise`, or a rejection with the signal's reason when it aborts. `promise` itself continues. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    // Needed even if the signal has aborted already: a later rejection of the promise must have a listener.
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

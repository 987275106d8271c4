import { type Clock, dayMs, minuteMs, secondMs } from "../base/clock";
import type { Problem } from "../charging/problem";

const firstPauseMs = 15 * secondMs;
/** While nothing gets through to Volvo, asking costs Volvo nothing, and the user wants to be back soon. */
const longestWithoutNetworkMs = minuteMs;
const longestPauseMs = 30 * minuteMs;
/** Volvo has blocked whole applications for weeks, for faulty requests (home-assistant/core#151062, #158467). */
const refusalsToStop = 3;
const blockedPauseMs = dayMs;

/** Keeps a sign-in that cannot be renewed right now from being presented over and over. */
export class RenewalPause {
  private failures = 0;
  private refusals = 0;
  private pause: { readonly since: number; readonly until: number; readonly problem: Problem } | undefined;

  constructor(private readonly clock: Clock) {}

  /** Why nothing is asked at the moment; `undefined` when it may be. A clock that was set back ends every pause. */
  get problem(): Problem | undefined {
    const now = this.clock.now();
    return this.pause && this.pause.since <= now && now < this.pause.until ? this.pause.problem : undefined;
  }

  failed(problem: Problem): void {
    this.failures += 1;
    this.refusals = problem.kind === "clientBlocked" ? this.refusals + 1 : 0;
    const since = this.clock.now();
    this.pause = { since, until: since + this.pauseMs(problem, since), problem };
  }

  over(): void {
    this.failures = 0;
    this.refusals = 0;
    this.pause = undefined;
  }

  private pauseMs(problem: Problem, now: number): number {
    const growing = firstPauseMs * 2 ** Math.min(this.failures - 1, 10);
    if ("until" in problem) return problem.until - now;
    switch (problem.kind) {
      case "clientBlocked":
        return this.refusals >= refusalsToStop ? blockedPauseMs : Math.max(growing, minuteMs);
      case "offline":
      case "timeout":
        return Math.min(growing, longestWithoutNetworkMs);
      default:
        return Math.min(growing, longestPauseMs);
    }
  }
}

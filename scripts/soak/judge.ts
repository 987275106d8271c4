import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { minimumGapMs } from "../../src/polling/schedule";

/** A time (ms since the epoch) from `from` to `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When something was done to the windows that may cost a request (ms). */
export interface Disturbances {
  /** A user has pressed Refresh, until it had its outcome. */
  readonly refreshes: readonly Span[];
  /** An extension host was killed, or stopped until then: at most one request more for each car. */
  readonly ends: readonly Span[];
  /** No window could write, so that each asked on its own, and until they agreed again. */
  readonly alone: readonly Span[];
}

/** What was asked for one car. */
export interface CarRequests {
  readonly requests: number;
  /** Of these: as often as the schedule of one window says, after a Refresh, for an end, by windows on their own. */
  readonly scheduled: number;
  readonly refreshed: number;
  readonly afterEnds: number;
  readonly alone: number;
  /** What no rule explains, each with its gap. */
  readonly unexplained: readonly string[];
}

/** Cars that are due within a quarter of the interval are asked along with the first. */
const joinShare = 0.25;
/** The times are those of arrival. */
const toleranceMs = 250;
/** A Refresh that finds the lock taken waits up to 20 s, and a request that the kill has cost comes with the next check. */
const refreshLimitMs = 25 * secondMs;
const takeOverLimitMs = 45 * secondMs;

/**
 * Why each request for a car was made. `times` (ms) are those of its requests, in order; `intervalMs` is the time between
 * two checks.
 */
export function judgeRequests(times: readonly number[], intervalMs: number, done: Disturbances): CarRequests {
  const counts = { scheduled: 0, refreshed: 0, afterEnds: 0, alone: 0 };
  const unexplained: string[] = [];
  const ends = [...done.ends];
  times.forEach((at, index) => {
    const before = times[index - 1] ?? -Infinity;
    const gapMs = at - before;
    const isWithin = ({ from, to }: Span, limitMs: number) => from - toleranceMs <= at && at <= to + limitMs;
    const end = ends.findIndex((span) => isWithin(span, takeOverLimitMs));
    if (done.alone.some((span) => isWithin(span, toleranceMs))) counts.alone++;
    else if (gapMs >= intervalMs * (1 - joinShare) - toleranceMs) counts.scheduled++;
    else if (gapMs < minimumGapMs - toleranceMs) unexplained.push(told(at, gapMs));
    else if (done.refreshes.some((span) => isWithin(span, refreshLimitMs))) counts.refreshed++;
    else if (end >= 0) {
      ends.splice(end, 1);
      counts.afterEnds++;
    } else unexplained.push(told(at, gapMs));
  });
  return { requests: times.length, ...counts, unexplained };
}

function told(at: number, gapMs: number): string {
  return `${new Date(at).toISOString()}, ${(gapMs / secondMs).toFixed(1)} s after the one before`;
}

/** Finds out for how long windows differ that should show the same. */
export class DifferenceWatch {
  /** Each difference that lasted longer than the limit, with what was shown. */
  readonly tooLong: string[] = [];
  longestMs = 0;
  private since: number | undefined;
  private isTold = false;

  constructor(private readonly limitMs: number) {}

  /** What the windows that can be compared show at `now` (ms). Windows that cannot end the present difference. */
  look(now: number, shown: readonly string[]): void {
    if (new Set(shown).size < 2) {
      this.since = undefined;
      this.isTold = false;
      return;
    }
    this.since ??= now;
    const lastedMs = now - this.since;
    this.longestMs = Math.max(this.longestMs, lastedMs);
    if (lastedMs <= this.limitMs || this.isTold) return;
    this.isTold = true;
    this.tooLong.push(`${new Date(this.since).toISOString()}: ${shown.map((text) => JSON.stringify(text)).join(", ")}`);
  }
}

/** The live data of a process at a time (ms). */
export interface MemorySample {
  readonly at: number;
  readonly bytes: number;
}

/** What has to settle first: code is compiled, and what is kept for a while has to grow to its size. */
const settlingMs = 10 * minuteMs;
/** A slope over less is noise. */
const judgedMs = 15 * minuteMs;

/** The growth in bytes an hour after the first ten minutes; `undefined` where the samples span too little to tell. */
export function growthPerHour(samples: readonly MemorySample[]): number | undefined {
  const startedAt = samples[0]?.at ?? 0;
  const settled = samples.filter(({ at }) => at - startedAt >= settlingMs);
  const spanMs = (settled.at(-1)?.at ?? 0) - (settled[0]?.at ?? 0);
  if (spanMs < judgedMs) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanAt, meanBytes] = [mean(settled.map(({ at }) => at)), mean(settled.map(({ bytes }) => bytes))];
  const covariance = settled.reduce((sum, { at, bytes }) => sum + (at - meanAt) * (bytes - meanBytes), 0);
  const variance = settled.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  return (covariance / variance) * hourMs;
}

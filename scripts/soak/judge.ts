import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { minimumGapMs } from "../../src/polling/schedule";

/** A period from `from` to `to` (ms since the epoch). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The periods of disturbances that may cause further requests. */
export interface Disturbances {
  /** From a user's Refresh to its outcome. */
  readonly refreshes: readonly Span[];
  /** An extension host was killed or stopped. May cause one more request for each car. */
  readonly ends: readonly Span[];
  /** No window could write, so each sent its own requests, until all windows showed the same again. */
  readonly alone: readonly Span[];
}

/** The requests for one car. */
export interface CarRequests {
  readonly requests: number;
  /** The requests that one window's schedule explains. */
  readonly scheduled: number;
  /** The requests after a Refresh. */
  readonly refreshed: number;
  /** The requests after a kill or stop. */
  readonly afterEnds: number;
  /** The requests of windows that could not write. */
  readonly alone: number;
  /** Time and gap of each request that no rule explains. */
  readonly unexplained: readonly string[];
}

/** A check of one car includes the cars that are due within a quarter of the interval. */
const joinShare = 0.25;
/** For the delay between sending and arrival: the times are those of arrival. */
const toleranceMs = 250;
/** A Refresh waits up to 20 s for the lock. */
const refreshLimitMs = 25 * secondMs;
/** The next check repeats a request that a kill or stop has prevented. */
const takeOverLimitMs = 45 * secondMs;

/**
 * Explains each request for a car. `times` are the times of its requests in order (ms since the epoch); `intervalMs` is
 * the time between two checks.
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
    else if (gapMs < minimumGapMs - toleranceMs) unexplained.push(requestText(at, gapMs));
    else if (done.refreshes.some((span) => isWithin(span, refreshLimitMs))) counts.refreshed++;
    else if (end >= 0) {
      ends.splice(end, 1);
      counts.afterEnds++;
    } else unexplained.push(requestText(at, gapMs));
  });
  return { requests: times.length, ...counts, unexplained };
}

function requestText(at: number, gapMs: number): string {
  return `${new Date(at).toISOString()}, ${(gapMs / secondMs).toFixed(1)} s after the one before`;
}

/** Measures how long windows that should show the same differ. */
export class DifferenceWatch {
  /** Start and texts of each difference that lasted longer than the limit. */
  readonly tooLong: string[] = [];
  longestMs = 0;
  private since: number | undefined;
  private isReported = false;

  constructor(private readonly limitMs: number) {}

  /** Compares the texts of windows at `now` (ms since the epoch). Fewer than two texts end the present difference. */
  look(now: number, shown: readonly string[]): void {
    if (new Set(shown).size < 2) {
      this.since = undefined;
      this.isReported = false;
      return;
    }
    this.since ??= now;
    const lastedMs = now - this.since;
    this.longestMs = Math.max(this.longestMs, lastedMs);
    if (lastedMs <= this.limitMs || this.isReported) return;
    this.isReported = true;
    this.tooLong.push(`${new Date(this.since).toISOString()}: ${shown.map((text) => JSON.stringify(text)).join(", ")}`);
  }
}

/** The live data of a process at the time `at` (ms since the epoch). */
export interface MemorySample {
  readonly at: number;
  readonly bytes: number;
}

/** In the first minutes V8 compiles code, and caches and logs grow to their limits. */
const settlingMs = 10 * minuteMs;
/** The slope over a shorter time is noise. */
const judgedMs = 15 * minuteMs;

/** The growth (bytes per hour) after the first ten minutes; `undefined` if the samples cover too short a time. */
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

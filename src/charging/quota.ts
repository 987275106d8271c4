import { dayMs } from "../base/clock";

/** Calls of one UTC day. Volvo replenishes an application's calls at about midnight UTC (thomasddn/ha-volvo-cars). */
export interface CallCount {
  /** Days since the epoch, UTC. */
  readonly day: number;
  readonly calls: number;
  /** The calls of other days, which still count if the clock is set to one of them. */
  readonly others?: readonly CallCount[];
}

/** Calls of other days are kept for this number of days. */
const rememberedDays = 7;

/** Twice the 10,000 calls a day that Volvo allows an application, because several windows can count at the same time. */
const mostCalls = 20_000;

/** True for a possible number of calls on one day. A damaged file must not stop all checks until midnight. */
export function isPossibleCount(calls: number): boolean {
  return Number.isSafeInteger(calls) && calls >= 0 && calls <= mostCalls;
}

export const noCalls: CallCount = { day: 0, calls: 0 };

export function utcDay(now: number): number {
  return Math.floor(now / dayMs);
}

/** Start of the next UTC day, in ms. */
export function nextUtcMidnight(now: number): number {
  return (utcDay(now) + 1) * dayMs;
}

/**
 * True if calls of `day` count on `today`. Calls of the next day count, because they were made before the clock was set
 * back. Later days do not count, because a wrong date must not stop the checks for days.
 */
export function countsFor(day: number, today: number): boolean {
  return day === today || day === today + 1;
}

/** Calls spent on the UTC day of `now`. */
export function callsToday({ others = [], ...count }: CallCount, now: number): number {
  return [count, ...others].reduce((sum, { day, calls }) => sum + (countsFor(day, utcDay(now)) ? calls : 0), 0);
}

/** `count` with `more` calls at `now` (ms). */
export function withCalls({ others = [], ...count }: CallCount, more: number, now: number): CallCount {
  const today = utcDay(now);
  const days = [count, ...others].filter(({ day, calls }) => calls > 0 && Math.abs(day - today) <= rememberedDays);
  const before = days.find(({ day }) => day === today)?.calls ?? 0;
  const rest = days.filter(({ day }) => day !== today);
  return { day: today, calls: before + more, ...(rest.length > 0 && { others: rest }) };
}

/**
 * The shortest interval (ms) between two checks of a car at which the rest of `budget` lasts for the rest of the UTC day.
 * `intervals` are the cars' own intervals (ms, above 0). The result replaces those that are shorter. 0 if the budget lasts
 * anyway, `undefined` if no call is left. The result is longer than the day if there are fewer calls than cars.
 */
export function affordableInterval(
  count: CallCount,
  budget: number,
  intervals: readonly number[],
  now: number,
): number | undefined {
  const callsLeft = budget - callsToday(count, now);
  if (callsLeft < 1) return undefined;
  const rest = nextUtcMidnight(now) - now;
  const ascending = [...intervals].sort((a, b) => a - b);
  let unstretchedCalls = ascending.reduce((calls, interval) => calls + rest / interval, 0);
  if (unstretchedCalls <= callsLeft) return 0;
  // Stretches one more of the shortest intervals at a time, until their common interval is not longer than the next one.
  for (const [index, interval] of ascending.entries()) {
    unstretchedCalls -= rest / interval;
    const stretched = ((index + 1) * rest) / (callsLeft - unstretchedCalls);
    const next = ascending[index + 1];
    if (next === undefined) break;
    if (unstretchedCalls < callsLeft && stretched <= next) return stretched;
  }
  return (rest * ascending.length) / callsLeft;
}

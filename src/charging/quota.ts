import { dayMs } from "../base/clock";

/** Calls of one UTC day. Volvo replenishes an application's calls at about midnight UTC (thomasddn/ha-volvo-cars). */
export interface CallCount {
  /** Days since the epoch, UTC. */
  readonly day: number;
  readonly calls: number;
  /** Those of other days around it: a clock that was set comes back to a day whose calls still count. */
  readonly others?: readonly CallCount[];
}

/** For so many days calls of other days are remembered. */
const rememberedDays = 7;

/** Volvo lets an application make 10,000 calls a day; the rest is for windows that count at the same moment. */
const mostCalls = 20_000;

/** Whether so many calls can have been made on one day: a damaged file must not stop everything until midnight. */
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
 * Whether calls counted on `day` count on `today` as well. Those of the day after do: the clock was set back, and the
 * calls were made all the same. A date that was further off was wrong, and must not stop anything for days.
 */
export function countsFor(day: number, today: number): boolean {
  return day === today || day === today + 1;
}

/** Calls spent on the UTC day of `now`. */
export function callsToday({ others = [], ...count }: CallCount, now: number): number {
  return [count, ...others].reduce((sum, { day, calls }) => sum + (countsFor(day, utcDay(now)) ? calls : 0), 0);
}

/** `count` with `more` calls that are made at `now` (ms). */
export function withCalls({ others = [], ...count }: CallCount, more: number, now: number): CallCount {
  const today = utcDay(now);
  const days = [count, ...others].filter(({ day, calls }) => calls > 0 && Math.abs(day - today) <= rememberedDays);
  const before = days.find(({ day }) => day === today)?.calls ?? 0;
  const rest = days.filter(({ day }) => day !== today);
  return { day: today, calls: before + more, ...(rest.length > 0 && { others: rest }) };
}

/**
 * The time (ms) that must lie between two checks of any car, so that what is left of `budget` lasts for the rest of the
 * UTC day. `intervals` are the cars' own (ms, above 0): those that are shorter are stretched to it, and all to the same,
 * while a car that is asked more seldom anyway stays as it is. 0 where the forecast fits, `undefined` where no call is
 * left; longer than the day where there are fewer calls than cars.
 */
export function affordableInterval(
  count: CallCount,
  budget: number,
  intervals: readonly number[],
  now: number,
): number | undefined {
  const left = budget - callsToday(count, now);
  if (left < 1) return undefined;
  const rest = nextUtcMidnight(now) - now;
  const ascending = [...intervals].sort((a, b) => a - b);
  let others = ascending.reduce((calls, interval) => calls + rest / interval, 0);
  if (others <= left) return 0;
  // One more of the shortest is stretched at a time, until what they may have brings them no further than the next.
  for (const [index, interval] of ascending.entries()) {
    others -= rest / interval;
    const stretched = ((index + 1) * rest) / (left - others);
    const next = ascending[index + 1];
    if (next === undefined) break;
    if (others < left && stretched <= next) return stretched;
  }
  return (rest * ascending.length) / left;
}

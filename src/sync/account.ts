import { dayMs, minuteMs } from "../base/clock";
import type { Problem } from "../charging/problem";
import type { WorkingVersion } from "../volvo/client";
import { type CallCount, noCalls, utcDay } from "./quota";

/** Volvo asks to be left alone by every request until then. */
export type Hold = Extract<Problem, { until: number }>;

/** What Volvo's service said about the account as a whole. */
export interface Account {
  readonly calls: CallCount;
  /** Whether it is in force tells {@link activeHold}. */
  readonly hold?: Hold;
  /** Batches in a row in which the API key was refused. */
  readonly keyRefusals: number;
  /** Batches in a row in which the pasted token was refused. */
  readonly tokenRefusals: number;
  /** Which version of the Energy API works for the present grant. */
  readonly workingVersion?: WorkingVersion;
  /** What stands for the credentials that all this was found out with. */
  readonly credentials?: string;
}

export const emptyAccount: Account = { calls: noCalls, keyRefusals: 0, tokenRefusals: 0 };

/** The longest that Volvo's quota, or anybody else, is taken at their word. */
export const longestHoldMs = 2 * dayMs;

/** A pasted token gets a second chance at the next interval, then nothing is asked until the user acts. */
const refusalsToPause = 2;

/** Whether the pasted token was refused so often that asking has stopped, whatever else came of the last batch. */
export function isTokenSpent({ tokenRefusals }: Pick<Account, "tokenRefusals">): boolean {
  return tokenRefusals >= refusalsToPause;
}

/**
 * The hold that is in force at `now` (ms), if there is one. A time too far ahead was told by a clock that has been set
 * back since.
 */
export function activeHold({ hold }: Pick<Account, "hold">, now: number): Hold | undefined {
  return hold && hold.until > now && hold.until - now <= longestHoldMs + minuteMs ? hold : undefined;
}

/** `account` without a hold that is not in force at `now` (ms). */
export function withoutPastHold(account: Account, now: number): Account {
  const { hold: _, ...others } = account;
  return activeHold(account, now) ? account : others;
}

/** `account` once the clock was set back to `now` (ms): what was told by the old one stops nothing. */
export function setBack({ hold: _, ...account }: Account, now: number): Account {
  // How many calls count on the day that it is again is known only to those who count them.
  return account.calls.day > utcDay(now) ? { ...account, calls: noCalls } : account;
}

import type { Problem } from "../charging/problem";
import type { WorkingVersion } from "../volvo/client";
import { type CallCount, noCalls, utcDay } from "./quota";

/** What Volvo's service said about the account as a whole. */
export interface Account {
  readonly calls: CallCount;
  /** Every request waits until then. */
  readonly hold?: Extract<Problem, { until: number }>;
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

/** `account` without a wait that is over at `now` (ms). */
export function withoutPastHold({ hold, ...account }: Account, now: number): Account {
  return hold && hold.until > now ? { ...account, hold } : account;
}

/** `account` once the clock was set back to `now` (ms): what was told by the old one stops nothing. */
export function setBack({ hold: _, ...account }: Account, now: number): Account {
  // How many calls count on the day that it is again is known only to those who count them.
  return account.calls.day > utcDay(now) ? { ...account, calls: noCalls } : account;
}

import { dayMs, minuteMs } from "../base/clock";
import type { Refusal } from "../base/turn";
import type { Problem } from "./problem";
import type { RenewalBackoff } from "./renewalBackoff";
import type { WorkingVersion } from "./workingApiVersion";
import { type CallCount, callsToday, nextUtcMidnight, noCalls } from "./quota";

/** A problem with a time until which Volvo wants no request at all. */
export type VolvoHold = Extract<Problem, { until: number }>;

/** The state of the account as a whole, by Volvo's answers. */
export interface Account {
  readonly calls: CallCount;
  /** May have ended: see {@link activeHold}. */
  readonly hold?: VolvoHold;
  /** Batches in a row in which the API key was refused. */
  readonly keyRefusals: number;
  /** Batches in a row in which the pasted token was refused. */
  readonly tokenRefusals: number;
  /** Which version of the Energy API works for the present grant. */
  readonly workingVersion?: WorkingVersion;
  /** When the requests of the last minute were sent (ms since the epoch, ascending), by all windows. */
  readonly sentAt: readonly number[];
  /** The fingerprint of the credentials to which this state belongs. */
  readonly credentials?: string;
  /**
   * The generation of the sign-in that the last answered batch was sent with. A window with an older one leaves the checks
   * to the others while they make them.
   */
  readonly generation?: number;
  /** A car was read with these credentials. */
  readonly accepted?: true;
  /** The user has signed out of `credentials`; without a fingerprint, of all credentials. */
  readonly signedOut?: true;
  /** Present while the sign-in is not renewed after a failure. */
  readonly renewal?: RenewalBackoff;
}

export const emptyAccount: Account = { calls: noCalls, sentAt: [], keyRefusals: 0, tokenRefusals: 0 };

/** The longest hold (ms). A later end comes from a clock that was set back, or from a wrong answer. */
export const longestHoldMs = 2 * dayMs;

/** A pasted token is tried again after its first refusal. After the second, checks stop until the user acts. */
const refusalsToPause = 2;

/** True if checks have stopped because the pasted token was refused too often. */
export function isTokenSpent({ tokenRefusals }: Pick<Account, "tokenRefusals">): boolean {
  return tokenRefusals >= refusalsToPause;
}

/**
 * True if the user has signed out of `credentials` (a fingerprint) in any window. In a browser, the other windows keep
 * their copies of the secrets.
 */
export function isSignedOutOf(account: Pick<Account, "signedOut" | "credentials">, credentials?: string): boolean {
  return account.signedOut === true && (account.credentials ?? credentials) === credentials;
}

/** True if Volvo has ever accepted the present credentials. A later refusal is shown as their end. */
export function wereCredentialsAccepted({
  accepted,
  workingVersion,
}: Pick<Account, "accepted" | "workingVersion">): boolean {
  return accepted === true || (workingVersion?.worked?.length ?? 0) > 0;
}

/**
 * The hold that is in force at `now` (ms), if any. One that ends more than {@link longestHoldMs} ahead is ignored: the
 * clock was set back after it was stored. The minute is for clocks that differ a little.
 */
export function activeHold({ hold }: Pick<Account, "hold">, now: number): VolvoHold | undefined {
  return hold && hold.until > now && hold.until - now <= longestHoldMs + minuteMs ? hold : undefined;
}

/** `account` without a hold that is not in force at `now` (ms). */
export function withoutPastHold(account: Account, now: number): Account {
  const { hold: _, ...others } = account;
  return activeHold(account, now) ? account : others;
}

/** `account` after the clock was set back, without times of the old clock that would delay requests. */
export function afterClockSetBack({ hold: _, renewal: __, ...account }: Account): Account {
  return { ...account, sentAt: [] };
}

/** Volvo allows 100 requests a minute. The rest is left to other users of the same application. */
const requestsPerMinute = 60;

/** The time (ms) until which no request may be sent; `undefined` if one may be sent at `now` (ms). */
export function minuteFullUntil(account: Pick<Account, "sentAt">, now: number): number | undefined {
  const sent = sentWithinMinute(account, now);
  const blocking = sent[sent.length - requestsPerMinute];
  return blocking === undefined ? undefined : blocking + minuteMs;
}

/** The user's own budget of calls is used up until the next UTC day (`until`, ms). */
export interface BudgetSpent {
  readonly kind: "budgetSpent";
  readonly until: number;
}

/** {@link BudgetSpent} if the calls of the day have reached `budget` at `now` (ms). */
export function spentBudget({ calls }: Pick<Account, "calls">, budget: number, now: number): BudgetSpent | undefined {
  return callsToday(calls, now) >= budget ? budgetSpent(now) : undefined;
}

export function budgetSpent(now: number): BudgetSpent {
  return { kind: "budgetSpent", until: nextUtcMidnight(now) };
}

/** Why the user's budget or Volvo's limit allows no request at `now` (ms); `undefined` if they allow one. */
export function refusalOf(account: Account, budget: number, now: number): Refusal | undefined {
  if (spentBudget(account, budget, now)) return "budgetSpent";
  return minuteFullUntil(account, now) === undefined ? undefined : "minuteSpent";
}

/** When the requests of the minute before `now` were sent (ms). */
export function sentWithinMinute({ sentAt }: Pick<Account, "sentAt">, now: number): readonly number[] {
  return sentAt.filter((at) => at <= now && now - at < minuteMs);
}

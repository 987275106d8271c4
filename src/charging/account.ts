import { dayMs, minuteMs } from "../base/clock";
import type { Refusal } from "../base/turn";
import type { Problem } from "./problem";
import type { RenewalBackoff } from "./renewalBackoff";
import type { WorkingVersion } from "./workingApiVersion";
import { type CallCount, callsToday, nextUtcMidnight, noCalls } from "./quota";

/** Volvo asks to be left alone by every request until then. */
export type VolvoHold = Extract<Problem, { until: number }>;

/** What Volvo's service said about the account as a whole. */
export interface Account {
  readonly calls: CallCount;
  /** Whether it is in force tells {@link activeHold}. */
  readonly hold?: VolvoHold;
  /** Batches in a row in which the API key was refused. */
  readonly keyRefusals: number;
  /** Batches in a row in which the pasted token was refused. */
  readonly tokenRefusals: number;
  /** Which version of the Energy API works for the present grant. */
  readonly workingVersion?: WorkingVersion;
  /** When the requests of the last minute left (ms), over all windows. */
  readonly sentAt: readonly number[];
  /** The fingerprint of the credentials that all this was found out with. */
  readonly credentials?: string;
  /** The generation of the sign-in that a window has asked with last: a window with an older one cannot ask. */
  readonly generation?: number;
  /** A car was read with these credentials. */
  readonly accepted?: true;
  /** The user has signed out of these credentials; of all that there were, where none are named. */
  readonly signedOut?: true;
  /** Why the sign-in is not renewed at the moment. */
  readonly renewal?: RenewalBackoff;
}

export const emptyAccount: Account = { calls: noCalls, sentAt: [], keyRefusals: 0, tokenRefusals: 0 };

/** The longest hold (ms) that is accepted from an answer. */
export const longestHoldMs = 2 * dayMs;

/** A pasted token gets a second chance at the next interval, then nothing is asked until the user acts. */
const refusalsToPause = 2;

/** Whether the pasted token was refused so often that asking has stopped. */
export function isTokenSpent({ tokenRefusals }: Pick<Account, "tokenRefusals">): boolean {
  return tokenRefusals >= refusalsToPause;
}

/** Whether Volvo has ever accepted the present credentials: a refusal then means that they have expired. */
export function wereAccepted({ accepted, workingVersion }: Pick<Account, "accepted" | "workingVersion">): boolean {
  return accepted === true || (workingVersion?.worked?.length ?? 0) > 0;
}

/**
 * The hold that is in force at `now` (ms), if there is one. A time too far ahead was told by a clock that has been set
 * back since.
 */
export function activeHold({ hold }: Pick<Account, "hold">, now: number): VolvoHold | undefined {
  return hold && hold.until > now && hold.until - now <= longestHoldMs + minuteMs ? hold : undefined;
}

/** `account` without a hold that is not in force at `now` (ms). */
export function withoutPastHold(account: Account, now: number): Account {
  const { hold: _, ...others } = account;
  return activeHold(account, now) ? account : others;
}

/** `account` once the clock was set back: times of the old clock stop nothing. */
export function setBack({ hold: _, renewal: __, ...account }: Account): Account {
  return { ...account, sentAt: [] };
}

/** Volvo allows 100 requests a minute; the rest is for other users of the same application. */
const requestsPerMinute = 60;

/** Until when (ms) no request may leave, because as many as may leave within a minute have left. */
export function minuteFullUntil(account: Pick<Account, "sentAt">, now: number): number | undefined {
  const sent = sentWithinMinute(account, now);
  const oldest = sent[sent.length - requestsPerMinute];
  return oldest === undefined ? undefined : oldest + minuteMs;
}

/** The user's own budget of calls is used up until then (ms): the next UTC day. */
export interface BudgetSpent {
  readonly kind: "budgetSpent";
  readonly until: number;
}

/** {@link BudgetSpent} where the calls of the day have reached `budget` at `now` (ms). */
export function spentBudget({ calls }: Pick<Account, "calls">, budget: number, now: number): BudgetSpent | undefined {
  return callsToday(calls, now) >= budget ? budgetSpent(now) : undefined;
}

export function budgetSpent(now: number): BudgetSpent {
  return { kind: "budgetSpent", until: nextUtcMidnight(now) };
}

/** Why no request may leave at `now` (ms) for the sake of the user's budget or of Volvo's limit; `undefined` where it may. */
export function refusalOf(account: Account, budget: number, now: number): Refusal | undefined {
  if (spentBudget(account, budget, now)) return "budgetSpent";
  return minuteFullUntil(account, now) === undefined ? undefined : "minuteSpent";
}

/** When the requests left that count for the minute before `now` (ms). */
export function sentWithinMinute({ sentAt }: Pick<Account, "sentAt">, now: number): readonly number[] {
  return sentAt.filter((at) => at <= now && now - at < minuteMs);
}

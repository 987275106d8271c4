import type { Refusal } from "../base/turn";
import type { Problem, RequestProblem } from "./problem";

/**
 * Why a request to Volvo brought no usable answer. Decided once, at the edge; everything behind it decides by `kind`.
 */
export type Failure =
  | RequestProblem
  /** No request was made: there is nothing to make it with. */
  | { readonly kind: "noCredentials"; readonly problem: Problem }
  | { readonly kind: "apiKeyRefused" }
  | { readonly kind: "tokenRefused" }
  /**
   * This API, or this version of it, is not there for this application: no route, gone, redirected within Volvo's host.
   * A redirect can also be a page for the time of maintenance.
   */
  | { readonly kind: "routeGone"; readonly redirected?: true }
  /** The day's calls are used up. `waitMs` where Volvo says for how long. */
  | { readonly kind: "quotaSpent"; readonly waitMs: number | undefined }
  | { readonly kind: "rateLimited"; readonly waitMs: number | undefined }
  /** `waitMs` where Volvo says for how long. */
  | { readonly kind: "unavailable"; readonly status: number; readonly waitMs?: number };

/** The request did not leave, although nothing is wrong with it: there is nothing to show for it. */
export interface NotSent {
  readonly kind: "notSent";
  readonly reason: Refusal;
}

/**
 * A value, or the failure that stands in its place. `note` is for the log: what was seen, in the sender's words. `status`
 * is that of an answer.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure | NotSent; readonly note: string; readonly status?: number };

export function failed(failure: Failure | NotSent, note: string, status?: number): Result<never> {
  return { ok: false, failure, note, ...(status !== undefined && { status }) };
}

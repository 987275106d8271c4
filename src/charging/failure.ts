import type { Refusal } from "../base/turn";
import type { Problem, RequestProblem } from "./problem";

/**
 * Why there is no usable answer from Volvo. src/volvo classifies it once, and all other code uses `kind`.
 */
export type Failure =
  | RequestProblem
  /** No request was made, because there are no usable credentials. */
  | { readonly kind: "noCredentials"; readonly problem: Problem }
  | { readonly kind: "apiKeyRefused" }
  | { readonly kind: "tokenRefused" }
  /**
   * This API, or this version of it, is not available to this application: no route, gone, or redirected within Volvo's
   * host. A redirect can also mean maintenance.
   */
  | { readonly kind: "routeGone"; readonly redirected?: true }
  /** The day's calls are used up. `waitMs` if Volvo names the time. */
  | { readonly kind: "quotaSpent"; readonly waitMs: number | undefined }
  | { readonly kind: "rateLimited"; readonly waitMs: number | undefined }
  /** `waitMs` if Volvo names the time. */
  | { readonly kind: "unavailable"; readonly status: number; readonly waitMs?: number };

/** The request was not sent, for a reason that is not a problem of the car, so no problem is shown. */
export interface NotSent {
  readonly kind: "notSent";
  readonly reason: Refusal;
}

/**
 * A value or a failure. `note` is for the log and describes the answer, partly in Volvo's own words. `status` is the HTTP
 * status of an answer.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure | NotSent; readonly note: string; readonly status?: number };

export function failed(failure: Failure | NotSent, note: string, status?: number): Result<never> {
  return { ok: false, failure, note, ...(status !== undefined && { status }) };
}

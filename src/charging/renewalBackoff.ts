import type { Problem } from "./problem";

/** A sign-in that could not be renewed is not presented again before `until` (ms). */
export interface RenewalBackoff {
  /** In a row. */
  readonly failures: number;
  /** Refusals of the application in a row. */
  readonly refusals: number;
  readonly since: number;
  readonly until: number;
  readonly problem: Problem;
}

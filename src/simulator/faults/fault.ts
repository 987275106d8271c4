import type { SimulatedAnswer, SimulatedRequest } from "../http";
import type { ProblemContext } from "../api/problemAnswer";
import type { PathKind, Route } from "../route";

/** The input and the actions of a fault for one answer. */
export interface FaultContext extends ProblemContext {
  readonly route: Route;
  readonly request: SimulatedRequest;
  readonly nowMs: number;
  /** The answer without the fault, with all its effects. Computed once, at the first call. */
  honest(): SimulatedAnswer;
  /** Ends the access token of the request, as if it had expired. */
  endAccessToken(): void;
  /** Makes the refresh token used by the request valid again. */
  keepRefreshToken(): void;
}

/** A misbehavior that users have reported, or one that the product must survive if it occurs. */
export interface Fault {
  /** The number of its section in docs/faults.md, without the letter. */
  readonly row: number;
  readonly description: string;
  /** The report; empty if there is none. */
  readonly source: string;
  /** The kinds of path to which it applies. */
  readonly kinds: FaultKinds;
  /** The answer, or undefined if the fault does not apply. Only an answer counts as a use of the fault. */
  readonly answer: (context: FaultContext) => SimulatedAnswer | undefined;
}

export type FaultKinds = readonly PathKind[];

export const apiKinds: FaultKinds = ["energy-v1", "energy-v2", "capabilities", "cars", "car-details"];
export const energyKinds: FaultKinds = ["energy-v1", "energy-v2"];
export const everyKind: FaultKinds = [...apiKinds, "authorize", "token", "revoke"];

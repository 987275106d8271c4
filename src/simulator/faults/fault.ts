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

/** A misbehavior seen in the field, or one that the product must survive if it occurs. */
export interface Fault {
  /** Its number in the list of known misbehaviors, ordered by the reports named in `source`. */
  readonly row: number;
  readonly description: string;
  /** The report; empty if there is none yet. */
  readonly source: string;
  /** The kinds of path it applies to. */
  readonly kinds: FaultKinds;
  /** The answer, or undefined if the fault does not apply. In that case it is not used up. */
  readonly answer: (context: FaultContext) => SimulatedAnswer | undefined;
}

export type FaultKinds = readonly PathKind[];

export const apiKinds: FaultKinds = ["energy-v1", "energy-v2", "capabilities", "cars", "car-details"];
export const energyKinds: FaultKinds = ["energy-v1", "energy-v2"];
export const everyKind: FaultKinds = [...apiKinds, "authorize", "token", "revoke"];

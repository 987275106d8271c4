import type { SimulatedAnswer, SimulatedRequest } from "../http";
import type { ProblemContext } from "../api/problemAnswer";
import type { PathKind, Route } from "../route";

/** What a fault can see and do while it shapes one answer. */
export interface FaultContext extends ProblemContext {
  readonly route: Route;
  readonly request: SimulatedRequest;
  readonly nowMs: number;
  /** The answer without the fault, with all its effects; made once, at the first call. */
  honest(): SimulatedAnswer;
  /** Ends the access token the request presents, as if its time were over. */
  endAccessToken(): void;
  /** Brings the refresh token back to life that the request has used up. */
  keepRefreshToken(): void;
}

/** A misbehaviour that has been met in the field, or must be survived if it is. */
export interface Fault {
  /** Its number in the list of known misbehaviours, which follows the reports named in `source`. */
  readonly row: number;
  readonly description: string;
  /** Where it was reported; empty where nobody has, yet. */
  readonly source: string;
  /** The kinds of path it can befall. */
  readonly kinds: FaultKinds;
  /** The answer, or undefined where the fault has nothing to spoil: then it is not used up. */
  readonly answer: (context: FaultContext) => SimulatedAnswer | undefined;
}

export type FaultKinds = readonly PathKind[];

export const apiKinds: FaultKinds = ["energy-v1", "energy-v2", "capabilities", "cars", "car-details"];
export const energyKinds: FaultKinds = ["energy-v1", "energy-v2"];
export const everyKind: FaultKinds = [...apiKinds, "authorize", "token", "revoke"];

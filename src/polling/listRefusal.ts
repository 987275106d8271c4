import type { Problem } from "../charging/problem";
import type { Failure } from "../charging/failure";
import { emptyAccount } from "../charging/account";
import { outcomeOf } from "./outcome";

/** A request for the account's list of cars that Volvo refused at `at` (ms). */
export interface RefusedList {
  readonly failure: Failure;
  readonly at: number;
}

export type ListRefusal =
  /** The token, or the application, may not ask for the list; that says nothing about the cars' readings. */
  | { readonly kind: "notPermitted"; readonly by: "token" | "application" }
  | { readonly kind: "failed"; readonly problem: Problem };

/** What a refusal of the list means for a command that asked for it. */
export function listRefusal(refused: RefusedList): ListRefusal {
  switch (refused.failure.kind) {
    case "tokenRefused":
      return { kind: "notPermitted", by: "token" };
    case "forbidden":
    case "routeGone":
      return { kind: "notPermitted", by: "application" };
    default:
      return { kind: "failed", problem: listProblem(refused) };
  }
}

/** The problem behind a refusal of the list. */
export function listProblem({ failure, at }: RefusedList): Problem {
  return outcomeOf(failure, emptyAccount, at, 0).problem;
}

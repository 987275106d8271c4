import type { Problem } from "../charging/problem";
import type { Failure } from "../charging/failure";
import { emptyAccount } from "../charging/account";
import { outcomeOf } from "./outcome";

/** Volvo refused the list of the account's cars at `at` (ms). */
export interface RefusedList {
  readonly failure: Failure;
  readonly at: number;
}

export type ListRefusal =
  /** The token or the application may not ask for the list. It may still be allowed to read the cars. */
  | { readonly kind: "notPermitted"; readonly by: "token" | "application" }
  | { readonly kind: "failed"; readonly problem: Problem };

/** The refusal, as commands report it. */
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

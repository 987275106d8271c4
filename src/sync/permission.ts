/** A request that must not leave, although nothing is wrong with it: no failure, and nothing to show for it. */
export class NotPermittedError extends Error {
  override readonly name = "NotPermittedError";

  constructor(readonly reason: "budgetSpent" | "notLeading") {
    super(
      reason === "budgetSpent" ? "the budget of calls is spent for today" : "another window has taken the polling over",
    );
  }
}

/** Whether `error` is a {@link NotPermittedError}, also of another entry point, which has a copy of the class. */
export function isNotPermitted(error: unknown): error is NotPermittedError {
  return error instanceof Error && error.name === "NotPermittedError";
}

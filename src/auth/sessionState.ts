import type { Problem } from "../charging/problem";

export interface TestTokenAccount {
  readonly kind: "testToken";
}

export interface VolvoIdAccount {
  readonly kind: "volvoId";
  readonly signInId: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly signedInAt: number;
  readonly refreshedAt: number;
}

export type Account = TestTokenAccount | VolvoIdAccount;

export type SessionState =
  | { readonly kind: "starting" }
  | { readonly kind: "unavailable"; readonly cause: "noAnswer" | "lost" }
  | { readonly kind: "incomplete"; readonly hasApiKey: boolean; readonly hasGrant: boolean }
  | { readonly kind: "ready"; readonly credentials: string; readonly account: Account }
  | {
      readonly kind: "stopped";
      readonly cause: "signInEnded" | "signedInElsewhere";
      readonly account: VolvoIdAccount;
      /** Volvo refuses it although it can be renewed: it may have ended or not, and is tried again. */
      readonly refused?: "once" | "repeatedly";
    };

/** Whether there is a VCC API key for the present address. Not known, and so not, until what is stored has been read. */
export function hasApiKey(state: SessionState): boolean {
  return state.kind === "incomplete" ? state.hasApiKey : state.kind === "ready" || state.kind === "stopped";
}

/** Whether there is a grant for the present address that is in use, or would be with an API key. */
export function isSignedIn(state: SessionState): boolean {
  return state.kind === "incomplete" ? state.hasGrant : state.kind === "ready";
}

/** What the session's state keeps every car from; `undefined` where it stands in the way of nothing. */
export function sessionProblem(state: SessionState): Problem | undefined {
  switch (state.kind) {
    case "starting":
    case "ready":
      return undefined;
    case "unavailable":
      return { kind: "secretsUnavailable", cause: state.cause };
    case "incomplete":
      return state.hasApiKey ? { kind: "credentialsMissing" } : { kind: "apiKeyMissing" };
    case "stopped":
      return { kind: state.cause };
  }
}

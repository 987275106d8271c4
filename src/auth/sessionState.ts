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
    };

import type { Problem } from "../charging/problem";
import { textHash } from "../charging/carKey";
import type { Authorization } from "../volvo/transport";
import type { ApiKey, EndedVolvoIdGrant, Grant, TestTokenGrant, VolvoIdClient, VolvoIdGrant } from "./credentials";
import type { StoredCredentials } from "./credentialStore";

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
      /** Present if Volvo refuses the sign-in although it can be renewed. It may not have ended, and is tried again. */
      readonly refused?: "once" | "repeatedly";
    };

/** True if there is a VCC API key for the present address. False until the stored credentials have been read. */
export function hasApiKey(state: SessionState): boolean {
  return state.kind === "incomplete" ? state.hasApiKey : state.kind === "ready" || state.kind === "stopped";
}

/** True if there is a grant for the present address that is in use, or would be in use with an API key. */
export function isSignedIn(state: SessionState): boolean {
  return state.kind === "incomplete" ? state.hasGrant : state.kind === "ready";
}

/** The problem of all cars because of the session's state; `undefined` if there is none. */
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

/** The addresses in the settings: the origin of the API, and the issuer for signing in. */
export interface Addresses {
  readonly origin: string;
  readonly issuer: string | undefined;
}

/** Why a stored sign-in is not used. */
export interface Block {
  readonly cause: "signedInElsewhere" | "signInEnded";
  /** If this window's copy is outdated: the lowest generation that ends the block. */
  readonly olderThan?: number;
  /** Present if Volvo refuses the sign-in although it can be renewed. */
  readonly refused?: "once" | "repeatedly";
}

/** The credentials for requests. */
export interface Usable {
  readonly apiKey: ApiKey;
  readonly grant: TestTokenGrant | VolvoIdGrant;
}

/** The credentials for requests to these addresses, or the problem that there are none. */
export function usableFor(stored: StoredCredentials, addresses: Addresses): Usable | Problem {
  const { apiKey } = stored;
  if (apiKey?.origin !== addresses.origin) return { kind: "apiKeyMissing" };
  const grant = grantFor(stored, addresses);
  return !grant || grant.kind === "volvoIdEnded" ? { kind: "credentialsMissing" } : { apiKey, grant };
}

export function authorization({ apiKey, grant }: Usable): Authorization {
  return { apiKey: apiKey.value, accessToken: grant.accessToken, origin: grant.origin };
}

/** The grant if it was made for these addresses. */
function grantFor({ grant }: StoredCredentials, { origin, issuer }: Addresses): Grant | undefined {
  if (grant?.origin !== origin) return undefined;
  return grant.kind === "testToken" || grant.issuer === issuer ? grant : undefined;
}

/** The application of a sign-in, with its granted scopes (empty if unknown). */
export type GrantedClient = VolvoIdClient & Pick<VolvoIdGrant, "scopes">;

/** The application of the stored sign-in, if that is at the present issuer. */
export function clientFor({ grant }: StoredCredentials, { issuer }: Addresses): GrantedClient | undefined {
  return grant && "clientId" in grant && grant.issuer === issuer ? grant : undefined;
}

/** True if the newer generation that this window lacked has arrived. */
export function hasArrived(grant: Grant | undefined, { olderThan }: Block): boolean {
  return olderThan !== undefined && grant !== undefined && "generation" in grant && grant.generation >= olderThan;
}

/** The state of a session with these credentials. */
export function deriveSession(
  stored: StoredCredentials,
  addresses: Addresses,
  block: Block | undefined,
): Extract<SessionState, { kind: "incomplete" | "ready" | "stopped" }> {
  const { apiKey } = stored;
  const hasApiKey = apiKey?.origin === addresses.origin;
  const grant = grantFor(stored, addresses);
  if (!hasApiKey || !grant) return { kind: "incomplete", hasApiKey, hasGrant: grant !== undefined };
  if (grant.kind === "testToken") {
    const credentials = textHash(`${apiKey.origin} ${apiKey.value} ${grant.accessToken}`);
    return { kind: "ready", credentials, account: { kind: "testToken" } };
  }
  const account = accountOf(grant);
  if (grant.kind === "volvoIdEnded") return { kind: "stopped", cause: "signInEnded", account };
  if (block) {
    const { cause, refused } = block;
    return { kind: "stopped", cause, account, ...(refused && { refused }) };
  }
  return { kind: "ready", credentials: textHash(`${apiKey.origin} ${apiKey.value} ${grant.signInId}`), account };
}

/** Of two copies of the same sign-in, the newer one, because a grant that was just stored may not be readable yet. */
export function newerGrant(known: Grant | undefined, loaded: Grant | undefined): Grant | undefined {
  const isOlder =
    known?.kind === "volvoId" &&
    loaded?.kind === "volvoId" &&
    loaded.signInId === known.signInId &&
    loaded.generation < known.generation;
  return isOlder ? known : loaded;
}

export function isSameSignIn(a: Grant | undefined, b: Grant | undefined): boolean {
  return a !== undefined && b !== undefined && "signInId" in a && "signInId" in b && a.signInId === b.signInId;
}

function accountOf(grant: VolvoIdGrant | EndedVolvoIdGrant): VolvoIdAccount {
  const { signInId, label, scopes, signedInAt, refreshedAt } = grant;
  return { kind: "volvoId", signInId, label, scopes, signedInAt, refreshedAt };
}

import * as v from "valibot";
import { minuteMs } from "../base/clock";

/** A key of one Volvo application, bound to the origin (scheme, host, port) it was entered for. */
export interface ApiKey {
  readonly origin: string;
  readonly value: string;
}

/** A test token from Volvo's developer portal: about 30 minutes, one API, nothing to renew it with. */
export interface TestTokenGrant {
  readonly kind: "testToken";
  readonly origin: string;
  readonly accessToken: string;
}

/** The user's own application at Volvo ID. Its secret never goes anywhere but to `issuer`. */
export interface VolvoIdClient {
  /** A base URL without a slash at the end. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface VolvoIdRecord extends VolvoIdClient {
  /** Stays over refreshes; another one with each sign-in. */
  readonly signInId: string;
  /** Grows with every record that replaces another, over all sign-ins: the fence against stale copies. */
  readonly generation: number;
  /** Where the access token may go. */
  readonly origin: string;
  /** ms since the epoch; 0 where not known. */
  readonly signedInAt: number;
  readonly refreshedAt: number;
  /** What was granted; empty where not known. */
  readonly scopes: readonly string[];
  /** Whose sign-in it is, as far as it may be shown: "a…@example.com", or empty. */
  readonly label: string;
}

/** A sign-in with Volvo ID: an access token of about five minutes and the one refresh token that is alive. */
export interface VolvoIdGrant extends VolvoIdRecord {
  readonly kind: "volvoId";
  readonly accessToken: string;
  /** ms since the epoch, on this computer's clock. */
  readonly expiresAt: number;
  readonly refreshToken: string;
}

/** What is left of a sign-in that Volvo has ended: enough to sign in again without typing. */
export interface EndedVolvoIdGrant extends VolvoIdRecord {
  readonly kind: "volvoIdEnded";
}

export type Grant = TestTokenGrant | VolvoIdGrant | EndedVolvoIdGrant;

const text = v.pipe(v.string(), v.minLength(1));
const maybeText = v.fallback(v.string(), "");
const maybeNumber = v.fallback(v.pipe(v.number(), v.finite()), 0);

const apiKeySchema = v.object({ origin: text, value: text });

/** Members without which a record is of no use are demanded, so that older and newer versions read each other's. */
const volvoIdMembers = {
  issuer: text,
  clientId: text,
  clientSecret: text,
  signInId: maybeText,
  generation: maybeNumber,
  origin: text,
  signedInAt: maybeNumber,
  refreshedAt: maybeNumber,
  scopes: v.fallback(v.array(v.string()), []),
  label: maybeText,
};

const grantSchema = v.variant("kind", [
  v.object({ kind: v.literal("testToken"), origin: text, accessToken: text }),
  v.object({
    kind: v.literal("volvoId"),
    ...volvoIdMembers,
    accessToken: maybeText,
    expiresAt: maybeNumber,
    refreshToken: text,
  }),
  v.object({ kind: v.literal("volvoIdEnded"), ...volvoIdMembers }),
]);

/** What a secret holds; `undefined` for a text that this version does not understand. */
export function parseApiKey(secret: string): ApiKey | undefined {
  return parseSecret(apiKeySchema, secret);
}

export function parseGrant(secret: string): Grant | undefined {
  return parseSecret(grantSchema, secret);
}

function parseSecret<T extends v.GenericSchema>(schema: T, secret: string): v.InferOutput<T> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(secret));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** Every value of a grant that must never be shown or written down. */
export function secretsOf(grant: Grant): readonly string[] {
  switch (grant.kind) {
    case "testToken":
      return [grant.accessToken];
    case "volvoId":
      return [grant.accessToken, grant.refreshToken, grant.clientSecret];
    case "volvoIdEnded":
      return [grant.clientSecret];
  }
}

/** `grant` without what Volvo no longer accepts. */
export function endedGrant(grant: VolvoIdGrant, generation: number): EndedVolvoIdGrant {
  const { accessToken: _, refreshToken: __, expiresAt: ___, ...rest } = grant;
  return { ...rest, kind: "volvoIdEnded", generation };
}

const longestMarginMs = minuteMs;

/** Whether the access token will be good for as long as a request takes; where not, refreshing is due. */
export function isFresh(grant: VolvoIdGrant, now: number): boolean {
  const marginMs = Math.min(longestMarginMs, Math.max(0, grant.expiresAt - grant.refreshedAt) / 4);
  return grant.accessToken !== "" && now < grant.expiresAt - marginMs;
}

/** Whether the access token can be used where a renewal has just failed: close to its end is better than none. */
export function isStillGood(grant: VolvoIdGrant, now: number): boolean {
  return grant.accessToken !== "" && now < grant.expiresAt;
}

/** A sign-in as it comes from Volvo ID, before it has its place among the generations. */
export type NewSignIn = Omit<VolvoIdGrant, "kind" | "generation" | "origin">;

import * as v from "valibot";
import { minuteMs } from "../base/clock";

/** A key of one Volvo application, bound to the origin (scheme, host, port) it was entered for. */
export interface ApiKey {
  readonly origin: string;
  readonly value: string;
}

/** A test token from Volvo's developer portal, valid for one API and about 30 minutes. It cannot be renewed. */
export interface TestTokenGrant {
  readonly kind: "testToken";
  readonly origin: string;
  readonly accessToken: string;
}

/** The user's own application at Volvo ID. Its secret is sent to `issuer` only. */
export interface VolvoIdClient {
  /** A base URL without a slash at the end. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface VolvoIdRecord extends VolvoIdClient {
  /** New for each sign-in, and unchanged by renewals. */
  readonly signInId: string;
  /** Increases with every record that replaces another, over all sign-ins. Compared with the fence to detect stale copies. */
  readonly generation: number;
  /** The only origin to which the access token may be sent. */
  readonly origin: string;
  /** ms since the epoch; 0 if unknown. */
  readonly signedInAt: number;
  readonly refreshedAt: number;
  /** The granted scopes; empty if unknown. */
  readonly scopes: readonly string[];
  /** The masked name of the account, "a…@example.com", or empty. */
  readonly label: string;
}

/** A sign-in with Volvo ID: an access token, valid for about five minutes, and the only valid refresh token. */
export interface VolvoIdGrant extends VolvoIdRecord {
  readonly kind: "volvoId";
  readonly accessToken: string;
  /** ms since the epoch, on this computer's clock. */
  readonly expiresAt: number;
  readonly refreshToken: string;
}

/** The rest of a sign-in that Volvo has ended, which is enough to sign in again without typing. */
export interface EndedVolvoIdGrant extends VolvoIdRecord {
  readonly kind: "volvoIdEnded";
}

export type Grant = TestTokenGrant | VolvoIdGrant | EndedVolvoIdGrant;

const text = v.pipe(v.string(), v.minLength(1));
const maybeText = v.fallback(v.string(), "");
const maybeNumber = v.fallback(v.pipe(v.number(), v.finite()), 0);

const apiKeySchema = v.object({ origin: text, value: text });

/** Only indispensable members are required, so that older and newer versions can read each other's records. */
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

/** The API key in a secret; `undefined` for a text that this version cannot read. */
export function parseApiKey(secret: string): ApiKey | undefined {
  return parseSecret(apiKeySchema, secret);
}

/** The grant in a secret; `undefined` for a text that this version cannot read. */
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

/** All values of a grant that must never be shown or logged. */
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

/** The record of a sign-in that Volvo has ended: `grant` without its tokens. */
export function endedGrant(grant: VolvoIdGrant, generation: number): EndedVolvoIdGrant {
  const { accessToken: _, refreshToken: __, expiresAt: ___, ...rest } = grant;
  return { ...rest, kind: "volvoIdEnded", generation };
}

const longestMarginMs = minuteMs;

/** True if the access token is valid for long enough for a request. Otherwise a renewal is due. */
export function isFresh(grant: VolvoIdGrant, now: number): boolean {
  const marginMs = Math.min(longestMarginMs, Math.max(0, grant.expiresAt - grant.refreshedAt) / 4);
  return grant.accessToken !== "" && now < grant.expiresAt - marginMs;
}

/** True if the access token is still valid at all, which is enough if a renewal has just failed. */
export function isStillGood(grant: VolvoIdGrant, now: number): boolean {
  return grant.accessToken !== "" && now < grant.expiresAt;
}

/** A sign-in from Volvo ID that has no generation yet. */
export type NewSignIn = Omit<VolvoIdGrant, "kind" | "generation" | "origin">;

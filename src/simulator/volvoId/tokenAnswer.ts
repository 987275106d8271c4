import { createHash, randomBytes, randomUUID } from "node:crypto";
import { secondMs } from "../../base/clock";
import type { AccessTokens } from "../api/accessTokens";
import type { Grant } from "./grants";
import type { VolvoIdOptions } from "./volvoIdOptions";

/** The members of a token answer as of 2026 (home-assistant/core#179741). */
export interface TokenSet {
  readonly access_token: string;
  readonly expires_in: number;
  readonly id_token?: string;
  readonly refresh_token: string;
  readonly token_type: "Bearer";
}

/**
 * Issues an access token for `grant` and returns it together with `refreshToken`. Access and id tokens have the claims
 * of Volvo's JWTs, including personal data, but a random signature. There is an id_token if `openid` was granted.
 */
export function issueTokens(
  grant: Grant,
  refreshToken: string,
  nowMs: number,
  accessTokens: AccessTokens,
  options: VolvoIdOptions,
): TokenSet {
  const { issuer, clientId, email, accessTokenLifetimeMs } = options;
  const issuedAt = Math.floor(nowMs / secondMs);
  const lifetime = Math.floor(accessTokenLifetimeMs / secondMs);
  const times = { iss: issuer, iat: issuedAt, exp: issuedAt + lifetime };
  const accessToken = jwt({
    scope: grant.scopes,
    client_id: clientId,
    grntid: grant.id,
    ...times,
    jti: randomUUID(),
    "pi.sri": grant.id.slice(0, 16),
    userName: email,
    email,
  });
  const lifetimeMs = accessTokenLifetimeMs;
  accessTokens.issue({ value: accessToken, scopes: grant.scopes, lifetimeMs, grantId: grant.id });
  const subject = createHash("sha256").update(email).digest("hex").slice(0, 32);
  const idToken = jwt({ sub: subject, aud: clientId, jti: randomUUID(), ...times, email, "pi.sri": grant.id });
  return {
    access_token: accessToken,
    expires_in: lifetime,
    ...(grant.scopes.includes("openid") && { id_token: idToken }),
    refresh_token: refreshToken,
    token_type: "Bearer",
  };
}

/** A JWT with these claims. The signature has the length of RS256 and random content. */
export function jwt(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signature = randomBytes(256).toString("base64url");
  return `${encode({ alg: "RS256", kid: "s1mulat0r", typ: "JWT" })}.${encode(claims)}.${signature}`;
}

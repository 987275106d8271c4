import { randomUUID } from "node:crypto";
import { type Clock, dayMs, minuteMs } from "../../base/clock";
import type { AccessTokens } from "../api/accessTokens";

/** A refresh token expires after this time without use (developer portal, "Authorisation"). */
export const idleEndMs = 7 * dayMs;
/** A sign-in ends after six months, used or not (developer portal, "Authorisation"). */
export const grantEndMs = 182 * dayMs;
/** An authorization code is single-use and short-lived. */
export const codeLifetimeMs = minuteMs;

/** One sign-in of a user for an application. */
export interface Grant {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly startedAtMs: number;
}

export interface AuthorizationCode {
  readonly value: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

/** Sign-in events, which tests check. A correct client never causes `refresh-token-reused`. */
export interface VolvoIdEvent {
  readonly kind:
    | "signed-in"
    | "refreshed"
    | "revoked"
    | "code-reused"
    | "refresh-token-reused"
    | "refresh-token-idle"
    | "grant-ended";
  readonly at: number;
  readonly grantId?: string;
}

interface RefreshToken {
  readonly grant: Grant;
  issuedAtMs: number;
  used: boolean;
}

/** Authorization codes, refresh tokens and the sign-ins to which they belong. Use invalidates a refresh token. */
export class Grants {
  readonly events: VolvoIdEvent[] = [];
  private readonly codes = new Map<string, AuthorizationCode & { used: boolean }>();
  private readonly refreshTokens = new Map<string, RefreshToken>();
  private readonly ended = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly accessTokens: AccessTokens,
  ) {}

  issueCode(wanted: Pick<AuthorizationCode, "redirectUri" | "codeChallenge" | "scopes">): string {
    const value = randomUUID().replaceAll("-", "");
    this.codes.set(value, { ...wanted, value, expiresAtMs: this.clock.now() + codeLifetimeMs, used: false });
    return value;
  }

  /** Redeems the code. Undefined if it is unknown, expired or used. */
  takeCode(value: string): AuthorizationCode | undefined {
    const code = this.codes.get(value);
    if (!code) return undefined;
    if (code.used) {
      this.note("code-reused");
      return undefined;
    }
    code.used = true;
    return code.expiresAtMs > this.clock.now() ? code : undefined;
  }

  start(scopes: readonly string[]): Grant {
    const grant: Grant = { id: randomUUID().replaceAll("-", ""), scopes, startedAtMs: this.clock.now() };
    this.note("signed-in", grant);
    return grant;
  }

  issueRefreshToken(grant: Grant): string {
    const value = `rt-${randomUUID().replaceAll("-", "")}`;
    this.refreshTokens.set(value, { grant, issuedAtMs: this.clock.now(), used: false });
    return value;
  }

  /** Uses up a refresh token and returns its sign-in. Undefined if the token is no longer valid. */
  takeRefreshToken(value: string): Grant | undefined {
    const token = this.refreshTokens.get(value);
    if (!token || this.ended.has(token.grant.id)) return undefined;
    const { grant, issuedAtMs, used } = token;
    const now = this.clock.now();
    token.used = true;
    let fate: VolvoIdEvent["kind"] = "refreshed";
    if (used) fate = "refresh-token-reused";
    else if (now - issuedAtMs >= idleEndMs) fate = "refresh-token-idle";
    else if (now - grant.startedAtMs >= grantEndMs) fate = "grant-ended";
    this.note(fate, grant);
    return fate === "refreshed" ? grant : undefined;
  }

  /** Makes a used refresh token valid again, as if it had not been rotated. */
  keepRefreshToken(value: string): void {
    const token = this.refreshTokens.get(value);
    if (!token) return;
    token.used = false;
    token.issuedAtMs = this.clock.now();
  }

  /** Ends the sign-in of a refresh token, or a single access token. Ignores unknown tokens. */
  revoke(value: string): void {
    this.accessTokens.end(value);
    const token = this.refreshTokens.get(value);
    if (token) this.end(token.grant);
  }

  /** Ends every sign-in, as when the user withdraws consent. */
  endAll(): void {
    for (const { grant } of this.refreshTokens.values()) this.end(grant);
  }

  private end(grant: Grant): void {
    if (this.ended.has(grant.id)) return;
    this.ended.add(grant.id);
    this.accessTokens.endGrant(grant.id);
    this.note("revoked", grant);
  }

  private note(kind: VolvoIdEvent["kind"], grant?: Grant): void {
    this.events.push({ kind, at: this.clock.now(), ...(grant && { grantId: grant.id }) });
  }
}

import { createHash } from "node:crypto";
import type { Clock } from "../../base/clock";
import type { AccessTokens } from "../api/accessTokens";
import type { Grants } from "./grants";
import { emptyAnswer, jsonAnswer, type SimulatedAnswer, type SimulatedRequest } from "../http";
import { issueTokens, type TokenSet } from "./tokenAnswer";
import type { VolvoIdOptions } from "./volvoIdOptions";

const noStore = { "cache-control": "no-cache, no-store", pragma: "no-cache" };

/** The token and revocation endpoints. Errors use Volvo ID's wording (evcc-io/evcc#21920, #20631). */
export class TokenEndpoint {
  constructor(
    private readonly clock: Clock,
    private readonly grants: Grants,
    private readonly accessTokens: AccessTokens,
    private readonly options: VolvoIdOptions,
  ) {}

  /** `/as/token.oauth2` */
  token(request: SimulatedRequest): SimulatedAnswer {
    const form = formOf(request);
    if (!form) return oauthError(400, "invalid_request", "A POST of application/x-www-form-urlencoded is required");
    const refusal = this.checkClient(request, form);
    if (refusal) return refusal;
    switch (form.get("grant_type")) {
      case "authorization_code":
        return this.exchange(form);
      case "refresh_token":
        return this.refresh(form);
      default:
        return oauthError(400, "unsupported_grant_type", "Unsupported grant_type");
    }
  }

  /** `/as/revoke_token.oauth2` (RFC 7009): succeeds for known and unknown tokens. */
  revoke(request: SimulatedRequest): SimulatedAnswer {
    const form = formOf(request);
    const token = form?.get("token");
    if (!form || !token) return oauthError(400, "invalid_request", "token is required");
    const refusal = this.checkClient(request, form);
    if (refusal) return refusal;
    this.grants.revoke(token);
    return emptyAnswer(200, noStore);
  }

  /** Signs in without a browser, for tests that start after the sign-in. */
  grant(scopes: readonly string[]): TokenSet {
    const grant = this.grants.start(scopes);
    const refreshToken = this.grants.issueRefreshToken(grant);
    return issueTokens(grant, refreshToken, this.clock.now(), this.accessTokens, this.options);
  }

  private exchange(form: URLSearchParams): SimulatedAnswer {
    const verifier = form.get("code_verifier");
    const value = form.get("code");
    if (!value) return oauthError(400, "invalid_request", "code is required");
    if (!verifier) return oauthError(400, "invalid_request", "code_verifier is required");
    const code = this.grants.takeCode(value);
    if (!code) return oauthError(400, "invalid_grant", "Authorization code is invalid or expired.");
    if (form.get("redirect_uri") !== code.redirectUri) {
      return oauthError(400, "invalid_grant", "The redirect_uri does not match the one of the authorization request");
    }
    const isProven = /^[\w.~-]{43,128}$/.test(verifier) && challengeOf(verifier) === code.codeChallenge;
    if (!isProven) return oauthError(400, "invalid_grant", "Failed to verify code_verifier");
    return jsonAnswer(200, this.grant(code.scopes), noStore);
  }

  private refresh(form: URLSearchParams): SimulatedAnswer {
    const grant = this.grants.takeRefreshToken(form.get("refresh_token") ?? "");
    if (!grant) return invalidGrantAnswer();
    const wider = (form.get("scope") ?? "").split(" ").some((scope) => scope !== "" && !grant.scopes.includes(scope));
    if (wider) return oauthError(400, "invalid_scope", "The requested scope exceeds the scope that was granted");
    const refreshToken = this.grants.issueRefreshToken(grant);
    const tokens = issueTokens(grant, refreshToken, this.clock.now(), this.accessTokens, this.options);
    return jsonAnswer(200, tokens, noStore);
  }

  private checkClient(request: SimulatedRequest, form: URLSearchParams): SimulatedAnswer | undefined {
    const basic = basicCredentials(request.headers["authorization"]);
    if (basic && form.has("client_secret")) {
      return oauthError(400, "invalid_request", "Multiple client credentials are not allowed");
    }
    const id = basic ? basic.id : form.get("client_id");
    const secret = basic ? basic.secret : form.get("client_secret");
    const known = id === this.options.clientId && secret === this.options.clientSecret;
    return known ? undefined : invalidClientAnswer();
  }
}

/** The answer for an ended sign-in, for any reason. */
export function invalidGrantAnswer(): SimulatedAnswer {
  return oauthError(400, "invalid_grant", "unknown, invalid, or expired refresh token");
}

export function invalidClientAnswer(): SimulatedAnswer {
  return oauthError(401, "invalid_client", "Invalid client or client credentials.");
}

export function oauthError(status: number, error: string, description: string): SimulatedAnswer {
  return jsonAnswer(status, { error_description: description, error }, noStore);
}

function formOf(request: SimulatedRequest): URLSearchParams | undefined {
  const type = request.headers["content-type"] ?? "";
  if (request.method !== "POST" || !/^application\/x-www-form-urlencoded\b/i.test(type)) return undefined;
  return new URLSearchParams(request.body ?? "");
}

/** A client form-encodes id and secret, joins them and encodes the result in base64 (RFC 6749, section 2.3.1). */
function basicCredentials(header: string | undefined): { readonly id: string; readonly secret: string } | undefined {
  const packed = /^Basic (\S+)$/i.exec(header ?? "")?.[1];
  if (packed === undefined) return undefined;
  const [id = "", secret = ""] = Buffer.from(packed, "base64").toString("utf8").split(":", 2);
  return { id: formDecoded(id), secret: formDecoded(secret) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

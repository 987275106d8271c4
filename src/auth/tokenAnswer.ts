import * as v from "valibot";
import { hourMs, secondMs } from "../base/clock";

/** The content of a token answer. Either token can be missing. */
export interface TokenAnswer {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** ms from the arrival of the answer. */
  readonly lifetimeMs: number;
  /** The granted scopes, if the answer names them. */
  readonly scopes?: readonly string[];
  /** The user's email address, unverified and masked; empty if the answer has none. */
  readonly label: string;
}

/** The lifetime of Volvo's access tokens (home-assistant/core#179741), used if the answer has none. */
const usualLifetimeMs = 299 * secondMs;
/** The longest accepted lifetime. A lifetime that is too long only costs a refused request. */
const longestLifetimeMs = 24 * hourMs;

const longestAddress = 320;

/** `null` and values of another type count as absent. */
const maybeText = v.fallback(v.string(), "");

const answerSchema = v.object({
  access_token: maybeText,
  refresh_token: maybeText,
  expires_in: v.fallback(v.union([v.number(), v.pipe(v.string(), v.toNumber())]), 0),
  scope: maybeText,
  id_token: maybeText,
});

/**
 * Reads a successful token answer, more tolerantly than OAuth libraries. Volvo has already rotated the refresh token, so
 * every token in the answer is used, even from a truncated text. `undefined` if there is none.
 */
export function readTokenAnswer(body: string): TokenAnswer | undefined {
  const parsed = v.safeParse(answerSchema, parseJson(body) ?? salvage(body));
  if (!parsed.success) return undefined;
  const { access_token, refresh_token, expires_in, scope, id_token } = parsed.output;
  if (access_token === "" && refresh_token === "") return undefined;
  const scopes = scope.split(" ").filter((name) => name !== "");
  const lifetimeMs = expires_in > 0 ? Math.min(expires_in * secondMs, longestLifetimeMs) : usualLifetimeMs;
  return {
    ...(access_token !== "" && { accessToken: access_token }),
    ...(refresh_token !== "" && { refreshToken: refresh_token }),
    lifetimeMs,
    ...(scopes.length > 0 && { scopes }),
    label: maskedEmail(emailOf(id_token) ?? ""),
  };
}

/** "a…@example.com": enough to distinguish the user's own accounts. Empty for any other text. */
export function maskedEmail(email: string): string {
  // No address is longer (RFC 5321, 4.5.3.1), and the pattern takes quadratic time.
  if (email.length > longestAddress) return "";
  const match = /^(\S)\S*@([^\s@]+\.[^\s@]+)$/u.exec(email.trim());
  return match ? `${match[1] ?? ""}…@${match[2] ?? ""}` : "";
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** The tokens of a JSON text whose end is missing. */
function salvage(body: string): Readonly<Record<string, string>> {
  const members = [...body.matchAll(/"(access_token|refresh_token)"\s*:\s*"([^"\\\s]+)"/g)];
  return Object.fromEntries(members.map(([, name = "", value = ""]) => [name, value]));
}

const claimsSchema = v.object({ email: maybeText, userName: maybeText });

/** The id_token is used for the label only, so its signature and times are not checked. */
function emailOf(idToken: string): string | undefined {
  const payload = idToken.split(".")[1] ?? "";
  const claims = v.safeParse(claimsSchema, parseJson(Buffer.from(payload, "base64url").toString("utf8")));
  if (!claims.success) return undefined;
  return claims.output.email === "" ? claims.output.userName : claims.output.email;
}

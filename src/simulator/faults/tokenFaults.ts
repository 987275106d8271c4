import { secondMs } from "../../base/clock";
import { type JsonObject, withJson } from "./alteration";
import type { Fault, FaultContext, FaultKinds } from "./fault";
import { jsonAnswer, type SimulatedAnswer } from "../http";
import { jwt } from "../volvoId/tokenAnswer";
import { invalidClientAnswer, invalidGrantAnswer, oauthError } from "../volvoId/tokenEndpoint";

const token: FaultKinds = ["token"];

function grantType(context: FaultContext): string | null {
  return new URLSearchParams(context.request.body ?? "").get("grant_type");
}

/** The good answer with members overridden; undefined removes one. */
function withMembers(context: FaultContext, members: JsonObject): SimulatedAnswer | undefined {
  return withJson(context, (body) => void Object.assign(body, members));
}

/** The good answer with claims of the id_token overridden. */
function withIdToken(context: FaultContext, claims: (nowSeconds: number) => JsonObject): SimulatedAnswer | undefined {
  return withJson(context, (body) => {
    const payload = String(body["id_token"]).split(".")[1] ?? "";
    const original = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as JsonObject;
    body["id_token"] = jwt({ ...original, ...claims(Math.floor(context.nowMs / secondMs)) });
  });
}

/** Misbehavior of the token endpoint. */
export const tokenFaults = {
  "refresh-token-refused": {
    row: 10,
    description: "400 invalid_grant for a refresh token that stays valid",
    source: "evcc-io/evcc#22549",
    kinds: token,
    answer: (context) => (grantType(context) === "refresh_token" ? invalidGrantAnswer() : undefined),
  },
  "refresh-race-lost": {
    row: 11,
    description: "400 invalid_grant because another process has just used the refresh token, which is now dead",
    source: "Codzelerate/homebridge-volvo-xc90",
    kinds: token,
    answer: (context) => {
      if (grantType(context) !== "refresh_token") return undefined;
      context.honest();
      return invalidGrantAnswer();
    },
  },
  "token-answer-lost": {
    row: 12,
    description: "The tokens are rotated and the connection breaks before the answer arrives",
    source: "Dielee/volvo2mqtt releases, 1.9.6",
    kinds: token,
    answer: (context) => ({ ...context.honest(), misbehavior: { kind: "reset" } }),
  },
  "refresh-token-missing": {
    row: 13,
    description: "A good answer without a refresh token; the presented one stays valid",
    source: "thomasddn/ha-volvo-cars#165",
    kinds: token,
    answer: (context) => keepingRefreshToken(context, undefined),
  },
  "refresh-token-null": {
    row: 13,
    description: "A good answer with null for the refresh token; the presented one stays valid",
    source: "",
    kinds: token,
    answer: (context) => keepingRefreshToken(context, null),
  },
  "client-blocked": {
    row: 15,
    description: "403 for a valid client: Volvo has blocked it",
    source: "home-assistant/core#158467",
    kinds: token,
    answer: () => jsonAnswer(403, { details: [{ userMessage: "Access to this client is blocked" }] }),
  },
  "client-unauthorized": {
    row: 15,
    description: "400 unauthorized_client",
    source: "evcc-io/evcc#16726",
    kinds: token,
    answer: () => oauthError(400, "unauthorized_client", "Client is not authorized for the requested grant type"),
  },
  "client-invalid": {
    row: 15,
    description: "401 invalid_client: wrong secret, or an application disabled by Volvo",
    source: "home-assistant/core#151062",
    kinds: token,
    answer: invalidClientAnswer,
  },
  "expires-in-string": {
    row: 16,
    description: 'expires_in is the string "299"',
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { expires_in: "299" }),
  },
  "expires-in-zero": {
    row: 16,
    description: "expires_in is 0, while the token lives 299 s",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { expires_in: 0 }),
  },
  "expires-in-null": {
    row: 16,
    description: "expires_in is null",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { expires_in: null }),
  },
  "expires-in-missing": {
    row: 16,
    description: "No expires_in",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { expires_in: undefined }),
  },
  "expires-in-overstated": {
    row: 16,
    description: "expires_in says half an hour, while the token lives 299 s",
    source: "home-assistant/core#171889",
    kinds: token,
    answer: (context) => withMembers(context, { expires_in: 1_799 }),
  },
  "access-token-missing": {
    row: 20,
    description: "200 without an access token",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { access_token: undefined }),
  },
  "token-type-in-lower-case": {
    row: 16,
    description: "token_type is bearer",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { token_type: "bearer" }),
  },
  "id-token-missing": {
    row: 16,
    description: "No id_token although openid was requested",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { id_token: undefined }),
  },
  "id-token-null": {
    row: 16,
    description: "id_token is null",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { id_token: null }),
  },
  "id-token-garbage": {
    row: 16,
    description: "id_token is not a JWT",
    source: "",
    kinds: token,
    answer: (context) => withMembers(context, { id_token: "not.a-jwt" }),
  },
  "id-token-expired": {
    row: 16,
    description: "The id_token expired an hour ago: the clocks differ",
    source: "home-assistant/core#179741",
    kinds: token,
    answer: (context) => withIdToken(context, (now) => ({ iat: now - 3_900, exp: now - 3_600 })),
  },
  "id-token-from-the-future": {
    row: 16,
    description: "The id_token is issued an hour in the future: the clocks differ",
    source: "home-assistant/core#179741",
    kinds: token,
    answer: (context) => withIdToken(context, (now) => ({ iat: now + 3_600, exp: now + 3_900 })),
  },
  "id-token-of-another-issuer": {
    row: 16,
    description: "The id_token names another issuer and audience",
    source: "",
    kinds: token,
    answer: (context) => withIdToken(context, () => ({ iss: "https://volvoid.example.com", aud: "dc-somebody-else" })),
  },
} as const satisfies Record<string, Fault>;

/** The good answer with `value` for the refresh token. The refresh token of the request stays valid. */
function keepingRefreshToken(context: FaultContext, value: null | undefined): SimulatedAnswer | undefined {
  const answer = withMembers(context, { refresh_token: value });
  if (answer) context.keepRefreshToken();
  return answer;
}

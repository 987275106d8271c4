import { excerpt } from "../base/log";
import type { Redactor } from "../base/redactor";
import type { Problem } from "../charging/problem";

/** Why an attempt to sign in has failed. */
export type SignInFailure =
  /** The user declined or canceled on Volvo ID's page. */
  | { readonly kind: "accessDenied" }
  /** Volvo has not approved a scope for the application. `scope` if the answer names it. */
  | { readonly kind: "invalidScope"; readonly scope: string | undefined }
  | { readonly kind: "invalidClient" }
  /** The code was used already, is too old, or belongs to another attempt. */
  | { readonly kind: "codeRefused" }
  | { readonly kind: "redirectUriRefused" }
  /** No answer came back in time. */
  | { readonly kind: "neverReturned" }
  | { readonly kind: "endpointDown"; readonly problem: Problem }
  /** Volvo ID's answer has no refresh token, so the sign-in would end within minutes. */
  | { readonly kind: "noRefreshToken" }
  /** Any other refusal, in Volvo ID's words. */
  | { readonly kind: "refused"; readonly error: string; readonly description: string };

const longestWords = 300;
/** A longer text is cut before it is searched for secrets, between two words, because half a secret would not be found. */
const longestSearched = 2_000;

/** A text from outside, redacted and shortened for the screen and the log. */
export function presentable(words: string, redactor: Redactor): string {
  return redactor.redact(excerpt(words, longestSearched)).slice(0, longestWords);
}

/** The meaning of an OAuth error. `asked` are the requested scopes. */
export function failureOf(error: string, description: string, asked: readonly string[]): SignInFailure {
  if (/redirect[_ ]?uri/i.test(description)) return { kind: "redirectUriRefused" };
  switch (error) {
    case "access_denied":
      return { kind: "accessDenied" };
    case "invalid_scope":
      return { kind: "invalidScope", scope: asked.find((scope) => description.split(/[\s,;"']+/).includes(scope)) };
    case "invalid_client":
      return { kind: "invalidClient" };
    case "invalid_grant":
      return { kind: "codeRefused" };
    default:
      return { kind: "refused", error, description };
  }
}

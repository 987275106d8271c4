import { excerpt } from "../base/log";
import type { Redactor } from "../base/redactor";
import type { Problem } from "../charging/problem";

/** Why an attempt to sign in is over without a sign-in. */
export type SignInFailure =
  /** The person said no, or left Volvo ID's page by its own button. */
  | { readonly kind: "accessDenied" }
  /** Volvo has not approved a scope for the application; `scope` where it says which. */
  | { readonly kind: "invalidScope"; readonly scope: string | undefined }
  | { readonly kind: "invalidClient" }
  /** Used already, too old, or made for another attempt. */
  | { readonly kind: "codeRefused" }
  | { readonly kind: "redirectUriRefused" }
  /** Nothing came back in time. */
  | { readonly kind: "neverReturned" }
  | { readonly kind: "endpointDown"; readonly problem: Problem }
  /** Volvo ID gave nothing that would last. */
  | { readonly kind: "noRefreshToken" }
  /** Any other refusal, in Volvo ID's words. */
  | { readonly kind: "refused"; readonly error: string; readonly description: string };

const longestWords = 300;
/** A text without end is cut here before it is searched, between two words: half a secret is not found. */
const longestSearched = 2_000;

/** A text from outside, fit to be shown and written down. */
export function presentable(words: string, redactor: Redactor): string {
  return redactor.redact(excerpt(words, longestSearched)).slice(0, longestWords);
}

/** What a refusal in OAuth's words means. `asked` are the scopes that were asked for. */
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

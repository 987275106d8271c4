import { findVin } from "../charging/vin";

/** The text without whitespace around it, and without characters that cannot be seen and are copied along. */
export function trimmed(pasted: string): string {
  return pasted.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim();
}

/** A credential that a box asks for. */
export type CredentialKind = "apiKey" | "accessToken" | "clientId" | "clientSecret";

/** A recognized text that is not the one a box asks for. */
export type OtherText = CredentialKind | "vin" | "page" | "command" | "json";

export type TypedSecret =
  | { readonly kind: "usable"; readonly value: string }
  | { readonly kind: "empty" }
  | { readonly kind: "lineBreak" }
  | { readonly kind: "blank" }
  | { readonly kind: "wrongCharacters" }
  /** No token has these characters, or so few. */
  | { readonly kind: "notToken" }
  /** The text is certainly something else. */
  | { readonly kind: "other"; readonly what: OtherText };

/** The credential that was entered before with this value; `undefined` where there is none. */
export type KnownCredential = (value: string) => CredentialKind | undefined;

/**
 * The names under which Volvo's portal, its documentation and OAuth write each credential: in a header, in JSON, in a
 * form. The value follows in the first group.
 */
const labeled: Readonly<Record<CredentialKind, RegExp>> = {
  apiKey: /\b(?:vcc-api-key|vccApiKey|vcc_api_key)["']?\s*[:=]\s*(?:\\?["'])?([^\s"'\\,;&]+)/i,
  accessToken:
    /(?:\bauthorization["']?\s*[:=]\s*(?:\\?["'])?bearer\s+|\baccess_token["']?\s*[:=]\s*(?:\\?["'])?)([^\s"'\\,;&]+)/i,
  clientId: /\bclient_?id["']?\s*[:=]\s*(?:\\?["'])?([^\s"'\\,;&]+)/i,
  clientSecret: /\bclient_?secret["']?\s*[:=]\s*(?:\\?["'])?([^\s"'\\,;&]+)/i,
};

/** `header.payload.signature`, each part in base64url: a JSON Web Token, as Volvo's access tokens are. */
const webToken = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/** The characters of a bearer token (RFC 6750, 2.1). */
const tokenCharacters = /^[\w\-.~+/]+=*$/;
/** A shorter token could be guessed: RFC 6749, 10.10, asks for 128 bits, and a character has about six. */
const shortestToken = 22;

/** The form of Volvo's access tokens, which are JSON Web Tokens. Others are unusual, not wrong. */
export function hasTokenForm(value: string): boolean {
  return webToken.test(value) && !value.endsWith(".");
}

/** The form of Volvo's API keys, so far as it is known. Other lengths are unusual, not wrong. */
export function hasApiKeyForm(value: string): boolean {
  return /^[0-9a-f]{32}$/i.test(value);
}

/**
 * A typed or pasted credential, without the noise that is copied along: whitespace, quotes, the header's name, `Bearer`,
 * characters without a width. Of a command, a header line, a form or JSON, the value under the name of `wanted`. A text
 * that is certainly something else, or that is `known` as something else, is refused by its name, and one that cannot be
 * a header value with the reason.
 */
export function readTypedSecret(
  typed: string,
  wanted: CredentialKind,
  known: KnownCredential = () => undefined,
): TypedSecret {
  const shown = trimmed(typed);
  const named = labeled[wanted].exec(shown)?.[1];
  if (named !== undefined) return checked(withoutDress(named), wanted);
  const value = withoutDress(shown);
  const entered = known(value);
  const other = entered === undefined || entered === wanted ? otherText(shown, value, wanted) : entered;
  return other === undefined ? checked(value, wanted) : { kind: "other", what: other };
}

function otherText(shown: string, value: string, wanted: CredentialKind): OtherText | undefined {
  for (const kind of ["apiKey", "accessToken", "clientId", "clientSecret"] as const) {
    if (kind !== wanted && labeled[kind].test(shown)) return kind;
  }
  if (/^curl\s/i.test(shown)) return "command";
  if (/^\{[\s\S]*:/.test(shown)) return "json";
  if (/^https?:\/\//i.test(shown)) return "page";
  if (wanted !== "accessToken" && (webToken.test(value) || /^bearer\s+\S/i.test(shown))) return "accessToken";
  // The end of a VIN is digits; a secret of the same length hardly ever is.
  return /[a-z]/i.test(value) && /[0-9]{4}$/.test(value) && findVin(value) === value.toUpperCase() ? "vin" : undefined;
}

function withoutDress(text: string): string {
  let value = text;
  for (let before = ""; before !== value;) {
    before = value;
    value = value
      .replace(/^(?:authorization|vcc-api-key)\s*:\s*/i, "")
      .replace(/^bearer(?:\s+|$)/i, "")
      .replace(/^(["'`])([\s\S]*)\1[,;]?$/, "$2")
      .trim();
  }
  return value;
}

function checked(value: string, wanted: CredentialKind): TypedSecret {
  if (value === "") return { kind: "empty" };
  if (/[\r\n\u2028\u2029]/.test(value)) return { kind: "lineBreak" };
  if (/\s/.test(value)) return { kind: "blank" };
  if (!/^[\x21-\x7e]+$/.test(value)) return { kind: "wrongCharacters" };
  const isToken = wanted !== "accessToken" || (tokenCharacters.test(value) && value.length >= shortestToken);
  return isToken ? { kind: "usable", value } : { kind: "notToken" };
}

/** What a text in the box for a VIN, or for the answer of Volvo ID, certainly is in place of that; else `undefined`. */
export function credentialIn(typed: string): "apiKey" | "accessToken" | undefined {
  const shown = trimmed(typed);
  const value = withoutDress(shown);
  if (webToken.test(value) || /^(?:authorization\s*:\s*)?bearer\s/i.test(shown)) return "accessToken";
  return hasApiKeyForm(value) || /^vcc-api-key\b/i.test(shown) ? "apiKey" : undefined;
}

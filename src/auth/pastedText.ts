import { findVin } from "../charging/vin";

/** The text without surrounding whitespace, and without invisible characters that were copied along. */
export function trimmed(pasted: string): string {
  return pasted.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim();
}

/** A credential that a box asks for. */
export type CredentialKind = "apiKey" | "accessToken" | "clientId" | "clientSecret";

/** A recognized text that does not belong in this box. */
export type OtherText = CredentialKind | "vin" | "email" | "page" | "command" | "json";

export type TypedSecret =
  | { readonly kind: "usable"; readonly value: string }
  | { readonly kind: "empty" }
  | { readonly kind: "lineBreak" }
  | { readonly kind: "blank" }
  | { readonly kind: "wrongCharacters" }
  /** The text has characters that no token has, or is too short. */
  | { readonly kind: "notToken" }
  /** The text is certainly something else. */
  | { readonly kind: "other"; readonly what: OtherText };

/** The kind of the credential that was entered before with this value; `undefined` if there is none. */
export type KnownCredential = (value: string) => CredentialKind | undefined;

/**
 * The names of each credential in Volvo's portal, its documentation and OAuth: in a header, in JSON or in a form. The first
 * group is the value.
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

/** With a scheme, or as browsers show it without one. */
const address = /^(?:[a-z][a-z\d+.-]*:\/\/|www\.|localhost[:/]|(?:[\w-]+\.)+volvocars\.com(?:\/|$))/i;
const emailAddress = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i;

/** The characters of a bearer token (RFC 6750, 2.1). */
const tokenCharacters = /^[\w\-.~+/]+=*$/;
/** RFC 6749, 10.10, requires 128 bits, and a character has about six, so no token is shorter. */
const shortestToken = 22;

/** True for the form of Volvo's access tokens, which are JSON Web Tokens. Other forms are unusual, but not wrong. */
export function hasTokenForm(value: string): boolean {
  return webToken.test(value) && !value.endsWith(".");
}

/** True for the known form of Volvo's API keys. Other forms are unusual, but not wrong. */
export function hasApiKeyForm(value: string): boolean {
  return /^[0-9a-f]{32}$/i.test(value);
}

/**
 * Reads a typed or pasted credential. Removes text that was copied along: whitespace, quotes, the header's name, `Bearer`,
 * invisible characters. In a command, a header line, a form or JSON, takes the value with the name of `wanted`. Refuses a
 * text that is certainly something else, or that is `known` as another credential, and a text that cannot be a header
 * value, each with the reason.
 */
export function readTypedSecret(
  typed: string,
  wanted: CredentialKind,
  known: KnownCredential = () => undefined,
): TypedSecret {
  const shown = trimmed(typed);
  const named = labeled[wanted].exec(shown)?.[1];
  if (named !== undefined) return checked(unwrapped(named), wanted);
  const value = unwrapped(shown);
  const entered = known(value);
  const other = entered === undefined || entered === wanted ? recognized(shown, value, wanted) : entered;
  return other === undefined ? checked(value, wanted) : { kind: "other", what: other };
}

/**
 * The kind of a text that was typed in place of a VIN or of Volvo ID's answer. `undefined` unless the text is certainly
 * neither.
 */
export function readOtherText(typed: string): OtherText | undefined {
  const shown = trimmed(typed);
  const value = unwrapped(shown);
  return hasApiKeyForm(value) ? "apiKey" : recognized(shown, value, undefined);
}

function recognized(shown: string, value: string, wanted: CredentialKind | undefined): OtherText | undefined {
  for (const kind of ["apiKey", "accessToken", "clientId", "clientSecret"] as const) {
    if (kind !== wanted && labeled[kind].test(shown)) return kind;
  }
  if (/^curl\s/i.test(shown)) return "command";
  if (/^\{[\s\S]*:/.test(shown)) return "json";
  if (address.test(value)) return "page";
  // A secret can have any characters.
  if (wanted !== "clientSecret" && emailAddress.test(value)) return "email";
  if (wanted !== "accessToken" && (webToken.test(value) || /^bearer\s+\S/i.test(shown))) return "accessToken";
  // A VIN ends in digits, unlike almost every secret of the same length.
  return /[a-z]/i.test(value) && /[0-9]{4}$/.test(value) && findVin(value) === value.toUpperCase() ? "vin" : undefined;
}

function unwrapped(text: string): string {
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

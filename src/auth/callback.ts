import { hasApiKeyForm, type OtherText, readOtherText, trimmed } from "./pastedText";

/** The meaning of a text that the user pasted in place of Volvo ID's answer. */
export type PastedAnswer =
  /** The parameters of an answer: a code or an error. The caller must still check the state. */
  | { readonly kind: "parameters"; readonly parameters: URLSearchParams }
  /** The code alone, without a state. */
  | { readonly kind: "code"; readonly code: string }
  /** The address of the sign-in page, copied before signing in. */
  | { readonly kind: "signInPage" }
  /** The text of Volvo ID's page about an unknown redirect URI or client ID. */
  | { readonly kind: "redirectUriRefused" | "invalidClient" }
  /** A recognized text that is no answer, such as a key. */
  | { readonly kind: "other"; readonly what: OtherText }
  | { readonly kind: "nothing" };

/**
 * Reads a text copied from the browser's address bar: the whole address, its query or the bare code, with the quotes
 * and line breaks that mail programs and chats add. Never throws.
 */
export function readPastedAnswer(pasted: string): PastedAnswer {
  const text = withoutQuotes(pasted);
  const compact = text.replace(/\s+/g, "");
  for (const query of queriesOf(compact)) {
    const parameters = new URLSearchParams(query);
    if (parameters.has("code") || parameters.has("error")) return { kind: "parameters", parameters };
    if (parameters.has("code_challenge") || parameters.has("response_type")) return { kind: "signInPage" };
  }
  if (/redirect[_ ]?uri/i.test(text)) return { kind: "redirectUriRefused" };
  if (/(?:invalid|unknown)[_ ]+client|client[_ ]?id\b(?!=)/i.test(text)) return { kind: "invalidClient" };
  const what = readOtherText(text);
  // A bare code may look like a key.
  if (what !== undefined && !hasApiKeyForm(text)) return { kind: "other", what };
  const isCode = text === compact && /^[\w.~+/%-]{6,}={0,2}$/.test(text);
  return isCode ? { kind: "code", code: decoded(text) } : { kind: "nothing" };
}

/** The text without surrounding whitespace, quotes and brackets, and with `&` in place of `&amp;`. */
function withoutQuotes(pasted: string): string {
  let text = trimmed(pasted);
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(/^(["'`<(])([\s\S]*)["'`>)]$/, "$2").trim();
  }
  return text.replaceAll("&amp;", "&");
}

/** The parts of a text that can hold an answer's parameters: after a question mark, after a hash, or from the start. */
function queriesOf(text: string): readonly string[] {
  const [beforeHash = "", fragment = ""] = text.split("#");
  const mark = beforeHash.indexOf("?");
  const query = mark >= 0 ? beforeHash.slice(mark + 1) : beforeHash.includes("=") ? beforeHash : "";
  return [query, fragment].filter((part) => part !== "");
}

function decoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

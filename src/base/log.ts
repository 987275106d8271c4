/** The core's log. Structurally satisfied by VS Code's `LogOutputChannel`. */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const mask = "•••";
const vinTailOnly = "…$1";

/**
 * The patterns of secrets and personal data in log lines, also within URL-encoded text and JSON nested in JSON strings.
 * VINs keep their last four characters, the only part the product ever shows. Plain words and small numbers in the
 * place of a secret ("basic settings", "code=ENOTFOUND") are kept, because diagnosis needs them.
 */
const shapes: readonly (readonly [RegExp, string])[] = [
  [
    /(?<=%[\dA-Fa-f]{2}|\b)([Bb]earer|BEARER|[Bb]asic|BASIC)(?:\s+|%20|\+)(?![a-z]+(?![\w~+/=-]))[\w~+/.=-]{6,}/g,
    `$1 ${mask}`,
  ],
  [/(?<=%[\dA-Fa-f]{2}|\b)eyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?/g, mask],
  [
    /((?<=%[0-9A-F]{2}|\b)(?:access_token|refresh_token|id_token|client_secret|code_verifier|vcc[-_]api[-_]key|authorization)\\*["']?(?:\s*[=:]\s*|%3D|%3A)\\*["']?)[^\s"'&,;}\\]+/gi,
    `$1${mask}`,
  ],
  [/(["']token\\*["']\s*:\s*\\*["'])[^\s"'\\]+/g, `$1${mask}`],
  [
    /((?<=%[\dA-Fa-f]{2}|\b)(?:code|state|token)(?:=|%3D))(?!(?:[a-z]+|[A-Z][A-Z_]*|\d{1,5})(?![\w%~+/.=-]))[^\s"'&,;}\\]+/g,
    `$1${mask}`,
  ],
  // The maximum lengths of an address (RFC 5321, 4.5.3.1) bound the matching time.
  [/[\p{L}\p{N}._%+-]{1,64}(?:@|%40)[\p{L}\p{N}.-]{1,255}\.\p{L}{2,}/gu, mask],
  [/(?:(?<=%[0-9A-F]{2})|(?<![A-Z0-9]))(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{13}([A-HJ-NPR-Z0-9]{4})(?![A-Z0-9])/gi, vinTailOnly],
  [/(?<![A-Z0-9])[0-9a-f]{32,}(?![A-Z0-9])/gi, mask],
];

/**
 * Access tokens change every few minutes for as long as VS Code runs. Every read of the credentials learns the current
 * ones again, so they are never among those dropped.
 */
const mostSecrets = 50;

/**
 * The single redactor for all text that leaves the process. It masks by pattern (bearer tokens, JWTs, keys, e-mail
 * addresses, VINs, OAuth parameters) and by value for the most recently learned secrets.
 */
export class Redactor {
  /** Each secret with its plain and URL-encoded forms, in the order they were last learned. */
  private readonly secrets = new Map<string, readonly string[]>();
  /** Longest first, because one may contain another. */
  private forms: readonly string[] = [];
  /** If true, VINs lose their last four characters as well. */
  hidesVinTails = false;

  /**
   * Masks this value from now on, while it is among the 50 newest. Ignores values under four characters: masking them
   * would garble plain words.
   */
  learn(secret: string): void {
    if (secret.length < 4) return;
    const known = this.secrets.get(secret);
    if (known) {
      this.secrets.delete(secret);
      this.secrets.set(secret, known);
      return;
    }
    // A lone surrogate cannot be URL-encoded: `encodeURIComponent` throws.
    const inUrl = encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, "\ufffd"));
    const inForm = new URLSearchParams({ "": secret }).toString().slice(1);
    this.secrets.set(secret, [secret, inUrl, inForm]);
    for (const oldest of this.secrets.keys()) {
      if (this.secrets.size <= mostSecrets) break;
      this.secrets.delete(oldest);
    }
    this.forms = [...new Set([...this.secrets.values()].flat())].sort((a, b) => b.length - a.length);
  }

  /** True if `redact` would change `text`. */
  finds(text: string): boolean {
    return this.redact(text) !== text;
  }

  redact(text: string): string {
    let result = text;
    for (const form of this.forms) result = result.replaceAll(form, mask);
    for (const [shape, replacement] of shapes) {
      result = result.replace(shape, this.hidesVinTails && replacement === vinTailOnly ? "…" : replacement);
    }
    return result;
  }
}

/** `sink` behind `redactor`, with line breaks and control characters replaced by spaces. */
export function redactingLogger(sink: Logger, redactor: Redactor): Logger {
  const clean = (message: string) => redactor.redact(message).replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return {
    trace: (message) => sink.trace(clean(message)),
    debug: (message) => sink.debug(clean(message)),
    info: (message) => sink.info(clean(message)),
    warn: (message) => sink.warn(clean(message)),
    error: (message) => sink.error(clean(message)),
  };
}

/** Characters that end a key, token, address or VIN in all their notations. */
const runEnd = /[\s"'<>{}(),;&|\\]/;

/**
 * At most `length` characters of external text, with an ellipsis if it is cut. Never ends inside an unbroken run of
 * characters: a {@link Redactor} does not recognize half a token.
 */
export function excerpt(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = length;
  if (!runEnd.test(text.charAt(end))) while (end > 0 && !runEnd.test(text.charAt(end - 1))) end--;
  return `${text.slice(0, end)}…`;
}

/** Deeper than real chains of causes. Guards against a cause that refers to itself. */
const deepestCause = 8;

/** The message of any thrown value, with the messages of its causes. Never throws. */
export function errorText(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return plainText(error);
  const code = (error as { code?: unknown }).code;
  const own = typeof code === "string" ? `${error.message} (${code})` : error.message;
  return error.cause === undefined || depth >= deepestCause ? own : `${own}: ${errorText(error.cause, depth + 1)}`;
}

function plainText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

import type { Redactor } from "./redactor";

/** The core's log. Compatible with VS Code's `LogOutputChannel`. */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Redacts messages and replaces line breaks, control characters and direction overrides with spaces. */
export function redactingLogger(sink: Logger, redactor: Pick<Redactor, "redact">): Logger {
  const clean = (message: string) =>
    redactor.redact(message).replace(/(?:\p{Cc}|[\u200e\u200f\u2028-\u202e\u2066-\u2069])+/gu, " ");
  return {
    trace: (message) => sink.trace(clean(message)),
    debug: (message) => sink.debug(clean(message)),
    info: (message) => sink.info(clean(message)),
    warn: (message) => sink.warn(clean(message)),
    error: (message) => sink.error(clean(message)),
  };
}

/** A character that cannot be part of a key, token, address or VIN in any of their notations. */
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

/** Deeper than any real chain of causes. Guards against a cause that refers to itself. */
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

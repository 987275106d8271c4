/** A request to the simulated Volvo, independent of the transport. */
export interface SimulatedRequest {
  readonly method: string;
  /** Path and query, starting with `/`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/**
 * The transport's misbehavior for one answer. Times are in milliseconds on the simulator's clock.
 *
 * - `delay`: headers arrive late
 * - `reset`: the connection breaks before any header
 * - `reset-in-body`: headers and half of the body, then the connection breaks
 * - `stalled-body`: headers and half of the body, then silence
 * - `endless-body`: the body repeats forever, as fast as it is read
 * - `trickling-body`: one byte a second, forever
 * - `wrong-content-length`: the header promises more bytes than arrive before the connection ends
 * - `truncated-gzip`: compressed and cut in half; Node's fetch returns it as shorter text without an error
 * - `false-gzip`: declared as compressed, but plain
 * - `black-hole`: the request is accepted and never answered
 * - `unreachable`: a failed look-up, connection or handshake; over a socket the connection breaks as with `reset`
 */
export type Misbehavior =
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "unreachable"; readonly code: string }
  | {
      readonly kind:
        | "reset"
        | "reset-in-body"
        | "stalled-body"
        | "endless-body"
        | "trickling-body"
        | "wrong-content-length"
        | "truncated-gzip"
        | "false-gzip"
        | "black-hole";
    };

export interface SimulatedAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly misbehavior?: Misbehavior;
}

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): SimulatedAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** An answer with a body of any other type. */
export function textAnswer(
  status: number,
  contentType: string,
  body: string,
  headers: Record<string, string> = {},
): SimulatedAnswer {
  return { status, headers: { "content-type": contentType, ...headers }, body };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Record<string, string> = {}): SimulatedAnswer {
  return { status, headers, body: "" };
}

/** A small HTML page. `content` is inserted as is: escape external text with {@link escapeHtml}. */
export function htmlAnswer(status: number, title: string, content: string): SimulatedAnswer {
  const page = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body>
<h1>${escapeHtml(title)}</h1>
${content}
</body>
</html>
`;
  return textAnswer(status, "text/html; charset=utf-8", page);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The received part of a body. `error` is the reason for a failed read. An oversized body is not whole but has no
 * error.
 */
export interface BodyText {
  readonly text: string;
  readonly isWhole: boolean;
  readonly error?: Error;
}

/**
 * Reads at most `limitBytes` of a body as UTF-8, without a byte order mark, until `signal` aborts. Never rejects.
 * Closes the connection of a body that is not read to its end.
 *
 * The signal given to `fetch` is not enough: undici 6, the fetch of VS Code 1.104, can lose it to garbage collection
 * while the body is in transit. Reading a stalled body would then never end.
 */
export async function readBodyText(response: Response, limitBytes: number, signal: AbortSignal): Promise<BodyText> {
  if (!response.body) return { text: "", isWhole: true };
  const decoder = new TextDecoder();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  let text = "";
  let size = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return { text: text + decoder.decode(), isWhole: true };
      size += value.byteLength;
      text += decoder.decode(value, { stream: true });
      if (size <= limitBytes) continue;
      await reader.cancel();
      return { text, isWhole: false };
    }
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return { text: text + decoder.decode(), isWhole: false, error: cause };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** True if a body is a web page rather than JSON. */
export function isPage(body: string, contentType: string | null = null): boolean {
  if (/^[\s\ufeff]*<(?:!--|(?:!doctype\s+html|html|head|body|title|meta|script)\b)/i.test(body)) return true;
  return /^\s*(?:text\/html|application\/xhtml)/i.test(contentType ?? "") && body.trim() !== "" && !isJson(body);
}

export function isJson(body: string): boolean {
  try {
    JSON.parse(body.replace(/^\ufeff/, ""));
    return true;
  } catch {
    return false;
  }
}

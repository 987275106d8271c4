import assert from "node:assert/strict";
import { readBodyText } from "../../../src/base/bodyText";

const never = new AbortController().signal;

/** A body of these chunks; `end` defines how it ends. */
function body(pieces: readonly (string | Uint8Array)[], end: "close" | "break" | "silence" = "close") {
  const seen = { isCanceled: false };
  const chunks = pieces.map((piece) => (typeof piece === "string" ? new TextEncoder().encode(piece) : piece));
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else if (end === "close") controller.close();
      else if (end === "break") controller.error(new TypeError("terminated"));
      else await new Promise<void>(() => undefined);
    },
    cancel() {
      seen.isCanceled = true;
    },
  });
  return { response: new Response(stream), seen };
}

describe("the text of a body", () => {
  it("is complete, without a byte order mark, and with characters split across chunks", async () => {
    const ring = new TextEncoder().encode("å");
    const { response } = body(["\uFEFF{", ring.slice(0, 1), ring.slice(1), "}"]);
    assert.deepEqual(await readBodyText(response, 100, never), { text: "{å}", isWhole: true });
  });

  it("is empty for an empty body", async () => {
    assert.deepEqual(await readBodyText(new Response(null), 100, never), { text: "", isWhole: true });
  });

  it("ends at the limit and closes the connection", async () => {
    const { response, seen } = body(["12345", "67890", "never read"], "silence");
    assert.deepEqual(await readBodyText(response, 8, never), { text: "1234567890", isWhole: false });
    assert.ok(seen.isCanceled);
  });

  it("is kept up to an interruption, with its cause", async () => {
    const { text, isWhole, error } = await readBodyText(body(["half"], "break").response, 100, never);
    assert.deepEqual({ text, isWhole }, { text: "half", isWhole: false });
    assert.match(String(error), /terminated/);
  });

  it("ends with the signal even if the body itself ignores it", async () => {
    const abort = new AbortController();
    const { response, seen } = body(["half"], "silence");
    const read = readBodyText(response, 100, abort.signal);
    setImmediate(() => abort.abort());
    const { text, isWhole, error } = await read;
    assert.deepEqual({ text, isWhole, ...seen }, { text: "half", isWhole: false, isCanceled: true });
    assert.equal(error, abort.signal.reason);
  });

  it("is not read after the signal has aborted", async () => {
    const { response } = body(["whole"]);
    const { text, isWhole } = await readBodyText(response, 100, AbortSignal.abort());
    assert.deepEqual({ text, isWhole }, { text: "", isWhole: false });
  });
});

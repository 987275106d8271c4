import assert from "node:assert/strict";
import fc from "fast-check";
import { errorText, excerpt, redactingLogger } from "../../../src/base/log";
import { Redactor } from "../../../src/base/redactor";
import { RecordingLog } from "../../support/builders/builders";
import { apiKey, jwt, opaque, vin } from "../../support/builders/secretTexts";

describe("the log", () => {
  it("passes every level through the redactor, one line per message", () => {
    const sink = new RecordingLog();
    const log = redactingLogger(sink, new Redactor());
    const message = `Bearer ${opaque}\r\n2026-01-01 [error]\u2028 forged\u0000 line\ttab`;
    log.trace(message);
    log.debug(message);
    log.info(message);
    log.warn(message);
    log.error(message);
    const text = "Bearer ••• 2026-01-01 [error]  forged  line tab";
    assert.deepEqual(
      sink.lines,
      ["trace", "debug", "info", "warn", "error"].map((level) => `${level} ${text}`),
    );
  });

  it("hides secrets that are learned after it was created", () => {
    const sink = new RecordingLog();
    const redactor = new Redactor();
    const log = redactingLogger(sink, redactor);
    redactor.learn("a-new-secret");
    log.info("It is a-new-secret");
    assert.deepEqual(sink.lines, ["info It is •••"]);
  });
});

describe("an excerpt of external text", () => {
  it("is the text itself if short, and otherwise ends between two words with an ellipsis", () => {
    assert.equal(excerpt("Resource not found", 18), "Resource not found");
    assert.equal(excerpt("Resource not found", 17), "Resource not …");
    assert.equal(excerpt("Resource not found", 12), "Resource not…");
    assert.equal(excerpt("Unbroken", 4), "…");
  });

  it("contains no part of a secret that crosses its end", () => {
    const secrets = [jwt, apiKey, opaque, vin, "jane.doe+car@example.com", "rt+odd/chars=and:percent%~"];
    const frames = [
      "Bearer @",
      '{"message":"@"}',
      "vcc-api-key: @\n",
      "token=@&x",
      "<p>@</p>",
      "GET /vehicles/@/state",
      "(@)",
    ];
    for (const secret of secrets) {
      const redactor = new Redactor();
      redactor.learn(secret);
      for (const frame of frames) {
        for (const written of [secret, encodeURIComponent(secret)]) {
          const text = `It says ${frame.replace("@", written)} and goes on.`;
          // Most lengths end in the middle of a word, and so with the same excerpt as the one before.
          const excerpts = new Set(Array.from({ length: text.length + 1 }, (_, length) => excerpt(text, length)));
          for (const part of excerpts) {
            const logged = redactor.redact(part);
            for (let from = 0; from + 6 <= written.length; from++) {
              const hidden = written.slice(from, from + 6);
              assert.ok(!logged.includes(hidden), `${logged} holds ${hidden}`);
            }
          }
        }
      }
    }
  });

  it("is found quickly in a text that is one long word", () => {
    const started = performance.now();
    assert.equal(excerpt("x".repeat(1_000_000), 999_999), "…");
    assert.ok(performance.now() - started < 1_000);
  });
});

describe("the text of an error", () => {
  it("is its message, its code and those of its causes", () => {
    const cause = Object.assign(new Error("getaddrinfo ENOTFOUND x"), { code: "ENOTFOUND" });
    assert.equal(
      errorText(new TypeError("fetch failed", { cause })),
      "fetch failed: getaddrinfo ENOTFOUND x (ENOTFOUND)",
    );
    assert.equal(errorText(new Error("one", { cause: "two" })), "one: two");
  });

  it("is finite, even for an error that is its own cause", () => {
    const error = new Error("round");
    error.cause = error;
    assert.equal(errorText(error), Array(9).fill("round").join(": "));
  });

  it("exists for every value that can be thrown", () => {
    const unprintable = {
      toString: () => {
        throw new Error("no");
      },
    };
    for (const thrown of [undefined, null, 5, "text", Symbol("s"), {}, [], Object.create(null), unprintable]) {
      assert.equal(typeof errorText(thrown), "string");
    }
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (thrown) => typeof errorText(thrown) === "string"));
  });
});

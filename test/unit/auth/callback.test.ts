import assert from "node:assert/strict";
import fc from "fast-check";
import { readPastedAnswer } from "../../../src/auth/callback";
import { anyText } from "../../support/builders/arbitrary";

const redirects = fc.constantFrom(
  "http://localhost:17455/callback",
  "https://example.com/volvo/done",
  "https://example.com/?page=7",
  "https://example.com/redirect_uri",
  "https://example.com/?redirect%20uri=1",
  "vscode://chargeglance.volvo-charging-status/callback",
);
const tokens = fc.stringMatching(/^[\w-]{8,60}$/);

function withQuery(redirect: string, query: URLSearchParams): string {
  return `${redirect}${redirect.includes("?") ? "&" : "?"}${query.toString()}`;
}

function parametersOf(text: string): Record<string, string> {
  const pasted = readPastedAnswer(text);
  assert.ok(pasted.kind === "parameters", text);
  return Object.fromEntries(pasted.parameters);
}

describe("a pasted Volvo ID response", () => {
  it("is found in a whole address, a query or a fragment, inside any surrounding text", () => {
    const dresses = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => `  ${text}\n`,
      (text) => `"${text}"`,
      (text) => `<${text}>`,
      (text) => `'<${text}>' `,
      (text) => text.replaceAll("&", "&amp;"),
      (text) => `${text.slice(0, 20)}\n${text.slice(20)}`,
      (text) => `${text}#_=_`,
    );
    fc.assert(
      fc.property(redirects, tokens, tokens, dresses, (redirect, code, state, dress) => {
        const query = new URLSearchParams({ code, state });
        const whole = withQuery(redirect, query);
        for (const text of [whole, `?${query.toString()}`, query.toString(), `${redirect}#${query.toString()}`]) {
          const { code: foundCode, state: foundState } = parametersOf(dress(text));
          assert.deepEqual([foundCode, foundState], [code, state]);
        }
      }),
    );
  });

  it("can be an error", () => {
    const found = parametersOf(
      "http://localhost:17455/callback?error_description=User+denied+access&error=access_denied&state=abc",
    );
    assert.deepEqual([found["error"], found["error_description"]], ["access_denied", "User denied access"]);
  });

  it("can be the bare code", () => {
    fc.assert(
      fc.property(tokens, (code) => {
        assert.deepEqual(readPastedAnswer(` ${code}\n`), { kind: "code", code });
        assert.deepEqual(readPastedAnswer(`"${code}"`), { kind: "code", code });
      }),
    );
    assert.deepEqual(readPastedAnswer("4%2F0Abcdef%3D"), { kind: "code", code: "4/0Abcdef=" });
  });

  it("is distinguished from the address of the page before sign-in", () => {
    const page =
      "https://volvoid.eu.volvocars.com/as/authorization.oauth2?client_id=dc-1&response_type=code&redirect_uri=http%3A%2F%2Flocalhost&code_challenge=x&state=y";
    assert.deepEqual(readPastedAnswer(page), { kind: "signInPage" });
  });

  it("is distinguished from Volvo ID's own page about the redirect URI", () => {
    for (const text of [
      "Error: Invalid redirect_uri",
      "redirect_uri_mismatch",
      "<p class=x>The redirect URI is unknown</p>",
    ]) {
      assert.deepEqual(readPastedAnswer(text), { kind: "redirectUriRefused" });
    }
  });

  it("is distinguished from Volvo ID's own page about the client ID", () => {
    for (const text of ["Invalid client_id", "Unknown or invalid client_id.", "Error: unknown client", "client ID"]) {
      assert.deepEqual(readPastedAnswer(text), { kind: "invalidClient" });
    }
  });

  it("is nothing if the text contains none, and never throws", () => {
    for (const text of ["", "   ", "abc", "two words"]) {
      assert.deepEqual(readPastedAnswer(text), { kind: "nothing" }, text);
    }
    fc.assert(
      fc.property(anyText(), (text) => {
        assert.ok(readPastedAnswer(text).kind);
      }),
      { numRuns: 500 },
    );
  });
});

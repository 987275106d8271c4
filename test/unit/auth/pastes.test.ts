import assert from "node:assert/strict";
import { readPastedAnswer } from "../../../src/auth/callback";
import { readTypedSecret } from "../../../src/auth/credentials";

const token = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln";
const unseen = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202a", "\u2066"];

describe("a pasted token", () => {
  it("is taken out of the JSON that it came in", () => {
    for (const text of [
      `{"access_token":"${token}"}`,
      ` { "token_type": "Bearer", "access_token" : "${token}", "expires_in": 299 } `,
      `{"access_token":"${token}","id_to`,
      `"access_token": "${token}",`,
      `'{"access_token":"${token}"}'`,
    ]) {
      assert.deepEqual(readTypedSecret(text), { kind: "usable", value: token }, text);
    }
    assert.deepEqual(readTypedSecret('{"access_token":""}').kind === "usable", true, "nothing to take out");
  });

  it("is read without its invisible characters, wherever they stand", () => {
    for (const mark of unseen) {
      for (const text of [
        `${token}${mark}`,
        `${mark}${token}`,
        `Bearer${mark} ${token}`,
        token.replace(".", `.${mark}`),
      ]) {
        assert.deepEqual(readTypedSecret(text), { kind: "usable", value: token }, JSON.stringify(text));
      }
    }
  });
});

describe("a pasted answer of Volvo ID", () => {
  it("is read without its invisible characters, wherever they stand", () => {
    const address = "http://localhost:17455/callback?code=abc-123456&state=xyz";
    for (const mark of unseen) {
      for (const text of [`${address}${mark}`, `${mark}${address}`, address.replace("&", `${mark}&`)]) {
        const pasted = readPastedAnswer(text);
        assert.ok(pasted.kind === "parameters", JSON.stringify(text));
        assert.deepEqual([...pasted.parameters], [...new URL(address).searchParams]);
      }
      assert.deepEqual(readPastedAnswer(`abc-123456${mark}`), { kind: "code", code: "abc-123456" });
    }
  });
});

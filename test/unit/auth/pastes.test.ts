import assert from "node:assert/strict";
import { readPastedAnswer } from "../../../src/auth/callback";
import { type CredentialKind, type OtherText, readTypedSecret } from "../../../src/auth/pastedText";

const token = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln";
const unseen = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202a", "\u2066"];

describe("a pasted token", () => {
  it("is extracted from JSON", () => {
    for (const text of [
      `{"access_token":"${token}"}`,
      ` { "token_type": "Bearer", "access_token" : "${token}", "expires_in": 299 } `,
      `{"access_token":"${token}","id_to`,
      `"access_token": "${token}",`,
      `'{"access_token":"${token}"}'`,
    ]) {
      assert.deepEqual(readTypedSecret(text, "accessToken"), { kind: "usable", value: token }, text);
    }
    assert.deepEqual(readTypedSecret('{"access_token":""}', "accessToken"), { kind: "other", what: "json" });
  });

  it("is read without its invisible characters, wherever they stand", () => {
    for (const mark of unseen) {
      for (const text of [
        `${token}${mark}`,
        `${mark}${token}`,
        `Bearer${mark} ${token}`,
        token.replace(".", `.${mark}`),
      ]) {
        assert.deepEqual(readTypedSecret(text, "accessToken"), { kind: "usable", value: token }, JSON.stringify(text));
      }
    }
  });
});

describe("a pasted credential", () => {
  const key = "0123456789abcdef0123456789abcdef";
  const command = `curl -X GET 'https://api.volvocars.com/energy/v2/vehicles/YV1TEST0000000001/state' \\
  -H 'accept: application/json' -H 'authorization: Bearer ${token}' -H "vcc-api-key: ${key}"`;
  const form = "grant_type=authorization_code&client_id=my-id&client_secret=my-secret&code=abc";

  const table: readonly (readonly [what: string, text: string, wanted: CredentialKind, read: string])[] = [
    ["a curl command gives its key", command, "apiKey", key],
    ["a curl command gives its token", command, "accessToken", token],
    ["a header line gives its value", `VCC-API-Key : ${key}\n`, "apiKey", key],
    ["a header line gives its token", `Authorization: Bearer ${token}`, "accessToken", token],
    ["a form gives its client id", form, "clientId", "my-id"],
    ["a form gives its client secret", form, "clientSecret", "my-secret"],
    ["JSON gives its client id", '{"clientId": "my-id", "clientSecret": "my-secret"}', "clientId", "my-id"],
    ["JSON gives its key", `{ "vcc-api-key": "${key}" }`, "apiKey", key],
    ["plain text is itself", " 'my-id' ", "clientId", "my-id"],
  ];
  for (const [what, text, wanted, value] of table) {
    it(`is extracted: ${what}`, () => {
      assert.deepEqual(readTypedSecret(text, wanted), { kind: "usable", value });
    });
  }

  const others: readonly (readonly [text: string, wanted: CredentialKind, what: OtherText])[] = [
    [token, "apiKey", "accessToken"],
    ["Bearer abc", "apiKey", "accessToken"],
    [`Authorization: Bearer ${token}`, "apiKey", "accessToken"],
    [`vcc-api-key: ${key}`, "accessToken", "apiKey"],
    ["YV1TEST0000000001", "apiKey", "vin"],
    ["https://developer.volvocars.com/account/", "clientId", "page"],
    ["https://developer.volvocars.com/account/", "apiKey", "page"],
    ["jane.doe@example.com", "apiKey", "email"],
    ["jane.doe@example.com", "clientId", "email"],
    ["www.example.com", "clientId", "page"],
    ["curl https://api.volvocars.com", "accessToken", "command"],
    ['{"message": "hello"}', "apiKey", "json"],
    ["client_secret=my-secret", "clientId", "clientSecret"],
  ];
  for (const [text, wanted, what] of others) {
    it(`is not taken for the ${wanted} where it is: ${what} (${text.slice(0, 20)})`, () => {
      assert.deepEqual(readTypedSecret(text, wanted), { kind: "other", what });
    });
  }

  it("is refused if it was entered before as another credential", () => {
    const known = (value: string) => (value === key ? "apiKey" : undefined);
    assert.deepEqual(readTypedSecret(key, "accessToken", known), { kind: "other", what: "apiKey" });
    assert.deepEqual(readTypedSecret(key, "apiKey", known), { kind: "usable", value: key });
  });
});

describe("a pasted answer of Volvo ID", () => {
  it("is no other recognized text", () => {
    for (const [text, what] of [
      [token, "accessToken"],
      [`Bearer ${token}`, "accessToken"],
      ["vcc-api-key: 0123456789abcdef0123456789abcdef", "apiKey"],
      ["me@example.com", "email"],
      ["https://developer.volvocars.com/", "page"],
      ["http://localhost:17455/callback", "page"],
    ] as const) {
      assert.deepEqual(readPastedAnswer(text), { kind: "other", what }, text);
    }
  });

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

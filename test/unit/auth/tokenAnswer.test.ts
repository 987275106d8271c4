import assert from "node:assert/strict";
import fc from "fast-check";
import { maskedEmail, readTokenAnswer } from "../../../src/auth/tokenAnswer";
import { assertQuick } from "../../support/quick";

const answer = {
  access_token: "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln",
  expires_in: 299,
  refresh_token: "rt-0123456789abcdef",
  token_type: "Bearer",
};

function idToken(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
}

describe("a token response", () => {
  it("contains tokens, a lifetime and scopes", () => {
    const read = readTokenAnswer(JSON.stringify({ ...answer, scope: "openid energy:state:read" }));
    assert.deepEqual(read, {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
      lifetimeMs: 299_000,
      scopes: ["openid", "energy:state:read"],
      label: "",
    });
  });

  it("has its lifetime as a number or a text; any other value means the usual lifetime", () => {
    const lifetime = (expires_in: unknown) => readTokenAnswer(JSON.stringify({ ...answer, expires_in }))?.lifetimeMs;
    assert.deepEqual(["299", 1799, "60"].map(lifetime), [299_000, 1_799_000, 60_000]);
    for (const odd of [0, "0", -5, null, undefined, "soon", {}, [], true]) assert.equal(lifetime(odd), 299_000);
    assert.equal(lifetime(1e12), 24 * 3_600_000);
  });

  it("gives up its complete tokens wherever its text is truncated", () => {
    const text = JSON.stringify({ scope: "openid", ...answer });
    fc.assert(
      fc.property(fc.nat(text.length - 1), (length) => {
        const read = readTokenAnswer(text.slice(0, length));
        const isWhole = length >= text.indexOf(answer.refresh_token) + answer.refresh_token.length + 1;
        assert.equal(read?.refreshToken, isWhole ? answer.refresh_token : undefined);
      }),
    );
  });

  it("without a token is rejected in any form", () => {
    for (const text of [
      "",
      "null",
      "[]",
      '"text"',
      "{}",
      "<!DOCTYPE html>",
      '{"refresh_token":null,"access_token":7}',
    ]) {
      assert.equal(readTokenAnswer(text), undefined, text);
    }
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        readTokenAnswer(text);
      }),
    );
  });

  it("names the account by part of the email address in an unverified id_token", () => {
    const label = (token: unknown) => readTokenAnswer(JSON.stringify({ ...answer, id_token: token }))?.label;
    assert.equal(
      label(idToken({ email: "driver@example.com", exp: 1, iss: "https://somewhere.else" })),
      "d…@example.com",
    );
    assert.equal(label(idToken({ userName: "driver@example.com" })), "d…@example.com");
    for (const odd of [undefined, null, 7, "", "x", "a.b.c", idToken({}), idToken({ email: 7 })])
      assert.equal(label(odd), "");
  });

  it("never shows a full email address", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const masked = maskedEmail(email);
        if (email.indexOf("@") > 1) assert.ok(!masked.includes(email.slice(0, email.indexOf("@"))), masked);
      }),
    );
  });

  it("is read without delay even if an address or the response is endless", () => {
    for (const unit of ["a", "@", "a@", ".", "a.", "a@.", '"access_token":"', '"access_token":', " "]) {
      const text = `a@${unit.repeat(Math.ceil(262_144 / unit.length))}@`;
      assertQuick(() => maskedEmail(text), unit);
      assertQuick(() => readTokenAnswer(text), unit);
      const whole = JSON.stringify({ ...answer, id_token: idToken({ email: text }) });
      assertQuick(() => readTokenAnswer(whole), unit);
      assert.equal(readTokenAnswer(whole)?.label, "");
    }
  });
});

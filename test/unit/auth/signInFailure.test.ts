import assert from "node:assert/strict";
import { failureOf, presentable } from "../../../src/auth/signInFailure";
import { Redactor } from "../../../src/base/redactor";
import { assertQuick } from "../../support/quick";

describe("a Volvo ID message shown to the user", () => {
  it("contains no secret, and no truncated beginning of one", () => {
    const redactor = new Redactor();
    redactor.learn("s1mulat0r+secret");
    for (let before = 270; before < 305; before++) {
      const words = presentable(`${"x ".repeat(before / 2)}s1mulat0r+secret and more`, redactor);
      assert.doesNotMatch(words, /s1/);
      assert.ok(words.length <= 300);
    }
  });

  it("is shortened without delay if it is endless", () => {
    const redactor = new Redactor();
    redactor.learn("s1mulat0r+secret");
    for (const unit of ["a", "eyJaaaa-", "Bearer ", "a@", "x s1mulat0r+secret ", "access_token=", "%25"]) {
      const text = unit.repeat(Math.ceil(262_144 / unit.length));
      assertQuick(() => presentable(text, redactor), unit);
      assertQuick(() => failureOf("server_error", text, ["openid"]), unit);
    }
  });
});

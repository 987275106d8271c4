import assert from "node:assert/strict";
import { presentable } from "../../../src/auth/signInFailure";
import { Redactor } from "../../../src/base/log";

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
});

import assert from "node:assert/strict";
import { carKey, textHash } from "../../../src/charging/carKey";
import { vinNumber } from "../../support/builders/builders";

describe("the key of a car", () => {
  it("is FNV-1a with 64 bits, so it is equal in every window and version", () => {
    for (const [text, hash] of [
      ["", "cbf29ce484222325"],
      ["a", "af63dc4c8601ec8c"],
      ["foobar", "85944171f73967e8"],
    ] as const) {
      assert.equal(textHash(text), hash);
    }
  });

  it("differs between cars and reveals nothing of the VIN", () => {
    const keys = Array.from({ length: 500 }, (_, index) => carKey(vinNumber(index)));
    assert.equal(new Set(keys).size, 500);
    for (const key of keys) assert.match(key, /^[0-9a-f]{16}$/);
  });
});

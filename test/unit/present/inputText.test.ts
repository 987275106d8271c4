import assert from "node:assert/strict";
import { secretCheckText, vinCheckText } from "../../../src/present/inputText";
import { vinOf } from "./viewStates";

describe("The text below a VIN while the user types it", () => {
  const table: readonly (readonly [typed: string, text: string | undefined])[] = [
    ["", "A VIN has 17 characters; these are 0."],
    ["YV1TEST", "A VIN has 17 characters; these are 7."],
    [" yv1test0000001234 ", undefined],
    ["YV1TEST000000123O", "A VIN has no I, O or Q (perhaps 1 or 0 is meant): O"],
    ["YV1TEST 00000123-", "A VIN has letters and digits only, not: blank, -"],
    ["YV1TEST0000005678", "This car is on the list already."],
  ];

  for (const [typed, text] of table) {
    it(`for “${typed}” is: ${text ?? "nothing"}`, () => {
      assert.equal(vinCheckText(typed, [{ vin: vinOf(5678) }]), text);
    });
  }
});

describe("The text below a key or token while the user types it", () => {
  const table: readonly (readonly [typed: string, text: RegExp | undefined])[] = [
    ["abc123", undefined],
    ["  Bearer abc123 ", undefined],
    ['""', /Nothing is left/],
    ["Bearer", /Nothing is left/],
    ["abc\n123", /line break/],
    ["abc 123", /blank/],
    ["abc…", /characters/],
  ];

  for (const [typed, text] of table) {
    it(`for ${JSON.stringify(typed)} is: ${text?.source ?? "nothing"}`, () => {
      const found = secretCheckText(typed);
      if (text) assert.match(found ?? "", text);
      else assert.equal(found, undefined);
      assert.ok(!(found ?? "").includes("abc"), "the text contains the typed secret");
    });
  }
});

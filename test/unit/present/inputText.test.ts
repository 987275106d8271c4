import assert from "node:assert/strict";
import { credentialCheck, typedVin, vinCheck } from "../../../src/present/inputText";
import { vinOf } from "./viewStates";

describe("The text below a VIN while the user types it", () => {
  const misread = "A VIN has no I, O or Q. Press Enter to use 1 for I and 0 for O and Q.";
  const none = "There is no VIN in this text, or more than one.";
  const table: readonly (readonly [typed: string, text: string | undefined])[] = [
    ["YV1TEST", "A VIN has 17 characters; this one has 7."],
    ["YV1 TEST-00000012O", "A VIN has 17 characters; this one has 16."],
    [" yv1test0000001234 ", undefined],
    ["YV1T EST-0000.001234", undefined],
    ["YV1TEST000000123O", misread],
    ["YV1TEST00000012Q4", misread],
    ["YV1TEST000000123Ä", "A VIN has only letters and digits, not: Ä"],
    ["YV1TEST0000005678", "This car is already listed."],
    ["YV1TEST000000567B", undefined],
    ['{"data": [{"vin": "YV1TEST0000001234"}]}', undefined],
    ["https://api.volvocars.com/energy/v2/vehicles/YV1TEST0000001234/state", undefined],
    ['{"data": [{"vin": "YV1TEST0000001234"}, {"vin": "YV1TEST0000001235"}]}', none],
    ["https://developer.volvocars.com/account/", none],
    ["0123456789abcdef0123456789abcdef", "This is the VCC API key."],
    ["Bearer abc", "This is an access token."],
  ];

  for (const [typed, text] of table) {
    it(`for “${typed}” is: ${text ?? "nothing"}`, () => {
      const check = vinCheck(typed, [{ vin: vinOf(5678) }]);
      assert.equal(check?.text, text);
      assert.equal(check === undefined || check.isHint, typed !== "YV1TEST0000005678" && typedVin(typed) !== undefined);
    });
  }

  it("stands for the VIN that Enter adds", () => {
    assert.equal(typedVin("yv1test 0000-001234"), vinOf(1234));
    assert.equal(typedVin("YV1TEST0O00001234"), vinOf(1234));
    assert.equal(typedVin("the car YV1TEST0000001234, blue"), vinOf(1234));
  });
});

describe("The text below a key or token while the user types it", () => {
  const table: readonly (readonly [typed: string, text: RegExp | undefined])[] = [
    ["abc123", undefined],
    ["  Bearer abc123 ", undefined],
    ['""', /Nothing is left/],
    ["Bearer", /Nothing is left/],
    ["abc\n123", /line break/],
    ["abc 123", /a space/],
    ["abc…", /characters/],
    ["vcc-api-key: abc123", /^This is the VCC API key\.$/],
    ["curl https://abc", /^Paste only the value after “Authorization: Bearer”\.$/],
  ];

  for (const [typed, text] of table) {
    it(`for ${JSON.stringify(typed)} is: ${text?.source ?? "nothing"}`, () => {
      const found = credentialCheck(typed, "accessToken")?.text;
      if (text) assert.match(found ?? "", text);
      else assert.equal(found, undefined);
      assert.ok(!(found ?? "").includes("abc"), "the text contains the typed secret");
    });
  }

  it("is a hint where a key has an unusual length, which keeps no one from storing it", () => {
    assert.deepEqual(credentialCheck("abc", "apiKey"), {
      text: "VCC API keys usually have 32 letters and digits; this one has 3.",
      isHint: true,
    });
    assert.equal(credentialCheck("0123456789abcdef0123456789ABCDEF", "apiKey"), undefined);
  });
});

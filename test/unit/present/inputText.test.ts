import assert from "node:assert/strict";
import { credentialCheck, typedVin, vinCheck } from "../../../src/present/inputText";
import { vinOf } from "./viewStates";

describe("The text below a VIN while the user types it", () => {
  const misread = "A VIN has no I, O or Q. Press Enter to use 1 for I and 0 for O and Q.";
  const none = "This text contains no VIN, or more than one.";
  const unusual = "VINs of Volvo cars usually begin with YV1, YV4, LYV, LVY or 7J. Check it, or press Enter to use it.";
  const table: readonly (readonly [typed: string, text: string | undefined])[] = [
    ["YV1TEST", "A VIN has 17 characters; this one has 7."],
    ["YV1 TEST-00000012O", "A VIN has 17 characters; this one has 16."],
    [" yv1test0000001234 ", undefined],
    ["YV1T EST-0000.001234", undefined],
    ["YV1TEST000000123O", misread],
    ["YV1TEST00000012Q4", misread],
    ["YV1TEST000000123Ä", "A VIN has only letters and digits. This one also has: Ä"],
    ["YV1TEST0000005678", "You've already added this car."],
    ["YV1TEST000000567B", undefined],
    ['{"data": [{"vin": "YV1TEST0000001234"}]}', undefined],
    ["https://api.volvocars.com/energy/v2/vehicles/YV1TEST0000001234/state", undefined],
    ['{"data": [{"vin": "YV1TEST0000001234"}, {"vin": "YV1TEST0000001235"}]}', none],
    ["https://developer.volvocars.com/account/", none],
    ["0123456789abcdef0123456789abcdef", "This is the VCC API key. The VIN goes here."],
    ["www.volvocars.com/my-car", none],
    ["curl https://api.volvocars.com", none],
    ["client_id=abc", "This is the client ID. The VIN goes here."],
    ["Bearer abc", "This is an access token. The VIN goes here."],
    ["me@example.com", "This is an email address. The VIN goes here."],
    ["WVWZZZ1KZAW000001", unusual],
    [" wvwzzz1kz-aw000001", unusual],
    ["5YJ3E1EA7JF000001", unusual],
    ...["YV4952NA4F1200001", "LPSEFAVS2NP000001", "LYVUZAKV1PB000001", "LVYPD10A1JP000001", "7JRA22TK0KG000001"].map(
      (vin) => [vin, undefined] as const,
    ),
  ];

  for (const [typed, text] of table) {
    it(`for “${typed}” is: ${text ?? "nothing"}`, () => {
      const check = vinCheck(typed, [{ vin: vinOf(5678) }]);
      assert.equal(check?.text, text);
      assert.equal(check === undefined || check.isHint, typed !== "YV1TEST0000005678" && typedVin(typed) !== undefined);
    });
  }

  it("belongs to the VIN that Enter adds", () => {
    assert.equal(typedVin("yv1test 0000-001234"), vinOf(1234));
    assert.equal(typedVin("YV1TEST0O00001234"), vinOf(1234));
    assert.equal(typedVin("the car YV1TEST0000001234, blue"), vinOf(1234));
  });
});

describe("The text below a key or token while the user types it", () => {
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln";
  const table: readonly (readonly [typed: string, text: RegExp | undefined])[] = [
    [token, undefined],
    [`  Bearer ${token} `, undefined],
    [`{"access_token": "${token}"}`, undefined],
    ["abc123", /^This isn't an access token\. Volvo's tokens are long, start with “eyJ”/],
    ["Bearer abc123", /^This isn't an access token\./],
    ["{}", /^This isn't an access token\./],
    ["[]", /^This isn't an access token\./],
    ["{abcdefghijklmnopqrstuvwxyz}", /^This isn't an access token\./],
    ["abcdefghijklmnopqrstu", /^This isn't an access token\./],
    ['""', /^There is no value in this text/],
    ["Bearer", /^There is no value in this text/],
    ["abc\n123", /line break/],
    ["abc 123", /a space/],
    ["abc…", /characters/],
    ["vcc-api-key: abc123", /^This is the VCC API key\. The access token goes here\.$/],
    ["curl https://abc", /^This is a command\. The access token goes here\.$/],
  ];

  for (const [typed, text] of table) {
    it(`for ${JSON.stringify(typed)} is: ${text?.source ?? "nothing"}`, () => {
      const found = credentialCheck(typed, "accessToken")?.text;
      if (text) assert.match(found ?? "", text);
      else assert.equal(found, undefined);
      assert.ok(!(found ?? "").includes("abc"), "the text contains the typed secret");
    });
  }

  it("is only a hint, which permits storing, if a token differs in form from Volvo's present tokens", () => {
    const cut = [token.slice(0, 30), token.slice(0, -4)];
    for (const unusual of ["abcdefghijklmnopqrstuv", "2YotnFZFEjr1zCsicMWpAA-._~+/==", ...cut]) {
      const check = credentialCheck(unusual, "accessToken");
      assert.match(check?.text ?? "", /^Volvo's access tokens start with “eyJ”.*press Enter to use it\.$/, unusual);
      assert.equal(check?.isHint, true);
    }
  });

  it("names what is certainly no client ID, and takes every other text that a client ID could be", () => {
    for (const [typed, what] of [
      ["https://volvoid.eu.volvocars.com/as/authorization.oauth2?scope=openid", "the address of a page"],
      ["http://localhost:17455/callback", "the address of a page"],
      ["localhost:17455/callback", "the address of a page"],
      ["developer.volvocars.com/account", "the address of a page"],
      ["vscode://chargeglance.volvo-charging-status/callback", "the address of a page"],
      ["jane.doe@example.com", "an email address"],
      [token, "an access token"],
      [`vcc-api-key: 0123456789abcdef`, "the VCC API key"],
      ["YV1TEST0000001234", "a VIN"],
    ] as const) {
      const check = credentialCheck(typed, "clientId");
      assert.deepEqual(check, { text: `This is ${what}. The client ID goes here.`, isHint: false }, typed);
    }
    const uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    for (const typed of [
      "dc-s68ezw2gmvo5nmrmfre3j4c28",
      "a",
      "x".repeat(300),
      uuid,
      "app@volvo",
      "my.app:1/2",
      "a==",
    ]) {
      assert.equal(credentialCheck(typed, "clientId"), undefined, typed);
    }
  });

  it("is a hint where a client ID has the form of an API key, which keeps no one from using it", () => {
    const check = credentialCheck("0123456789abcdef0123456789abcdef", "clientId");
    assert.match(check?.text ?? "", /^This looks like a VCC API key\..*press Enter to use it anyway\.$/i);
    assert.equal(check?.isHint, true);
  });

  it("lets a client secret have any characters, also those of an email address", () => {
    assert.equal(credentialCheck("p4ss@word.xyz", "clientSecret"), undefined);
  });

  it("is only a hint, which permits storing, if a key has an unusual length", () => {
    assert.deepEqual(credentialCheck("abc", "apiKey"), {
      text: "VCC API keys usually have 32 characters, 0–9 and a–f. Check it, or press Enter to use it.",
      isHint: true,
    });
    assert.equal(credentialCheck("0123456789abcdef0123456789ABCDEF", "apiKey"), undefined);
  });
});

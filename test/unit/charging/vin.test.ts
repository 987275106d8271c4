import assert from "node:assert/strict";
import fc from "fast-check";
import { checkVin, compactVin, correctedVin, findVin, hasVolvoMaker, vinTail } from "../../../src/charging/vin";
import { vinOf } from "../../support/builders/builders";

const vin = "YV1CT9551B1570982";

describe("a VIN", () => {
  it("has 17 letters and digits, in upper case, without surrounding whitespace", () => {
    for (const typed of [vin, vin.toLowerCase(), ` ${vin}\n`, `\u00a0${vin}\ufeff`]) {
      assert.deepEqual(checkVin(typed), { kind: "valid", vin });
    }
  });

  it("does not need the check digit that only North American cars have", () => {
    assert.equal(checkVin("YV1ZZZ00000000000").kind, "valid");
    assert.equal(checkVin("1".repeat(17)).kind, "valid");
  });

  it("has no I, O or Q, and only letters and digits", () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["YV1CT9551B157O982", ["O"]],
      ["yv1ct9551b157o982", ["O"]],
      ["IOQIOQIOQIOQIOQIO", ["I", "O", "Q"]],
      ["YV1CT9551 1570982", [" "]],
      ["YV1CT9551-1570982", ["-"]],
      ["YV1CT9551\n1570982", ["\n"]],
      ["YV1CT9551B157098Å", ["Å"]],
      ["YV1CT9551B15709ß", ["SS"]],
      ["YV1CT9551B157098ſ", ["S"]],
      ["YV1CT9551B157098🚗", ["🚗"]],
      ["ＹV1CT9551B1570982", ["Ｙ"]],
    ];
    for (const [typed, characters] of cases) {
      assert.deepEqual(checkVin(typed), { kind: "wrongCharacters", characters }, typed);
    }
  });

  it("is neither shorter nor longer", () => {
    for (const [typed, length] of [
      ["", 0],
      ["  ", 0],
      ["YV1", 3],
      [vin.slice(1), 16],
      [`${vin}2`, 18],
    ] as const) {
      assert.deepEqual(checkVin(typed), { kind: "wrongLength", length });
    }
  });

  it("of a Volvo begins with the maker, which elsewhere in it means nothing", () => {
    assert.equal(hasVolvoMaker(vinOf(vin)), true);
    assert.equal(hasVolvoMaker(vinOf(`WVW${vin.slice(0, 14)}`)), false);
  });

  it("shows its last four characters", () => {
    assert.equal(vinTail(vinOf(vin)), "0982");
  });

  it("is accepted exactly if valid, and checking it again returns the same VIN", () => {
    const letters = fc.constantFrom(...Array.from("ABCDEFGHJKLMNPRSTUVWXYZ0123456789abcdefghjklmnprstuvwxyz"));
    fc.assert(
      fc.property(fc.array(letters, { minLength: 17, maxLength: 17 }), (characters) => {
        const check = checkVin(characters.join(""));
        assert.ok(check.kind === "valid" && /^[A-HJ-NPR-Z0-9]{17}$/.test(check.vin));
        assert.deepEqual(checkVin(check.vin), check);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const check = checkVin(typed);
        if (check.kind === "valid") assert.match(check.vin, /^[A-HJ-NPR-Z0-9]{17}$/);
      }),
    );
  });
});

describe("a VIN in a typed or pasted text", () => {
  it("is found with blanks, dashes, dots and invisible characters in it", () => {
    for (const text of [
      "YV1 CT9551 B1 570982",
      "YV1-CT9551-B1-570982",
      "YV1.CT9551.B1570982",
      "YV1\u200bCT9551B1570982\u2013",
    ])
      assert.equal(findVin(text), vin, text);
    assert.equal(compactVin(" a-b.c\u00ad\u2014d "), "abcd");
  });

  it("is found in JSON, in an address and in a sentence, in upper case", () => {
    for (const text of [
      `{"vin":"${vin}"}`,
      `https://example.com/vehicles/${vin}/state`,
      `My car is ${vin}.`,
      `my car is ${vin.toLowerCase()}!`,
      `${vin} and once more ${vin.toLowerCase()}`,
    ])
      assert.equal(findVin(text), vin, text);
  });

  it("is not found if there are two, or in a longer word, or in a word of 17 letters", () => {
    for (const text of [
      `${vin} or YV1CT9551B1570983`,
      `a token: x${vin}`,
      `a token: ${vin}x`,
      "an ABCDEFGHJKLMNPRST",
      "an ABCDEFGHJKLMNPRS1",
      "an ABCDEFGHJKLMNP1234x or 1234ABCDEFGHJKLMN",
      "nothing",
      "",
    ])
      assert.equal(findVin(text), undefined, text);
  });

  it("is corrected if I, O or Q were typed for 1 or 0", () => {
    assert.equal(correctedVin("YVICT955IBI57O982"), vin);
    assert.equal(correctedVin("yvict955ibi57q982"), vin);
    assert.equal(correctedVin(vin), undefined, "there is nothing to correct");
    assert.equal(correctedVin("YVICT"), undefined);
    assert.equal(correctedVin("YV1CT9551B157O98-Å"), undefined);
  });
});

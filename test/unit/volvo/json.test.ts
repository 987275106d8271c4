import assert from "node:assert/strict";
import fc from "fast-check";
import { asNumber, asObject, asText, asTime, member } from "../../../src/volvo/json";

describe("a time in a response", () => {
  const noon = Date.UTC(2024, 8, 2, 12);

  it("has zero to nine fractional digits", () => {
    for (const [text, extraMs] of [
      ["2024-09-02T12:00:00Z", 0],
      ["2024-09-02T12:00:00.5Z", 500],
      ["2024-09-02T12:00:00.25Z", 250],
      ["2024-09-02T12:00:00.123Z", 123],
      ["2024-09-02T12:00:00.123456Z", 123],
      ["2024-09-02T12:00:00.0000000+00:00", 0],
      ["2024-09-02T12:00:00.1239999Z", 123],
      ["2024-09-02T12:00:00.123456789Z", 123],
    ] as const) {
      assert.equal(asTime(text), noon + extraMs, text);
    }
  });

  it("is in UTC, or in the zone that it names", () => {
    for (const text of [
      "2024-09-02T12:00:00z",
      "2024-09-02T12:00:00",
      "2024-09-02T12:00",
      "2024-09-02T14:00:00+02:00",
      "2024-09-02T14:00:00+0200",
      "2024-09-02T03:30:00.0000000-08:30",
      " 2024-09-02T12:00:00Z ",
    ]) {
      assert.equal(asTime(text), noon, text);
    }
  });

  it("is unknown in any other form", () => {
    const others = [
      "",
      " ",
      "null",
      "yesterday",
      "2024-09-02",
      "12:00:00Z",
      "2024-13-02T12:00:00Z",
      "2024-09-41T12:00:00Z",
      "2024-09-02T25:00:00Z",
      "2024-09-02T12:61:00Z",
      "2024-09-02T12:00:00+99:99",
      "2024-09-02 12:00:00",
      "02/09/2024",
      "1725278400000",
      "+2024-09-02T12:00:00Z",
      "2024-09-02T12:00:00.Z",
      "2024-09-02T12:00:00ZZ",
      1_725_278_400_000,
      null,
      undefined,
      {},
      [],
      true,
      NaN,
    ];
    for (const other of others) assert.equal(asTime(other), undefined, JSON.stringify(other));
  });

  it("can be every time that JavaScript can format", () => {
    const dates = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(fc.property(dates, (date) => assert.equal(asTime(date.toISOString()), date.getTime())));
  });
});

describe("a number in a response", () => {
  it("is a number or its digits", () => {
    for (const [value, expected] of [
      [320, 320],
      [320.5, 320.5],
      [-1, -1],
      ["60.0", 60],
      ["0", 0],
      [" 79.5 ", 79.5],
      ["-1", -1],
      ["65535", 65535],
    ] as const) {
      assert.equal(asNumber(value), expected);
    }
  });

  it("is unknown in any other form", () => {
    const others = ["", " ", "NaN", "Infinity", "1e3", "0x10", "12 km", "1,5", ".5", "5.", "--1", NaN, Infinity];
    for (const other of [...others, null, undefined, true, [], [5], {}]) assert.equal(asNumber(other), undefined);
  });

  it("is finite for any input", () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.double(), fc.string()), (value) => {
        const number = asNumber(value);
        assert.ok(number === undefined || Number.isFinite(number));
      }),
    );
  });
});

describe("a member of a response", () => {
  it("is absent if null, like a missing one", () => {
    assert.equal(member({ a: null }, "a"), undefined);
    assert.equal(member({}, "a"), undefined);
    assert.equal(member({ a: 0 }, "a"), 0);
    assert.equal(member({ a: "" }, "a"), "");
  });

  it("is absent in a value without members", () => {
    for (const other of [null, undefined, "text", 5, [1], true]) assert.equal(member(other, "length"), undefined);
  });

  it("must be the response's own, not one inherited by every object", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      assert.equal(member({}, name), undefined);
    }
    assert.equal(member(JSON.parse('{"__proto__": 5}'), "__proto__"), 5);
  });

  it("is text only if it is not empty", () => {
    assert.equal(asText(" AC "), "AC");
    for (const other of ["", "  ", 5, null, undefined, {}, ["AC"]]) assert.equal(asText(other), undefined);
  });

  it("is an object only if it has named members", () => {
    assert.deepEqual(asObject({ a: 1 }), { a: 1 });
    for (const other of [null, undefined, [], "x", 1]) assert.equal(asObject(other), undefined);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { carNames, vinText } from "../../../src/present/carNames";
import { carOf, settingsWith } from "./viewStates";

const someName = fc.oneof(
  fc.constantFrom("Volvo", "EX30 2024", "", "Volvo …1234", "Volvo …1234 (2)", "x".repeat(80), "سيارة"),
  fc.string(),
);
const someCars = fc.uniqueArray(
  fc.record({ tail: fc.integer({ min: 0, max: 99_999 }), name: fc.option(someName), model: fc.option(someName) }),
  { selector: ({ tail }) => tail, maxLength: 15 },
);

describe("The names of cars", () => {
  it("are all different, in full and shortened", () => {
    fc.assert(
      fc.property(someCars, fc.boolean(), (given, showFullVins) => {
        const cars = given.map(({ tail, name, model }) =>
          carOf(tail, { ...(name !== null && { name }), ...(model !== null && { model: { model, year: 2024 } }) }),
        );
        const settings = settingsWith({ "privacy.showFullVins": showFullVins });
        for (const longest of [60, 24]) assert.equal(new Set(carNames(cars, settings, longest)).size, cars.length);
      }),
    );
  });

  it("contain a full VIN only if the user asks for it", () => {
    const cars = [carOf(1234), carOf(5678, { name: "EX30" })];
    assert.deepEqual(carNames(cars, settingsWith()), ["Volvo …1234", "EX30"]);
    const full = settingsWith({ "privacy.showFullVins": true });
    assert.deepEqual(carNames(cars, full), ["Volvo YV1TEST0000001234", "EX30"]);
    assert.equal(vinText(cars[0]!, full), "YV1TEST0000001234");
  });
});

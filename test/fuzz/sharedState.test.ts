import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs } from "../../src/base/clock";
import { mergeReading } from "../../src/charging/reading";
import { carKey } from "../../src/charging/carKey";
import { statusBar } from "../../src/present/statusBar";
import { tree } from "../../src/present/tree";
import { emptyAccount } from "../../src/charging/account";
import { readEnergyV1 } from "../../src/volvo/energyV1";
import { readEnergyV2 } from "../../src/volvo/energyV2";
import { readState, resolveState, writeState } from "../../src/windows/stateFile";
import { fixture, fixtureNames } from "../support/fixtures";
import { fuzz } from "../support/fuzzRuns";
import { mutated, mutatedText } from "../support/mutated";
import * as scenes from "../unit/present/scenes";
import { now, viewStateOf, vinOf } from "../unit/present/viewStates";

const views = Object.values({ ...scenes.connections, ...scenes.details, ...scenes.problems, ...scenes.several });
const keys = { id: "a salt", keyOf: carKey };
const states = views.map(
  ({ carStore: { sharing: _, ...shared } }) => JSON.parse(writeState(shared, {}, keys, now)) as unknown,
);
const numbers = /(?<=:)-?\d+(?:\.\d+)?/g;
const vins = [...new Set(views.flatMap(({ carStore }) => carStore.cars.map(({ vin }) => vin)))];
/** Fixtures that are not JSON are left out. */
const answers = fixtureNames.flatMap((name): unknown[] => {
  try {
    return [JSON.parse(fixture(name).body) as unknown];
  } catch {
    return [];
  }
});

/** A state with another number in one place, which can often be read. */
const otherNumber = fc
  .tuple(fc.constantFrom(...states), fc.nat(), fc.constantFrom(0, 1, 50, now - dayMs, now, now + dayMs, 1e300))
  .map(([state, place, number]) => {
    const text = JSON.stringify(state);
    const count = text.match(numbers)?.length ?? 0;
    let index = 0;
    return text.replace(numbers, (found) => (index++ === place % count ? String(number) : found));
  });

describe("a shared state", () => {
  it("with arbitrary content is read or ignored, and can be shown and written again if it is read", () => {
    let read = 0;
    fuzz(fc.oneof(mutatedText(states), otherNumber), (text) => {
      const found = readState(text);
      if (found.kind !== "read") return;
      read++;
      const { state, otherCars } = resolveState(found.file, vins, carKey);
      const view = viewStateOf({ carStore: state, cars: state.cars });
      statusBar(view);
      tree(view);
      assert.equal(readState(writeState(state, otherCars, keys, now)).kind, "read");
    });
    assert.ok(read > 0, "no state was read");
  });

  it("keeps every reading that Volvo's responses can lead to", () => {
    let kept = 0;
    fuzz(mutated(answers), (body) => {
      for (const result of [readEnergyV1(body, now), readEnergyV2(body, now)]) {
        if (!result.ok) continue;
        const reading = mergeReading(undefined, result.value);
        const car = { vin: vinOf(1), failures: 0, reading };
        const state = { cars: [car], account: emptyAccount, checking: [], events: [], jitter: 0 };
        const found = readState(writeState(state, {}, keys, now));
        // JSON has no negative zero and no `undefined`.
        const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
        assert.ok(found.kind === "read", "the written state is not read");
        assert.deepEqual(plain(resolveState(found.file, [car.vin], carKey).state.cars[0]), plain(car));
        kept++;
      }
    });
    assert.ok(kept > 0, "no answer has a reading");
  });
});

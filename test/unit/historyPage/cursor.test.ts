import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import { movedBy, stopAt } from "../../../src/historyPage/cursor";

const stops = Array.from({ length: 25 }, (_, hour) => ({ at: hour * hourMs, label: String(hour) }));
const leapMs = 3 * hourMs;
const from = (index: number | undefined, ...keys: readonly string[]) =>
  keys.reduce((at, key) => movedBy(key, at, stops, leapMs) ?? at, index);

describe("the cursor of the chart", () => {
  it("moves to the next stop, in larger steps, and to both ends, but never further", () => {
    assert.equal(from(5, "ArrowRight"), 6);
    assert.equal(from(5, "ArrowLeft", "ArrowLeft"), 3);
    assert.equal(from(5, "PageDown"), 8);
    assert.equal(from(5, "PageUp"), 2);
    assert.equal(from(5, "Home", "ArrowLeft"), 0);
    assert.equal(from(5, "End", "ArrowRight"), 24);
    assert.equal(from(1, "PageUp"), 0);
  });

  it("moves by at least one stop, even in larger steps", () => {
    const far = [0, 100 * hourMs, 200 * hourMs].map((at) => ({ at, label: "" }));
    assert.equal(movedBy("PageDown", 0, far, leapMs), 1);
    assert.equal(movedBy("PageUp", 1, far, leapMs), 0);
  });

  it("starts at the newest stop", () => {
    assert.equal(from(undefined, "ArrowLeft"), 24);
    assert.equal(from(undefined, "Home"), 0);
  });

  it("ignores other keys, and all keys if there is no stop", () => {
    for (const key of ["Tab", "Enter", "a", "constructor"]) assert.equal(movedBy(key, 5, stops, leapMs), undefined);
    for (const key of ["ArrowLeft", "Home", "End", "PageUp"])
      assert.equal(movedBy(key, undefined, [], leapMs), undefined);
  });

  it("finds the last stop at or before a time", () => {
    assert.equal(stopAt(stops, 3.9 * hourMs), 3);
    assert.equal(stopAt(stops, 4 * hourMs), 4);
    assert.equal(stopAt(stops, -1), 0);
    assert.equal(stopAt(stops, 1e12), 24);
    assert.equal(stopAt([], 0), undefined);
  });
});

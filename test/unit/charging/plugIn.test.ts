import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { isToBePluggedIn } from "../../../src/charging/plugIn";
import { readingOf } from "../../support/builders/builders";

const now = Date.UTC(2026, 10, 23, 20);
const wish = { staleAfterMs: 12 * hourMs, belowLevel: 50 };
const at = now - 5 * minuteMs;
const withLevel = (value: number) => ({ fetchedAt: at, details: { batteryLevel: { value, measuredAt: at } } });

describe("a car is to be plugged in", () => {
  it("if it is known to be unplugged with a battery below the level", () => {
    assert.ok(isToBePluggedIn(readingOf("disconnected", at, withLevel(49)), wish, now));
    assert.ok(!isToBePluggedIn(readingOf("disconnected", at, withLevel(50)), wish, now));
    assert.ok(!isToBePluggedIn(readingOf("disconnected", at, withLevel(51)), wish, now));
  });

  it("if it is unplugged and its level is unknown", () =>
    assert.ok(isToBePluggedIn(readingOf("disconnected", at, { fetchedAt: at }), wish, now)));

  it("but not if it is plugged in, out of date or unknown", () => {
    assert.ok(!isToBePluggedIn(readingOf("connectedAc", at, withLevel(10)), wish, now));
    const old = now - 13 * hourMs;
    assert.ok(!isToBePluggedIn(readingOf("disconnected", old, { ...withLevel(10), fetchedAt: old }), wish, now));
    assert.ok(!isToBePluggedIn(undefined, wish, now));
  });
});

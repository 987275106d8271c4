import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { knownConnections } from "../../../src/charging/connection";
import {
  chargingStatuses,
  isContradictory,
  isStale,
  plausibleTime,
  staleAt,
  withTimesMoved,
} from "../../../src/charging/reading";
import { aReading, readingOf } from "../../support/builders/builders";

const now = Date.UTC(2026, 10, 23, 8);

describe("the time of a measurement", () => {
  it("is taken as given; up to ten minutes ahead of the computer's clock, it counts as now", () => {
    assert.equal(plausibleTime(now, now), now);
    assert.equal(plausibleTime(now - 1, now), now - 1);
    assert.equal(plausibleTime(now + 1, now), now);
    assert.equal(plausibleTime(now + 10 * minuteMs, now), now);
    assert.equal(plausibleTime(now + 10 * minuteMs + 1, now), undefined);
  });

  it("is unknown before 2015 and more than ten minutes ahead", () => {
    for (const time of [undefined, NaN, Infinity, -Infinity, 0, Date.UTC(2014, 11, 31, 23, 59, 59)]) {
      assert.equal(plausibleTime(time, now), undefined, String(time));
    }
    assert.equal(plausibleTime(Date.UTC(2015, 0, 1), now), Date.UTC(2015, 0, 1));
  });

  it("is never in the future nor before 2015", () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer({ min: now - dayMs, max: now + dayMs })), (time) => {
        const believed = plausibleTime(time, now);
        assert.ok(believed === undefined || (believed <= now && believed >= Date.UTC(2015, 0, 1)));
      }),
    );
  });
});

describe("a reading", () => {
  it("is stale once its connection was measured longer ago than the limit", () => {
    const measured = (ago: number) => readingOf("disconnected", now - ago, { fetchedAt: now });
    assert.equal(isStale(measured(12 * hourMs), now, 12 * hourMs), false);
    assert.equal(isStale(measured(12 * hourMs + 1), now, 12 * hourMs), true);
    assert.equal(isStale(measured(0), now, 0), false);
  });

  it("without a time is as old as its fetch", () => {
    const fetched = (ago: number) => aReading({ fetchedAt: now - ago });
    assert.equal(isStale(fetched(12 * hourMs), now, 12 * hourMs), false);
    assert.equal(isStale(fetched(12 * hourMs + 1), now, 12 * hourMs), true);
  });

  it("is not stale after the computer's clock was set back", () => {
    assert.equal(isStale(readingOf("fault", now), now - dayMs, hourMs), false);
  });

  it("becomes stale at the predicted moment", () => {
    for (const reading of [readingOf("fault", now - 5), aReading({ fetchedAt: now })]) {
      const at = staleAt(reading, hourMs);
      assert.deepEqual([isStale(reading, at - 1, hourMs), isStale(reading, at, hourMs)], [false, true]);
    }
  });

  it("contradicts itself only if the car charges without a cable, regardless of the times", () => {
    for (const kind of knownConnections) {
      for (const status of [...chargingStatuses, { raw: "CHARGING" }]) {
        const chargingStatus = { value: status, measuredAt: now - hourMs };
        const is = isContradictory(readingOf(kind, now, { details: { chargingStatus } }));
        assert.equal(is, kind === "disconnected" && status === "charging");
      }
    }
  });
});

describe("a reading of another clock", () => {
  const at = (time: number) => ({ value: 50, measuredAt: time });
  const reading = readingOf("connected", now, {
    fetchedAt: now + 1,
    chargerType: { value: "ac", measuredAt: now - 2 },
    details: { batteryLevel: at(now - 3), targetLevel: { value: 90, measuredAt: undefined } },
  });

  it("has all its times moved, and invents none", () => {
    assert.deepEqual(withTimesMoved(reading, hourMs), {
      ...reading,
      connection: { value: { kind: "connected" }, measuredAt: now + hourMs },
      chargerType: { value: "ac", measuredAt: now - 2 + hourMs },
      details: { batteryLevel: at(now - 3 + hourMs), targetLevel: { value: 90, measuredAt: undefined } },
      fetchedAt: now + 1 + hourMs,
    });
    assert.equal("chargerType" in withTimesMoved(aReading(), hourMs), false);
  });

  it("does not change if the clocks agree", () => assert.equal(withTimesMoved(reading, 0), reading));
});

import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { type CarEvent, type CarEventKind, eventLifeMs } from "../../../src/charging/changes";
import { isFresh, isSuperseded, type Notice, reminderLifeMs } from "../../../src/charging/notice";
import { carEvent, vinNumber } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);

/** Whether a notice of `kind` is outdated by the notice `later`, for the same car by default. */
function isUndoneBy(kind: CarEventKind, later: CarEventKind, car = 1): boolean {
  const notice = carEvent(kind, vinNumber(1), start, start);
  const at = start + minuteMs;
  return isSuperseded(notice, [notice, carEvent(later, vinNumber(car), at, at)]);
}

describe("notices", () => {
  it("about charging are outdated once the car is unplugged or its charging state changes again", () => {
    for (const kind of ["chargingStarted", "chargingInterrupted", "chargingDone", "pluggedButIdle"] as const) {
      assert.ok(isUndoneBy(kind, "disconnected"), kind);
      assert.ok(!isUndoneBy(kind, "disconnected", 2), "another car");
    }
    assert.ok(isUndoneBy("chargingStarted", "chargingInterrupted"));
    assert.ok(isUndoneBy("chargingStarted", "chargingDone"));
    assert.ok(isUndoneBy("chargingInterrupted", "chargingStarted"));
    assert.ok(isUndoneBy("chargingInterrupted", "chargingDone"));
    assert.ok(isUndoneBy("pluggedButIdle", "chargingStarted"));
    assert.ok(!isUndoneBy("chargingDone", "chargingInterrupted"));
  });

  it("about a battery level are outdated once another level is crossed or the plug changes", () => {
    for (const later of ["batteryLevel", "connected", "disconnected"] as const) {
      assert.ok(isUndoneBy("batteryLevel", later), later);
    }
    assert.ok(!isUndoneBy("batteryLevel", "chargingDone"));
  });

  it("about a fault and reminders are never outdated", () => {
    assert.ok(!isUndoneBy("fault", "disconnected"));
    const reminder: Notice = { id: "2", kind: "reminder", at: start };
    const later = carEvent("connected", vinNumber(1), start + 1, start + 1);
    assert.ok(!isSuperseded(reminder, [reminder, later]));
  });

  it("about the plug are outdated by the opposite", () => {
    assert.ok(isUndoneBy("connected", "disconnected"));
    assert.ok(isUndoneBy("disconnected", "connected"));
    assert.ok(!isUndoneBy("connected", "fault"));
  });

  it("about several battery levels that were crossed at once are outdated by the last of them", () => {
    const crossed = (level: number, direction: "up" | "down"): CarEvent => ({
      ...{ id: `${level}`, vin: vinNumber(1), since: start, at: start },
      ...{ kind: "batteryLevel", level, direction },
    });
    for (const [direction, first, last] of [
      ["up", 50, 80],
      ["down", 80, 50],
    ] as const) {
      const all = [crossed(first, direction), crossed(last, direction)];
      assert.deepEqual(
        all.map((notice) => isSuperseded(notice, all)),
        [true, false],
        direction,
      );
    }
  });

  it("are outdated by later ones only", () => {
    const earlier = carEvent("connected", vinNumber(1), start, start);
    const later = carEvent("disconnected", vinNumber(1), start + 1, start + 1);
    assert.ok(!isSuperseded(later, [earlier, later]));
    const level = carEvent("batteryLevel", vinNumber(1), start, start);
    assert.ok(!isSuperseded(level, [level, carEvent("connected", vinNumber(1), start, start)]));
    const crossed = (level: number, at: number): Notice => ({
      ...carEvent("batteryLevel", vinNumber(1), at, at),
      ...{ kind: "batteryLevel", level, direction: "up" },
    });
    const [before, after] = [crossed(80, start), crossed(50, start + 1)];
    assert.ok(!isSuperseded(after, [before, after]), "a higher level of an earlier reading says nothing");
  });
});

describe("a notice is worth showing", () => {
  it("for an hour, a reminder for three hours, in both directions of the clock", () => {
    const event = carEvent("fault", vinNumber(1), start, start);
    const reminder: Notice = { id: "2", kind: "reminder", at: start };
    assert.deepEqual([eventLifeMs, reminderLifeMs], [hourMs, 3 * hourMs]);
    for (const [notice, lifeMs] of [
      [event, hourMs],
      [reminder, 3 * hourMs],
    ] as const) {
      assert.ok(isFresh(notice, start + lifeMs - 1));
      assert.ok(!isFresh(notice, start + lifeMs));
      assert.ok(isFresh(notice, start - lifeMs + 1));
      assert.ok(!isFresh(notice, start - lifeMs));
    }
  });
});

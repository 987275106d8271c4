import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import type { CarEventKind } from "../../../src/charging/changes";
import { isSuperseded, type Notice } from "../../../src/charging/notice";
import { carEvent, vinNumber } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);

/** Whether notice of `kind` is outdated once `later` has come, for the same car by default. */
function isUndoneBy(kind: CarEventKind, later: CarEventKind, car = 1): boolean {
  const notice = carEvent(kind, vinNumber(1), start, start);
  const at = start + minuteMs;
  return isSuperseded(notice, [notice, carEvent(later, vinNumber(car), at, at)]);
}

describe("late news", () => {
  it("about charging are outdated once the car was unplugged or its charging state has changed again", () => {
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

  it("about a battery level are outdated once another level is crossed or the plug has changed", () => {
    for (const later of ["batteryLevel", "connected", "disconnected"] as const) {
      assert.ok(isUndoneBy("batteryLevel", later), later);
    }
    assert.ok(!isUndoneBy("batteryLevel", "chargingDone"));
  });

  it("about a fault stay valid, as does a reminder", () => {
    assert.ok(!isUndoneBy("fault", "disconnected"));
    const reminder: Notice = { id: "2", kind: "reminder", at: start };
    const later = carEvent("connected", vinNumber(1), start + 1, start + 1);
    assert.ok(!isSuperseded(reminder, [reminder, later]));
  });
});

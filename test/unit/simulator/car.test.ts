import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { SimulatedCar } from "../../../src/simulator/car";
import { notSupported } from "../../../src/simulator/energyState";
import { FakeClock } from "../../support/fakeClock";

describe("a simulated car", () => {
  let clock: FakeClock;
  let car: SimulatedCar;

  beforeEach(() => {
    clock = new FakeClock();
    car = new SimulatedCar({ vin: "YV1S1MEX30A000001", model: "EX30", modelYear: 2025, batteryKwh: 66 }, clock);
  });

  function value(member: keyof SimulatedCar["energy"]): string | number {
    const state = car.energy[member];
    return state.status === "OK" ? state.value : state.code;
  }

  it("does not change unless it is live", async () => {
    car.set({ state: "dc", batteryLevel: 40 });
    const reported = car.reportedAtMs;
    await clock.advance(hourMs);
    assert.deepEqual([value("batteryChargeLevel"), car.reportedAtMs], [40, reported]);
  });

  it("gains charge if live, reports every minute, and is done at its target", async () => {
    car.set({ state: "dc", batteryLevel: 40, targetLevel: 60, live: true });
    const began = clock.now();
    await clock.advance(5.5 * minuteMs);
    assert.deepEqual([value("batteryChargeLevel"), car.reportedAtMs - began], [50, 5 * minuteMs]);
    assert.deepEqual([value("chargingStatus"), value("chargingPower")], ["CHARGING", 82_000]);
    assert.equal(value("estimatedChargingTimeToTargetBatteryChargeLevel"), 5);
    await clock.advance(hourMs);
    assert.deepEqual([value("batteryChargeLevel"), car.reportedAtMs - began], [60, 10 * minuteMs]);
    assert.deepEqual([value("chargingStatus"), value("chargingPower")], ["DONE", "PROPERTY_NOT_FOUND"]);
    assert.equal(value("chargerConnectionStatus"), "CONNECTED");
  });

  it("keeps its gained charge when its plug changes", async () => {
    car.set({ state: "dc", batteryLevel: 40, live: true });
    await clock.advance(5 * minuteMs);
    car.set("disconnected");
    assert.equal(value("batteryChargeLevel"), 50);
    assert.equal(car.reportedAtMs, clock.now());
  });

  it("follows its scenario to the minute, even if it is read late", async () => {
    const began = clock.now();
    car.play([
      { afterMs: minuteMs, state: "ac", batteryLevel: 50 },
      { afterMs: 3 * minuteMs, state: "fault" },
    ]);
    assert.equal(car.plugState, "disconnected");
    await clock.advance(2 * minuteMs);
    assert.deepEqual([car.plugState, car.reportedAtMs - began], ["ac", minuteMs]);
    await clock.advance(hourMs);
    assert.deepEqual([car.plugState, car.reportedAtMs - began], ["fault", 3 * minuteMs]);
  });

  it("repeats its scenario", async () => {
    const steps = [
      { afterMs: 0, state: "ac" },
      { afterMs: minuteMs, state: "disconnected" },
    ] as const;
    car.play(steps, 2 * minuteMs);
    const seen: string[] = [];
    for (let half = 0; half < 8; half += 1) {
      seen.push(car.plugState);
      await clock.advance(minuteMs / 2);
    }
    assert.deepEqual(seen.map((state) => state.slice(0, 2)).join(" "), "ac ac di di ac ac di di");
  });

  it("ends its scenario when it is set", async () => {
    car.play([{ afterMs: minuteMs, state: "fault" }]);
    car.set("ac");
    await clock.advance(hourMs);
    assert.equal(car.plugState, "ac");
  });

  it("shows a member that was set until the plug is set", () => {
    car.setMember("chargingType", notSupported);
    assert.equal(value("chargingType"), "NOT_SUPPORTED");
    car.set("ac");
    assert.equal(value("chargingType"), "AC");
  });
});

import assert from "node:assert/strict";
import { type Automation, isAwaited } from "../../../src/charging/automation";
import type { Notice } from "../../../src/charging/notice";
import { carEvent, vinNumber } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);
const automation: Automation = { key: "1", on: "batteryLevel", level: 80, command: "a.b", args: [] };
const level = carEvent("batteryLevel", vinNumber(1), start, start);

describe("an automation", () => {
  it("waits for one kind of event of any car", () => {
    assert.ok(isAwaited(carEvent("fault", vinNumber(1), start, start), { ...automation, on: "fault" }));
    assert.ok(isAwaited(carEvent("fault", vinNumber(2), start, start), { ...automation, on: "fault" }));
    assert.ok(!isAwaited(carEvent("connected", vinNumber(1), start, start), { ...automation, on: "fault" }));
    assert.ok(!isAwaited(level, { ...automation, on: "fault" }));
  });

  it("waits for the reminder of the day", () => {
    const reminder: Notice = { id: "2", kind: "reminder", at: start };
    assert.ok(isAwaited(reminder, { ...automation, on: "reminder" }));
    assert.ok(!isAwaited(reminder, automation));
  });

  it("waits for its own battery level, in both directions unless it names one", () => {
    assert.ok(isAwaited(level, automation));
    assert.ok(isAwaited(level, { ...automation, direction: "up" }));
    assert.ok(!isAwaited(level, { ...automation, direction: "down" }));
    assert.ok(!isAwaited(level, { ...automation, level: 79 }));
    assert.ok(!isAwaited(level, { ...automation, level: 79, direction: "up" }));
  });
});

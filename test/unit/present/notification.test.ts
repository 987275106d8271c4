import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { settingDefaults, type SettingKey } from "../../../src/contributions";
import { carsToCheckFirst, notification } from "../../../src/present/notification";
import type { ViewState } from "../../../src/present/viewState";
import { isNotificationOn } from "../../../src/settings/settings";
import { type CarEvent, type CarEventKind, carEventKinds } from "../../../src/charging/changes";
import type { Notice } from "../../../src/charging/notice";
import { carEvent } from "../../support/builders/builders";
import { assertGolden } from "./golden";
import { carOf, chargingDetails, measured, now, viewStateOf, readingOf, settingsWith, vinOf } from "./viewStates";

function event(kind: CarEventKind, tail = 1234, since = now - 20 * minuteMs): CarEvent {
  return carEvent(kind, vinOf(tail), since, now);
}

const reminder: Notice = { id: "2", kind: "reminder", at: now };

function unplugged(level?: number, age = 0) {
  return readingOf("disconnected", {
    connection: measured({ kind: "disconnected" }, hourMs),
    details: level === undefined ? {} : { batteryLevel: measured(level, hourMs) },
    fetchedAt: now - age,
  });
}

/** A message as plain text. */
function text(notice: Notice, view: ViewState): string {
  const message = notification(notice, view);
  if (!message) return "(nothing)";
  const buttons = message.actions.map(({ title }) => `[${title}]`).join(" ");
  return `${message.isWarning ? "warning" : "info"}  ${message.text} ${buttons}`;
}

describe("The message about an event of a car", () => {
  it("matches its golden file", () => {
    const ebba = (reading: ReturnType<typeof readingOf>) =>
      viewStateOf({ cars: [carOf(1234, { name: "Ebba", reading })] });
    const idle = (details: ReturnType<typeof readingOf>["details"]) => ebba(readingOf("connected", { details }));
    const status = { chargingStatus: measured("idle" as const, 0) };
    const cars = [
      carOf(1, { name: "Ebba", reading: unplugged(45) }),
      carOf(2, { name: "Saga", reading: unplugged() }),
      carOf(3, { name: "Freja", reading: readingOf("connectedAc") }),
    ];
    const lines = {
      fault: text(event("fault"), ebba(readingOf("fault"))),
      "connected, AC": text(event("connected"), ebba(readingOf("connectedAc"))),
      "connected, DC": text(event("connected", 1234, now), ebba(readingOf("connectedDc"))),
      "connected, type not reported": text(event("connected"), ebba(readingOf("connected"))),
      disconnected: text(event("disconnected", 1234, now - 3 * hourMs), ebba(readingOf("disconnected"))),
      "charging started": text(event("chargingStarted"), ebba(readingOf("connectedAc", { details: chargingDetails }))),
      "charging started, level unknown": text(event("chargingStarted"), ebba(readingOf("connectedAc"))),
      "charging interrupted": text(
        event("chargingInterrupted"),
        idle({ ...status, batteryLevel: measured(58), targetLevel: measured(90) }),
      ),
      "charging interrupted, no target": text(
        event("chargingInterrupted"),
        idle({ ...status, batteryLevel: measured(58) }),
      ),
      "charging interrupted, and on again": text(
        event("chargingInterrupted"),
        ebba(readingOf("connectedAc", { details: chargingDetails })),
      ),
      "battery level, up": text(event("batteryLevel"), ebba(readingOf("connectedAc"))),
      "battery level, down": text(
        { ...event("fault"), kind: "batteryLevel", level: 20, direction: "down" },
        ebba(unplugged(19)),
      ),
      "charging done": text(event("chargingDone"), ebba(readingOf("connectedAc", { details: chargingDetails }))),
      "charging done, level unknown": text(event("chargingDone"), ebba(readingOf("connectedAc"))),
      "plugged but idle": text(event("pluggedButIdle"), idle(status)),
      "plugged but idle, no power": text(
        event("pluggedButIdle", 1234, now - 2 * hourMs - minuteMs),
        idle({ ...status, powerStatus: measured("noPowerAvailable" as const, 0) }),
      ),
      "plugged but idle, fault while charging": text(
        event("pluggedButIdle"),
        idle({ chargingStatus: measured("fault" as const, 0) }),
      ),
      "reminder, one car": text(reminder, viewStateOf({ cars: cars.slice(0, 1) })),
      "reminder, one car, level unknown": text(reminder, viewStateOf({ cars: cars.slice(1) })),
      "reminder, several cars": text(reminder, viewStateOf({ cars })),
      "presenter mode": text(reminder, viewStateOf({ cars, settings: { "privacy.presenterMode": true } })),
      "hostile name": text(
        event("fault", 5),
        viewStateOf({ cars: [carOf(5, { name: "[x](command:evil) $(bug)\n\u202e", reading: readingOf("fault") })] }),
      ),
    };
    assertGolden(
      "notifications",
      Object.entries(lines)
        .map(([title, line]) => `${title}\n    ${line}\n`)
        .join("\n"),
    );
  });

  it("is not shown if the last reading contradicts it, because it may be an hour old", () => {
    const over: readonly (readonly [CarEventKind, ...ReturnType<typeof readingOf>[]])[] = [
      ["fault", readingOf("connectedAc"), unplugged()],
      ["connected", unplugged()],
      ["disconnected", readingOf("connectedAc")],
      ["chargingInterrupted", unplugged(), readingOf("connectedAc", { details: chargingDetails })],
      ["pluggedButIdle", unplugged(), readingOf("connectedAc", { details: chargingDetails })],
    ];
    const shown = (kind: CarEventKind, reading: ReturnType<typeof readingOf>) =>
      text(event(kind), viewStateOf({ cars: [carOf(1234, { reading })] }));
    const unknown = readingOf("fault", { connection: measured({ kind: "unknown", reason: { kind: "noValue" } }) });
    for (const [kind, ...readings] of over) {
      for (const reading of readings) assert.equal(shown(kind, reading), "(nothing)", kind);
      assert.notEqual(shown(kind, unknown), "(nothing)", "an unknown state contradicts nothing");
    }
  });

  it("names the car as other views do, and by its number in presenter mode", () => {
    const cars = [carOf(1234), carOf(5678, { name: "Ebba" })];
    assert.match(notification(event("fault", 1234), viewStateOf({ cars }))?.text ?? "", /^Volvo …1234 /);
    const settings = { "privacy.presenterMode": true };
    for (const kind of carEventKinds) {
      assert.match(notification(event(kind, 5678), viewStateOf({ cars, settings }))?.text ?? "", /^Car 2 /, kind);
    }
  });

  it("is not shown for a car that is no longer configured", () => {
    for (const kind of carEventKinds)
      assert.equal(text(event(kind), viewStateOf({ cars: [carOf(5678)] })), "(nothing)");
  });

  it("has its own setting, which Don't Show Again turns off", () => {
    for (const kind of carEventKinds) {
      if (kind === "batteryLevel") continue;
      const setting: SettingKey = `notifications.${kind}`;
      assert.equal(isNotificationOn(kind, settingsWith()), settingDefaults[setting]);
      for (const on of [true, false]) assert.equal(isNotificationOn(kind, settingsWith({ [setting]: on })), on);
      const never = notification(event(kind), viewStateOf({ cars: [carOf(1234)] }))?.actions.at(-1);
      assert.deepEqual(never, { does: "never", title: "Don't Show Again", setting });
    }
    assert.ok(!isNotificationOn("batteryLevel", settingsWith()));
    assert.ok(isNotificationOn("batteryLevel", settingsWith({ "notifications.batteryLevels": [80] })));
    const level = notification(event("batteryLevel"), viewStateOf({ cars: [carOf(1234)] }))?.actions.at(-1);
    assert.deepEqual(level, { does: "never", title: "Don't Show Again", setting: "notifications.batteryLevels" });
    assert.ok(!isNotificationOn("reminder", settingsWith()));
    assert.ok(isNotificationOn("reminder", settingsWith({ "reminder.time": "21:30" })));
    const cars = [carOf(1, { reading: unplugged() })];
    assert.deepEqual(notification(reminder, viewStateOf({ cars }))?.actions.at(-1), {
      does: "never",
      title: "Don't Show Again",
      setting: "reminder.time",
    });
  });
});

describe("The reminder", () => {
  const isShown = (reading: ReturnType<typeof readingOf> | undefined, settings = {}) =>
    notification(reminder, viewStateOf({ cars: [carOf(1, reading && { reading })], settings })) !== undefined;

  it("names only cars that are known to be unplugged and below the level now", () => {
    assert.ok(isShown(unplugged(59), { "reminder.belowBatteryLevel": 60 }));
    assert.ok(!isShown(unplugged(60), { "reminder.belowBatteryLevel": 60 }));
    assert.ok(isShown(unplugged(99)));
    assert.ok(!isShown(unplugged(100)), "a full battery is not below any level");
    assert.ok(isShown(unplugged(), { "reminder.belowBatteryLevel": 1 }), "Energy v1 reports no level");
    for (const kind of ["connectedAc", "connected", "fault"] as const) assert.ok(!isShown(readingOf(kind)), kind);
    assert.ok(!isShown(undefined));
    assert.ok(!isShown(unplugged(50), { staleAfter: 0.5 }), "out of date");
    assert.ok(!isShown(unplugged(50, 21 * minuteMs)), "not read recently");
  });

  it("refreshes readings older than ten minutes first", () => {
    const cars = [carOf(1, { reading: unplugged(50, 11 * minuteMs) }), carOf(2, { reading: unplugged(50) }), carOf(3)];
    assert.deepEqual(carsToCheckFirst(viewStateOf({ cars })), [vinOf(1), vinOf(3)]);
    assert.deepEqual(carsToCheckFirst(viewStateOf({ cars, now: now - dayMs })), [vinOf(1), vinOf(2), vinOf(3)]);
  });
});

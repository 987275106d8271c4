import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { carIdOf, idSaltFile } from "../../src/history/carIds";
import type { Vin } from "../../src/charging/vin";
import { Computer, type SimulatedWindow, vinAt } from "../support/windows/computer";
import type { PlugWord } from "../support/windows/service";

const onFault = { on: "fault", command: "test.run" };

describe("An automation", () => {
  let computer: Computer;

  function ran(): readonly number[] {
    return computer.windows.map((window) => window.ran.length);
  }

  function total(): number {
    return ran().reduce((sum, count) => sum + count, 0);
  }

  /** Changes the car's plug, and waits for the next reading and its immediate effects. */
  async function becomes(word: PlugWord, index = 0): Promise<void> {
    computer.service.plugs.set(vinAt(index), word);
    await reads();
  }

  async function reads(): Promise<void> {
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs);
    await computer.run(2 * secondMs);
  }

  function begin(automations: readonly unknown[], settings: Readonly<Record<string, unknown>> = {}, cars = 1): void {
    computer = new Computer({ cars, settings: { automations, "notifications.fault": false, ...settings } });
  }

  async function open(...windows: readonly Parameters<Computer["open"]>[0][]): Promise<readonly SimulatedWindow[]> {
    const opened = windows.map((options) => computer.open(options));
    await reads();
    return opened;
  }

  it("runs once over all windows, even if all report focus and the notification is off", async () => {
    begin([onFault]);
    await open(...Array.from({ length: 5 }, () => ({ isFocused: true })));
    await becomes("FAULT");
    assert.equal(total(), 1);
    await reads();
    assert.equal(total(), 1);
    const [due] = computer.windows.flatMap((window) => window.ran);
    assert.deepEqual([due?.notice.kind, due?.vin, due?.automation.command], ["fault", vinAt(0), "test.run"]);
    assert.deepEqual(
      computer.windows.map((window) => window.told.length),
      [0, 0, 0, 0, 0],
    );
  });

  it("runs in the window with focus", async () => {
    begin([onFault]);
    await open({}, {}, { isFocused: true });
    await becomes("FAULT");
    await computer.run(20 * secondMs);
    assert.deepEqual(ran(), [0, 0, 1]);
  });

  it("runs in any window after 10 s if none has focus", async () => {
    begin([onFault]);
    await open({}, {}, {});
    await becomes("FAULT");
    assert.equal(total(), 0);
    await computer.run(10 * secondMs);
    assert.equal(total(), 1);
  });

  it("runs in another window if the focused one is not trusted", async () => {
    begin([onFault]);
    await open({ isFocused: true, isTrusted: false }, {});
    await becomes("FAULT");
    assert.equal(total(), 0);
    await computer.run(10 * secondMs);
    assert.deepEqual(ran(), [0, 1]);
  });

  it("never runs if no window is trusted", async () => {
    begin([onFault]);
    await open({ isFocused: true, isTrusted: false }, { isTrusted: false });
    await becomes("FAULT");
    await computer.run(minuteMs);
    assert.equal(total(), 0);
  });

  it("with a folder runs only in a window that has that folder open", async () => {
    begin([{ ...onFault, folder: "/work" }]);
    await open({ isFocused: true, folders: ["/other"] }, { folders: ["/work"] });
    await becomes("FAULT");
    await computer.run(12 * secondMs);
    assert.deepEqual(ran(), [0, 1]);
  });

  it("waits up to an hour for a window that may run it", async () => {
    begin([onFault]);
    await open({ isTrusted: false });
    await becomes("FAULT");
    await computer.run(50 * minuteMs);
    computer.open({ isFocused: true });
    await computer.run(20 * secondMs);
    assert.deepEqual(ran(), [0, 1]);

    begin([onFault]);
    await open({ isTrusted: false });
    await becomes("FAULT");
    await computer.run(61 * minuteMs);
    computer.open({ isFocused: true });
    await computer.run(minuteMs);
    assert.equal(total(), 0);
  });

  it("runs in no window for an event from before it was added", async () => {
    begin([]);
    await open({ isFocused: true }, {});
    await becomes("FAULT");
    computer.change({ automations: [onFault] });
    await computer.run(20 * secondMs);
    computer.open({ isFocused: true });
    await computer.run(minuteMs);
    assert.equal(total(), 0);
    await becomes("AC");
    await becomes("FAULT");
    assert.equal(total(), 1);
  });

  it("for one car, chosen by id or by name even in presenter mode, runs for no other car", async () => {
    const salt = "0123456789abcdef".repeat(4);
    const id = carIdOf(salt, vinAt(1) as Vin);
    const vehicles = [{ vin: vinAt(0), name: "Elsa" }, vinAt(1)];
    begin(
      [
        { ...onFault, vehicle: "elsa" },
        { ...onFault, vehicle: id, args: [1] },
      ],
      { vehicles, "privacy.presenterMode": true },
      2,
    );
    computer.disk.put(`storage/history/${idSaltFile}`, salt);
    await open({ isFocused: true });
    await becomes("FAULT", 0);
    const cars = () => computer.windows[0]!.ran.map(({ vin, automation: { vehicle } }) => [vin, vehicle]);
    assert.deepEqual(cars(), [[vinAt(0), "elsa"]]);
    await becomes("FAULT", 1);
    assert.deepEqual(cars()[1], [vinAt(1), id]);
    assert.equal(total(), 2);
  });

  it("for unplugging runs as soon as a second reading confirms it", async () => {
    begin([{ on: "disconnected", command: "test.run" }]);
    await open({ isFocused: true });
    await becomes("DISCONNECTED");
    assert.equal(total(), 0);
    await computer.run(minuteMs + 5 * secondMs);
    assert.equal(total(), 1);
  });

  it("runs at most ten times a minute over all windows, and runs the rest afterwards", async () => {
    begin(Array.from({ length: 20 }, (_, index) => ({ ...onFault, args: [index] })));
    const folders = ["/a"];
    await open({ isFocused: true, folders }, { isFocused: true, folders });
    await becomes("FAULT");
    assert.equal(total(), 10);
    await computer.run(50 * secondMs);
    assert.equal(total(), 10);
    await computer.run(20 * secondMs);
    assert.equal(total(), 20);
  });

  it("does not run while the shared folder is unusable, and runs once it is usable again", async () => {
    begin([onFault]);
    let isBroken = false;
    const fault = (call: string) => (isBroken && call === "create" ? new Error("EACCES") : undefined);
    await open({ isFocused: true, fault });
    computer.service.plugs.set(vinAt(0), "FAULT");
    computer.service.latencyMs = 3 * secondMs;
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs / 10);
    isBroken = true;
    await computer.run(10 * secondMs);
    assert.equal(total(), 0);
    isBroken = false;
    await computer.run(20 * secondMs);
    assert.equal(total(), 1);
  });

  it("runs for the daily reminder, once for each car that the reminder names", async () => {
    const settings = { "reminder.time": "21:30", refreshInterval: 300 };
    computer = new Computer({
      cars: 3,
      settings: { automations: [{ on: "reminder", command: "test.run" }], ...settings },
      startAt: new Date(2026, 10, 23, 21, 20).getTime(),
    });
    computer.service.plugs.set(vinAt(0), "DISCONNECTED").set(vinAt(1), "AC").set(vinAt(2), "DISCONNECTED");
    await open({ isFocused: true }, { isFocused: true });
    await computer.run(11 * minuteMs);
    const cars = computer.windows.flatMap((window) => window.ran.map(({ vin }) => vin));
    assert.deepEqual(cars.sort(), [vinAt(0), vinAt(2)]);
    await computer.run(hourMs);
    assert.equal(total(), 2);
  });

  it("keeps its claims for a week, so setting the clock does not run it again", async () => {
    begin([onFault]);
    await open({ isFocused: true }, { isFocused: true });
    await becomes("FAULT");
    const claims = () => computer.files.filter((path) => /automations\/\d+-/.test(path));
    assert.equal(claims().length, 1);
    computer.clock.set(-30 * minuteMs);
    computer.open({ isFocused: true });
    await computer.run(5 * minuteMs);
    assert.equal(total(), 1);
    computer.clock.sleep(8 * 24 * hourMs);
    await reads();
    await becomes("AC");
    await becomes("FAULT");
    assert.equal(total(), 2);
    assert.equal(claims().length, 1);
  });
});

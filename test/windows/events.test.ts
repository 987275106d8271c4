import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { Computer, vinAt } from "../support/windows/computer";
import type { PlugWord } from "../support/windows/service";

describe("An event of a car", () => {
  let computer: Computer;

  /** Changes the car's plug, and waits for the next reading. */
  async function becomes(word: PlugWord): Promise<void> {
    computer.service.plugs.set(vinAt(0), word);
    await reads();
  }

  async function reads(): Promise<void> {
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs);
    await computer.run(2 * secondMs);
  }

  function told(): readonly number[] {
    return computer.windows.map((window) => window.told.length);
  }

  function total(): number {
    return told().reduce((sum, count) => sum + count, 0);
  }

  beforeEach(() => {
    computer = new Computer();
  });

  it("is shown once over all windows, even if all report focus", async () => {
    for (let count = 0; count < 5; count++) computer.open({ isFocused: true });
    await reads();
    await becomes("FAULT");
    assert.equal(total(), 1);
    await reads();
    assert.equal(total(), 1, "an unchanged state is no event");
    await becomes("AC");
    await becomes("FAULT");
    assert.equal(total(), 2);
  });

  it("is shown even if a small call budget puts hours between the checks", async () => {
    computer.change({ dailyCallBudget: 6 });
    computer.open({ isFocused: true });
    await reads();
    await reads();
    const [first, second] = computer.service.requests.slice(-2);
    assert.ok(first && second && second.at - first.at > 2 * hourMs, "more than two hours apart");
    await becomes("FAULT");
    assert.equal(total(), 1);
  });

  it("is shown in the window with focus, whichever window asks", async () => {
    computer.open();
    computer.open();
    computer.open({ isFocused: true });
    await reads();
    await becomes("FAULT");
    assert.deepEqual(told(), [0, 0, 1]);
  });

  it("waits up to an hour for the next window to get focus", async () => {
    computer.open();
    computer.open();
    await reads();
    await becomes("FAULT");
    assert.equal(total(), 0);
    await computer.run(30 * minuteMs);
    computer.windows[1]!.focus();
    await computer.run(secondMs);
    assert.deepEqual(told(), [0, 1]);
    computer.windows[0]!.focus();
    await computer.run(secondMs);
    assert.deepEqual(told(), [0, 1]);

    computer.windows.forEach((window) => window.focus(false));
    await becomes("AC");
    await becomes("FAULT");
    await computer.run(hourMs + minuteMs);
    computer.windows[0]!.focus();
    await computer.run(secondMs);
    assert.equal(total(), 1);
  });

  it("is not shown by a window whose page is closed", async () => {
    computer.open({ isFocused: true });
    computer.open();
    await reads();
    computer.windows[0]!.abandon();
    await becomes("FAULT");
    await computer.run(10 * secondMs);
    assert.equal(total(), 0);
    computer.windows[1]!.focus();
    await computer.run(5 * secondMs);
    assert.deepEqual(told(), [0, 1]);
  });

  it("is shown later by the focused window if VS Code did not respond at first", async () => {
    computer.open({ isFocused: true });
    computer.open();
    await reads();
    computer.service.latencyMs = 3 * secondMs;
    computer.service.plugs.set(vinAt(0), "FAULT");
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs / 10);
    computer.windows[0]!.stall(7 * secondMs);
    await computer.run(6.5 * secondMs);
    assert.equal(computer.windows[0]!.shown, "fault");
    assert.equal(total(), 0);
    await reads();
    assert.deepEqual(told(), [1, 0]);
  });

  it("is not shown for the first reading ever, nor for the first one after hours without a window", async () => {
    computer.service.plugs.set(vinAt(0), "FAULT");
    computer.open({ isFocused: true });
    await reads();
    assert.equal(total(), 0);
    await becomes("AC");
    computer.windows[0]!.close();
    computer.service.plugs.set(vinAt(0), "FAULT");
    await computer.run(8 * hourMs);
    computer.open({ isFocused: true });
    await reads();
    assert.equal(total(), 0);
  });

  it("is shown for the first reading after a minute without a window, as during Reload Window", async () => {
    computer.open({ isFocused: true });
    await reads();
    computer.windows[0]!.close();
    computer.service.plugs.set(vinAt(0), "FAULT");
    await computer.run(minuteMs);
    computer.open({ isFocused: true });
    await reads();
    assert.equal(total(), 1);
  });

  it("is noticed by the next asking window if the window that read the earlier state was killed", async () => {
    computer.open({ isFocused: true });
    computer.open({ isFocused: true });
    await reads();
    await reads();
    const killed = computer.lastAsker;
    killed.kill();
    await becomes("FAULT");
    assert.notEqual(computer.lastAsker, killed);
    assert.equal(total(), 1);
  });

  it("does not arise from unknown or failed answers between two equal states", async () => {
    computer.open({ isFocused: true });
    await becomes("FAULT");
    await becomes("UNKNOWN");
    await becomes("FAULT");
    computer.service.weather = { kind: "broken", status: 503 };
    await reads();
    computer.service.weather = { kind: "fine" };
    await reads();
    assert.equal(total(), 0);
  });

  it("is not shown while its notification is off, nor after that is turned on", async () => {
    computer.change({ "notifications.fault": false });
    computer.open({ isFocused: true });
    await reads();
    await becomes("FAULT");
    computer.change({ "notifications.fault": true });
    await reads();
    assert.equal(total(), 0);
    await becomes("AC");
    await becomes("FAULT");
    assert.equal(total(), 1);
  });

  it("of unplugging is shown as soon as a second reading confirms it, if its notification is on", async () => {
    computer.change({ "notifications.connected": true, "notifications.disconnected": true });
    computer.open({ isFocused: true });
    computer.open();
    await reads();
    await becomes("DISCONNECTED");
    assert.equal(total(), 0);
    const asked = computer.service.requests.length;
    await computer.run(minuteMs + 5 * secondMs);
    assert.equal(computer.service.requests.length, asked + 1);
    assert.deepEqual(
      computer.windows.map(({ told }) => told.map(({ kind }) => kind)),
      [["disconnected"], []],
    );
    await becomes("AC");
    computer.service.plugs.set(vinAt(0), "DISCONNECTED");
    await computer.run(2 * minuteMs);
    assert.equal(total(), 1, "no event for a cable that was plugged in for less than a minute");
  });

  it("of unplugging causes no extra call while its notification is off", async () => {
    computer.open({ isFocused: true });
    await reads();
    await becomes("DISCONNECTED");
    const asked = computer.service.requests.length;
    await computer.run(4 * minuteMs);
    assert.equal(computer.service.requests.length, asked);
  });

  it("is not shown to a user who returns after the state has changed back", async () => {
    computer.change({ "notifications.connected": true, "notifications.disconnected": true });
    computer.open();
    await reads();
    await becomes("DISCONNECTED");
    await reads();
    await becomes("DC");
    await reads();
    computer.windows[0]!.focus();
    await computer.run(secondMs);
    assert.deepEqual(
      computer.windows[0]!.told.map(({ kind }) => kind),
      ["connected"],
    );
  });

  it("leaves no file for longer than a few hours", async () => {
    computer.open({ isFocused: true });
    await reads();
    await becomes("FAULT");
    await becomes("AC");
    await becomes("FAULT");
    assert.equal([...computer.disk.contents.keys()].filter((path) => path.includes("/events/")).length, 2);
    await computer.run(4 * hourMs);
    assert.deepEqual(
      [...computer.disk.contents.keys()].filter((path) => path.includes("/events/")),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { Computer, vinAt } from "../support/windows/computer";
import type { PlugWord } from "../support/windows/service";

describe("What happens to a car", () => {
  let computer: Computer;

  /** Lets the car say so and waits until it was read. */
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

  it("is told of once over all windows, even if all believe to be looked at", async () => {
    for (let count = 0; count < 5; count++) computer.open({ isFocused: true });
    await reads();
    await becomes("FAULT");
    assert.equal(total(), 1);
    await reads();
    assert.equal(total(), 1, "what stays is no event");
    await becomes("AC");
    await becomes("FAULT");
    assert.equal(total(), 2);
  });

  it("is told also where a small budget of calls spreads the checks over hours", async () => {
    computer.change({ dailyCallBudget: 6 });
    computer.open({ isFocused: true });
    await reads();
    await reads();
    const [first, second] = computer.service.requests.slice(-2);
    assert.ok(first && second && second.at - first.at > 2 * hourMs, "far apart");
    await becomes("FAULT");
    assert.equal(total(), 1);
  });

  it("is told of in the window with focus, whichever asks", async () => {
    computer.open();
    computer.open();
    computer.open({ isFocused: true });
    await reads();
    await becomes("FAULT");
    assert.deepEqual(told(), [0, 0, 1]);
  });

  it("waits for the next window to get focus, for an hour", async () => {
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

  it("is not told of by a window whose page is gone", async () => {
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

  it("is told of later by the one window with focus when VS Code gave no answer at first", async () => {
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

  it("is no notice in the first reading after start, nor after a time in which no window has looked", async () => {
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

  it("is notice in the first reading after a short time in which no window was open, as for Reload Window", async () => {
    computer.open({ isFocused: true });
    await reads();
    computer.windows[0]!.close();
    computer.service.plugs.set(vinAt(0), "FAULT");
    await computer.run(minuteMs);
    computer.open({ isFocused: true });
    await reads();
    assert.equal(total(), 1);
  });

  it("is notice to the next window that asks when the one that saw the state before is gone", async () => {
    computer.open({ isFocused: true });
    computer.open({ isFocused: true });
    await reads();
    await reads();
    const seer = computer.lastAsker;
    seer.kill();
    await becomes("FAULT");
    assert.notEqual(computer.lastAsker, seer);
    assert.equal(total(), 1);
  });

  it("is nothing when unknown or failed answers lie between two equal states", async () => {
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

  it("is not told of when the user does not want it, nor later", async () => {
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

  it("is told of as soon as a second reading confirms it, where the user wants to know of plugging in", async () => {
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
    assert.equal(total(), 1, "a cable that was in for less than a minute");
  });

  it("costs no call more where the user does not want to know of plugging in", async () => {
    computer.open({ isFocused: true });
    await reads();
    await becomes("DISCONNECTED");
    const asked = computer.service.requests.length;
    await computer.run(4 * minuteMs);
    assert.equal(computer.service.requests.length, asked);
  });

  it("is not told to a user who comes when it is over", async () => {
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

  it("leaves no files behind for longer than a few hours", async () => {
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

import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Logger } from "../../../src/base/log";
import { Garage } from "../../../src/sync/garage";
import { LatePolling } from "../../../src/sync/latePolling";
import type { WindowPolling } from "../../../src/sync/polling";
import { vinNumber } from "../../support/builders";
import { Computer, type SimulatedWindow, vinAt } from "../../support/windowsComputer";

const snapshotPath = "storage/snapshot.json";

describe("The polling of a window", () => {
  it("is not there without a car and credentials: no request, no file, no watcher, no timer", async () => {
    const computer = new Computer({ cars: 0, signedIn: false });
    const window = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    assert.deepEqual(await window.core.polling.refresh(), { kind: "notReady" });
    await window.core.polling.checkDue();
    assert.equal(window.core.polling.isOn, true);
    assert.equal(computer.disk.contents.size, 0);
    assert.equal(computer.disk.watcherCount, 0);
    assert.equal(computer.clock.pendingTimers, 0);
    assert.deepEqual(computer.service.requests, []);
  });

  it("comes with the first car", async () => {
    const computer = new Computer({ cars: 0 });
    const window = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    assert.deepEqual(computer.service.requests, []);
    computer.change({ vehicles: [vinAt(0)] });
    await computer.run(10 * secondMs);
    assert.equal(window.shown, "connectedAc");
  });

  describe("after another window, of whose car and credentials nothing is left but what it knew", () => {
    let computer: Computer;
    let window: SimulatedWindow;

    beforeEach(async () => {
      computer = new Computer();
      const earlier = computer.open({ isFocused: true });
      await computer.run(minuteMs);
      earlier.close();
      computer.change({ vehicles: [] });
      computer.secrets.disk.clear();
      window = computer.open({ isFocused: true });
    });

    it("deletes that although it had no use for it so far", async () => {
      const isKnown = () => computer.disk.contents.has(snapshotPath);
      await computer.run(minuteMs);
      assert.equal(isKnown(), true);
      window.core.garage.forgetAll();
      await computer.run(secondMs);
      assert.equal(isKnown(), false);
      computer.change({ vehicles: [vinAt(0)] });
      await computer.run(secondMs);
      assert.equal(window.shown, undefined);
    });

    it("shows first what is known then, also where its code was loaded for something else long before", async () => {
      await window.core.client();
      await computer.run(hourMs);
      const known = computer.disk.contents.get(snapshotPath) ?? "";
      computer.disk.put(snapshotPath, known.replace("connectedAc", "disconnected"));
      const shown = new Set<string | undefined>();
      window.core.garage.onDidChange(() => shown.add(window.shown));
      computer.change({ vehicles: [vinAt(0)] });
      await computer.run(minuteMs);
      assert.deepEqual([...shown], [undefined, "disconnected"]);
    });
  });

  describe("while its code is being loaded", () => {
    const log: string[] = [];
    const write = (message: string) => void log.push(message);
    const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write };
    let calls: string[];
    let arrive: (polling: WindowPolling) => void;
    let fail: (error: Error) => void;
    let loads: number;
    let late: LatePolling;

    beforeEach(() => {
      calls = [];
      loads = 0;
      const garage = new Garage();
      garage.configure([{ vin: vinNumber(1) }]);
      late = new LatePolling({
        garage,
        log: logger,
        isNeeded: () => garage.current.cars.length > 0,
        load: () => {
          loads++;
          return new Promise((resolve, reject) => {
            arrive = resolve;
            fail = reject;
          });
        },
      });
    });

    const polling = new Proxy({} as WindowPolling, {
      get: (_, name) =>
        name === "then"
          ? undefined
          : () => {
              calls.push(String(name));
              return Promise.resolve();
            },
    });

    it("may be switched off again, and then does nothing but show what was last known", async () => {
      late.on();
      late.off();
      arrive(polling);
      await new Promise(setImmediate);
      assert.deepEqual(calls, ["showLast"]);
    });

    it("keeps a refresh waiting, which then comes after the start", async () => {
      late.on();
      const refreshed = late.refresh();
      arrive(polling);
      await refreshed;
      assert.deepEqual(calls, ["showLast", "on", "refresh"]);
    });

    it("says in the log that this failed, and tries again at the next occasion", async () => {
      late.on();
      fail(new Error("The file is gone"));
      await new Promise(setImmediate);
      assert.match(log.at(-1) ?? "", /could not be loaded.*The file is gone/);
      late.configurationChanged();
      assert.equal(loads, 2);
    });

    it("starts nothing in a window that was closed meanwhile", async () => {
      late.on();
      late.dispose();
      arrive(polling);
      await new Promise(setImmediate);
      assert.deepEqual(calls, []);
    });
  });
});

import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { systemError } from "../../support/memoryFolder";
import { Computer } from "../../support/windowsComputer";

describe("A window that leads", () => {
  let computer: Computer;

  beforeEach(() => {
    computer = new Computer();
  });

  it("asks although what the leader before knew could not be read at first, and then knows it all the same", async () => {
    let failures = 0;
    const fault = (call: string, name: string) => {
      const takesOver = computer.disk.contents.has("storage/lease/2");
      return takesOver && call === "version" && name === "snapshot.json" && failures++ === 0
        ? systemError("EIO")
        : undefined;
    };
    const first = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    const next = computer.open({ isFocused: true, fault });
    await computer.run(2 * minuteMs);
    computer.service.plugs.set(first.core.garage.current.cars[0]!.vin, "FAULT");
    void first.core.polling.refresh();
    await computer.run(2 * secondMs);
    first.kill();
    const before = computer.service.requests.length;
    while (next.role !== "leader") await computer.run(secondMs);
    await computer.run(10 * secondMs);
    assert.ok(failures > 1);
    assert.equal(next.shown, "fault");
    assert.equal(computer.service.requests.length, before, "what is fresh is not asked for again");
    await computer.run(6 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1);
  });

  it("asks although what the leader before knew can never be read", async () => {
    const fault = (_: string, name: string) => (name === "salt" ? systemError("EACCES") : undefined);
    computer.open({ isFocused: true });
    await computer.run(minuteMs);
    computer.windows[0]!.close();
    const window = computer.open({ isFocused: true, fault });
    await computer.run(10 * secondMs);
    assert.equal(window.role, "leader");
    assert.equal(window.shown, "connectedAc");
  });

  it("asks nothing more when its process stood still until another took the lead, wherever it stood", async () => {
    for (let offsetMs = 0; offsetMs < 5 * secondMs; offsetMs += 400) {
      computer = new Computer({ settings: { refreshInterval: 60 } });
      const first = computer.open({ isFocused: true });
      await computer.run(secondMs);
      const second = computer.open({ isFocused: true });
      const { nextCheckAt } = first.core.garage.current;
      await computer.run(nextCheckAt! - computer.clock.now() - 1 - offsetMs);
      assert.deepEqual([first.role, second.role], ["leader", "follower"]);
      first.suspend(40 * secondMs);
      await computer.run(3 * minuteMs);
      const senders = computer.service.requests.map(({ from }) => from);
      const handedOver = senders.findIndex(({ window }) => window === 1);
      assert.ok(handedOver > 0);
      assert.deepEqual(new Set(senders.slice(handedOver).map(({ window }) => window)), new Set([1]));
      assert.ok(senders[handedOver]!.lease > senders[0]!.lease);
    }
  });

  it("goes on when the polling is switched off and on again before it has left", async () => {
    const window = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    window.core.polling.off();
    window.core.polling.on();
    await computer.run(11 * minuteMs);
    assert.equal(window.role, "leader");
    assert.equal(computer.service.requests.length, before + 2);
  });

  it("asks for no car within ten seconds of a request that left late, as while the version was still to be found", async () => {
    for (let closedAtMs = 8_400; closedAtMs < 16_000; closedAtMs += 500) {
      computer = new Computer({ cars: 3, settings: { apiVersion: "auto" } });
      computer.service.latencyMs = 8 * secondMs;
      const first = computer.open({ isFocused: true });
      const second = computer.open();
      await computer.run(closedAtMs);
      assert.equal(first.role, "leader");
      first.close();
      await computer.run(minuteMs);
      assert.equal(second.role, "leader");
      const { requests } = computer.service;
      const again = requests.filter(({ vin, kind, realMs }) => {
        const earlier = requests.filter((other) => other.vin === vin && other.kind === kind && other.realMs < realMs);
        return kind === "reading" && earlier.some((other) => realMs - other.realMs < 10 * secondMs);
      });
      assert.deepEqual(again, [], `closed after ${closedAtMs} ms`);
      assert.ok(requests.some(({ from }) => from.window === 1));
    }
  });

  it("reads again after the clock was set, also where that was while it made sure of its lease", async () => {
    for (let laterMs = 0; laterMs <= 12 * secondMs; laterMs += 500) {
      computer = new Computer({ settings: { refreshInterval: 900 } });
      const window = computer.open({ isFocused: true });
      await computer.run(minuteMs);
      computer.clock.set(60 * minuteMs);
      await computer.run(laterMs);
      computer.clock.set(120 * minuteMs);
      await computer.run(30 * secondMs);
      const age = computer.clock.now() - window.core.garage.current.cars[0]!.reading!.fetchedAt;
      assert.ok(age < minuteMs, `set again after ${laterMs} ms: read ${age} ms ago`);
    }
  });
});

import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../src/base/clock";
import { systemError } from "../support/disk/memoryFolder";
import { Computer, isStateFile } from "../support/windows/computer";

describe("A window that asks", () => {
  let computer: Computer;

  beforeEach(() => {
    computer = new Computer();
  });

  /**
   * Kills the asking window just after it has stored a new reading. The other window's `nth` call for the shared state
   * after that fails. Resolves with the number of these calls.
   */
  async function readsOnAfterFailure(nth: number): Promise<number> {
    computer = new Computer();
    let calls = 0;
    let isCounting = false;
    const fault = (_: string, name: string) =>
      isCounting && isStateFile(name) && ++calls === nth ? systemError("EIO") : undefined;
    const first = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    const next = computer.open({ isFocused: true, fault });
    await computer.run(2 * minuteMs);
    computer.service.plugs.set(first.core.carStore.current.cars[0]!.vin, "FAULT");
    void first.core.polling.refresh();
    await computer.run(secondMs / 2);
    assert.equal(first.shown, "fault");
    isCounting = true;
    first.kill();
    const before = computer.service.requests.length;
    await computer.run(minuteMs);
    const when = `call ${nth} for the state has failed`;
    assert.equal(next.shown, "fault", when);
    assert.equal(computer.service.requests.length, before, `${when}: a fresh reading causes no request`);
    await computer.run(5 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1, when);
    assert.equal(computer.lastAsker, next);
    return calls;
  }

  it("takes over from a killed window and shows its last reading, even if one call for the shared state fails", async () => {
    const calls = await readsOnAfterFailure(0);
    assert.ok(calls > 1, `${calls} calls`);
    for (let nth = 1; nth <= Math.min(calls, 30); nth++) await readsOnAfterFailure(nth);
  });

  it("asks even if it can never read the shared state", async () => {
    const fault = (_: string, name: string) => (name === "salt" ? systemError("EACCES") : undefined);
    computer.open({ isFocused: true });
    await computer.run(minuteMs);
    computer.windows[0]!.close();
    const window = computer.open({ isFocused: true, fault });
    await computer.run(30 * secondMs);
    assert.equal(computer.lastAsker, window);
    assert.equal(window.shown, "connectedAc");
  });

  it("stops asking if another window asked while its process was suspended, at any moment before the check", async () => {
    for (let offsetMs = 0; offsetMs < 5 * secondMs; offsetMs += 400) {
      computer = new Computer({ settings: { refreshInterval: 60 } });
      const first = computer.open({ isFocused: true });
      await computer.run(secondMs);
      const second = computer.open({ isFocused: true });
      const { nextCheckAt } = first.core.carStore.current;
      await computer.run(nextCheckAt! - computer.clock.now() - 1 - offsetMs);
      assert.equal(computer.lastAsker, first);
      first.suspend(40 * secondMs);
      const { realMs } = computer.clock;
      await computer.run(3 * minuteMs);
      assert.deepEqual(computer.askersSince(realMs), [second], `suspended ${offsetMs} ms before the check`);
      const readings = computer.service.requests.filter(({ kind }) => kind === "reading");
      const times = readings.map((request) => request.realMs);
      assert.ok(times.slice(1).every((at, index) => at - times[index]! >= 10 * secondMs));
    }
  });

  it("continues if polling is switched off and at once on again", async () => {
    const window = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    window.core.polling.off();
    window.core.polling.on();
    await computer.run(11 * minuteMs);
    assert.equal(computer.service.requests.length, before + 2);
  });

  it("asks for no car within ten seconds of a late request of a closed window", async () => {
    for (let closedAtMs = 8_400; closedAtMs < 15_000; closedAtMs += 500) {
      computer = new Computer({ cars: 3, settings: { apiVersion: "auto" } });
      computer.service.latencyMs = 8 * secondMs;
      computer.open({ isFocused: true });
      computer.open();
      await computer.run(closedAtMs);
      const { lastAsker, bystander } = computer;
      lastAsker.close();
      await computer.run(minuteMs);
      const { requests } = computer.service;
      const tooEarly = requests.filter(({ vin, kind, realMs }) => {
        const earlier = requests.filter((other) => other.vin === vin && other.kind === kind && other.realMs < realMs);
        return kind === "reading" && earlier.some((other) => realMs - other.realMs < 10 * secondMs);
      });
      assert.deepEqual(tooEarly, [], `closed after ${closedAtMs} ms`);
      assert.equal(computer.lastAsker, bystander);
    }
  });

  it("reads again within 30 s after the clock was set for the second time in a row", async () => {
    for (let laterMs = 0; laterMs <= 12 * secondMs; laterMs += 500) {
      computer = new Computer({ settings: { refreshInterval: 900 } });
      const window = computer.open({ isFocused: true });
      await computer.run(minuteMs);
      computer.clock.set(60 * minuteMs);
      await computer.run(laterMs);
      computer.clock.set(120 * minuteMs);
      await computer.run(30 * secondMs);
      const age = computer.clock.now() - window.core.carStore.current.cars[0]!.reading!.fetchedAt;
      assert.ok(age < minuteMs, `set again after ${laterMs} ms: read ${age} ms ago`);
    }
  });
});

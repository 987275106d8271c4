import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../src/base/clock";
import { Computer, type SimulatedWindow, vinAt } from "../support/windows/computer";

/** What the command Delete All Stored Data does. */
async function deleteEverything({ core }: SimulatedWindow, computer: Computer): Promise<void> {
  await Promise.all([core.session.deleteAll(), computer.run(secondMs / 2)]);
  await Promise.all([core.forgetAll(), computer.run(secondMs / 2)]);
}

describe("Deleting all that windows have stored", () => {
  /** What the files call the cars that they tell of. */
  function carNames(computer: Computer): readonly string[] {
    return Object.keys(computer.state?.cars ?? {});
  }

  for (const secrets of ["desktop", "web"] as const) {
    for (const where of ["the one that asks", "another"] as const) {
      it(`leaves no file that says anything about a car (${secrets}, told to ${where})`, async () => {
        const computer = new Computer({ cars: 2, secrets });
        const windows = [1, 2, 3].map(() => computer.open({ isFocused: true }));
        await computer.run(minuteMs);
        const { salt } = computer;
        const names = carNames(computer);
        assert.ok(salt !== undefined && names.length === 2);
        const told = where === "another" ? computer.bystander : computer.lastAsker;
        await deleteEverything(told, computer);
        await computer.run(minuteMs);
        assert.deepEqual([carNames(computer), computer.state?.events], [[], []]);
        assert.equal(computer.salt, undefined);
        const left = [...computer.disk.contents].map(([path, content]) => `${path} ${content}`).join(" ");
        for (const secret of [salt, ...names, "reading", "connected"]) assert.ok(!left.includes(secret), left);
        assert.equal(told.shown, undefined);
        if (secrets === "web") assert.ok(windows.every(({ shown }) => shown === undefined));
        const next = computer.open();
        const { realMs } = computer.clock;
        await computer.run(10 * minuteMs);
        assert.deepEqual(computer.askersSince(realMs), []);
        assert.equal(next.shown, undefined);
      });
    }
  }

  it("gives cars other names in files, which all windows know", async () => {
    const computer = new Computer();
    const windows = [1, 2].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    const { salt } = computer;
    void windows[0]!.core.forgetAll();
    await computer.run(15 * secondMs);
    assert.notEqual(computer.salt, salt);
    const { bystander } = computer;
    const outcome = bystander.core.polling.refresh([bystander.core.carStore.current.cars[0]!.vin]);
    await computer.run(10 * secondMs);
    assert.equal((await outcome).kind, "checked");
    assert.ok(windows.every(({ shown }) => shown === "connectedAc"));
  });

  it("is done by the window that was told to only: what is read thereafter stays", async () => {
    const computer = new Computer();
    const windows = [0, 1, 2].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    computer.service.plugs.set(vinAt(0), "FAULT");
    void computer.bystander.core.forgetAll();
    await computer.run(secondMs);
    void computer.lastAsker.core.polling.refresh();
    let isReadAnew = false;
    for (let endAt = computer.clock.realMs + minuteMs; computer.clock.realMs < endAt;) {
      await computer.run(secondMs / 20);
      const isThere = computer.stateText?.includes("fault") ?? false;
      assert.ok(!isReadAnew || isThere, "deleted once more");
      isReadAnew ||= isThere;
    }
    assert.ok(isReadAnew);
    assert.ok(windows.every(({ shown }) => shown === "fault"));
  });
});

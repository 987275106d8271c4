import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../src/base/clock";
import { viewStateOf } from "../../src/present/viewState";
import { Computer, type SimulatedWindow, vinAt } from "../support/windows/computer";

/** Does the same as the command Delete All Stored Data. */
async function deleteEverything({ core }: SimulatedWindow, computer: Computer): Promise<void> {
  await Promise.all([core.session.deleteAll(), computer.run(secondMs / 2)]);
  await Promise.all([core.forgetAll(), computer.run(secondMs / 2)]);
}

describe("Deleting all stored data", () => {
  /** The keys of the cars in the shared state. */
  function carKeys(computer: Computer): readonly string[] {
    return Object.keys(computer.state?.cars ?? {});
  }

  for (const secrets of ["desktop", "web"] as const) {
    for (const where of ["the asking window", "another window"] as const) {
      it(`leaves nothing about a car in any file (${secrets}, run in ${where})`, async () => {
        const computer = new Computer({ cars: 2, secrets });
        const windows = [1, 2, 3].map(() => computer.open({ isFocused: true }));
        await computer.run(minuteMs);
        const { salt } = computer;
        const keys = carKeys(computer);
        assert.ok(salt !== undefined && keys.length === 2);
        const deleting = where === "another window" ? computer.bystander : computer.lastAsker;
        await deleteEverything(deleting, computer);
        await computer.run(minuteMs);
        assert.deepEqual([carKeys(computer), computer.state?.events], [[], []]);
        assert.equal(computer.salt, undefined);
        const remaining = [...computer.disk.contents].map(([path, content]) => `${path} ${content}`).join(" ");
        for (const text of [salt, ...keys, "reading", "connected"]) assert.ok(!remaining.includes(text), remaining);
        assert.equal(deleting.shown, undefined);
        if (secrets === "web") assert.ok(windows.every(({ shown }) => shown === undefined));
        // In a browser, the other windows still have their copies of the secrets.
        const problems = windows.map(
          ({ core }) => viewStateOf(core, computer.clock.now(), { language: "en-US" }).problem?.kind,
        );
        const copied = secrets === "web" ? "credentialsMissing" : "apiKeyMissing";
        assert.deepEqual(
          problems,
          windows.map((window) => (window === deleting ? "apiKeyMissing" : copied)),
        );
        const next = computer.open();
        const { realMs } = computer.clock;
        await computer.run(10 * minuteMs);
        assert.deepEqual(computer.askersSince(realMs), []);
        assert.equal(next.shown, undefined);
      });
    }
  }

  it("replaces the salt of the cars' keys in all windows", async () => {
    const computer = new Computer();
    const windows = [1, 2].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    const { salt } = computer;
    void windows[0]!.core.forgetAll();
    await computer.run(15 * secondMs);
    assert.notEqual(computer.salt, salt);
    computer.service.plugs.set(vinAt(0), "FAULT");
    const { bystander } = computer;
    const outcome = bystander.core.polling.refresh([bystander.core.carStore.current.cars[0]!.vin]);
    await computer.run(10 * secondMs);
    assert.equal((await outcome).kind, "checked");
    assert.ok(windows.every(({ shown }) => shown === "fault"));
    assert.ok(computer.salt !== undefined && computer.salt !== salt);
  });

  it("is done only by the window that runs it: later readings stay", async () => {
    const computer = new Computer();
    const windows = [0, 1, 2].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    computer.service.plugs.set(vinAt(0), "FAULT");
    void computer.bystander.core.forgetAll();
    await computer.run(secondMs);
    void computer.lastAsker.core.polling.refresh();
    let wasReadAgain = false;
    for (let endAt = computer.clock.realMs + minuteMs; computer.clock.realMs < endAt;) {
      await computer.run(secondMs / 20);
      const isThere = computer.stateText?.includes("fault") ?? false;
      assert.ok(!wasReadAgain || isThere, "deleted a second time");
      wasReadAgain ||= isThere;
    }
    assert.ok(wasReadAgain);
    assert.ok(windows.every(({ shown }) => shown === "fault"));
  });
});

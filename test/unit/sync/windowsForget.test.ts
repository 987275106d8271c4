import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { Computer, type SimulatedWindow } from "../../support/windowsComputer";

/** What the command Delete All Stored Data does. */
async function deleteEverything({ core }: SimulatedWindow, computer: Computer): Promise<void> {
  await Promise.all([core.session.deleteAll(), computer.run(secondMs / 2)]);
  core.garage.forgetAll();
}

describe("Deleting all that windows have stored", () => {
  /** Left are the count of calls, which Volvo has as well, and marks of the windows for each other. */
  const mayStay = /^storage\/(credentials-current|focus|lease\/\d+|windows\/\w+|calls\/[\w-]+)$/;

  for (const secrets of ["desktop", "web"] as const) {
    for (const where of ["leader", "follower"] as const) {
      it(`leaves no file that says anything about a car (${secrets}, told to the ${where})`, async () => {
        const computer = new Computer({ cars: 2, secrets });
        const windows = [1, 2, 3].map(() => computer.open({ isFocused: true }));
        await computer.run(minuteMs);
        const files = [...computer.disk.contents.keys()];
        for (const file of ["storage/snapshot.json", "storage/salt"]) assert.ok(files.includes(file));
        const told = windows.find(({ role }) => role === where)!;
        await deleteEverything(told, computer);
        await computer.run(minuteMs);
        assert.deepEqual(
          [...computer.disk.contents.keys()].filter((file) => !mayStay.test(file)),
          [],
        );
        assert.equal(told.shown, undefined);
        if (secrets === "web") assert.ok(windows.every(({ shown }) => shown === undefined));
        assert.equal(computer.leaders.length, 0);
        const next = computer.open();
        await computer.run(minuteMs);
        assert.equal(next.shown, undefined);
      });
    }
  }

  it("gives cars other names in files, which all windows know", async () => {
    const computer = new Computer();
    const windows = [1, 2].map(() => computer.open({ isFocused: true }));
    await computer.run(minuteMs);
    const salt = computer.disk.contents.get("storage/salt");
    windows[0]!.core.garage.forgetAll();
    await computer.run(15 * secondMs);
    assert.notEqual(computer.disk.contents.get("storage/salt"), salt);
    const follower = windows.find(({ role }) => role === "follower")!;
    const outcome = follower.core.polling.refresh([follower.core.garage.current.cars[0]!.vin]);
    await computer.run(10 * secondMs);
    assert.equal((await outcome).kind, "checked");
    assert.ok(windows.every(({ shown }) => shown === "connectedAc"));
  });

  it("is done by the window that was told to only: others may have written anew", async () => {
    const computer = new Computer();
    const removals: number[] = [];
    const open = (index: number) =>
      computer.open({
        isFocused: true,
        before: (call, name) => {
          if (call === "remove" && name === "snapshot.json") removals.push(index);
        },
      });
    const windows = [0, 1, 2].map(open);
    await computer.run(minuteMs);
    windows[2]!.core.garage.forgetAll();
    await computer.run(minuteMs);
    assert.deepEqual(removals, [2]);
  });
});

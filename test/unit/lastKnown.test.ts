import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../src/base/clock";
import { saltFile } from "../../src/sync/carKeys";
import { snapshotFile } from "../../src/sync/snapshot";
import { settle } from "../support/fakeClock";
import { Computer, type SimulatedWindow, vinAt } from "../support/windowsComputer";
import { systemError } from "../support/memoryFolder";

const [snapshotPath, saltPath] = [`storage/${snapshotFile}`, `storage/${saltFile}`];

describe("What was last known of the cars", () => {
  let computer: Computer;
  let earlier: SimulatedWindow;

  beforeEach(async () => {
    computer = new Computer();
    earlier = computer.open({ isFocused: true });
    await computer.run(minuteMs);
    assert.equal(earlier.shown, "connectedAc");
  });

  it("is shown in the turn in which a window opens, before it does anything that takes time", async () => {
    const calls: string[] = [];
    const window = computer.open({ before: (call, name) => void calls.push(`${call} ${name}`) });
    await settle();
    assert.equal(window.shown, "connectedAc");
    assert.deepEqual(calls, []);
    await computer.run(secondMs);
    assert.ok(calls.length > 0, "then it takes part");
    assert.equal(computer.lastAsker, earlier);
  });

  it("is told of cars that it knows, and of no other", async () => {
    computer.change({ vehicles: [vinAt(1), vinAt(0)] });
    const window = computer.open();
    await settle();
    assert.deepEqual(
      window.core.garage.current.cars.map(({ reading }) => reading?.connection.value.kind),
      [undefined, "connectedAc"],
    );
  });

  it("is forgotten again where another window was told to, before this one has looked at the files again", async () => {
    earlier.close();
    const window = computer.open();
    await settle();
    assert.equal(window.shown, "connectedAc");
    computer.service.weather = { kind: "silent" };
    const folder = computer.disk.open("storage");
    for (const name of [snapshotFile, saltFile]) await folder.remove(name);
    await computer.run(10 * secondMs);
    assert.equal(computer.lastAsker, window);
    assert.equal(window.shown, undefined);
  });

  it("is not shown for a moment by a window that begins with the demo", async () => {
    const window = computer.open({ before: () => new Promise(() => undefined) });
    window.core.polling.off();
    await settle();
    assert.equal(window.shown, undefined);
  });

  describe("is not shown, and keeps no window from asking,", () => {
    beforeEach(() => earlier.close());

    const damages: Readonly<Record<string, () => void>> = {
      "where the file is damaged": () => computer.disk.put(snapshotPath, "{"),
      "where it is another version's": () => {
        const text = computer.disk.contents.get(snapshotPath) ?? "";
        computer.disk.put(snapshotPath, text.replace('"schema":', '"schema":1'));
      },
      "where what cars are called in it is damaged": () => computer.disk.put(saltPath, "00"),
    };
    for (const [what, damage] of Object.entries(damages)) {
      it(what, async () => {
        damage();
        const window = computer.open({ isFocused: true });
        await settle();
        assert.equal(window.shown, undefined);
        await computer.run(minuteMs);
        assert.equal(window.shown, "connectedAc");
      });
    }

    it("where it cannot be read at this moment", async () => {
      let isBroken = true;
      const fault = () => (isBroken ? systemError("EIO") : undefined);
      const window = computer.open({ isFocused: true, fault });
      await settle();
      assert.equal(window.shown, undefined);
      isBroken = false;
      await computer.run(minuteMs);
      assert.equal(window.shown, "connectedAc");
    });
  });
});

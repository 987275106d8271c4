import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { mulberry } from "../support/random";
import { Computer, type SimulatedWindow } from "../support/windows/computer";
import type { FolderCall } from "../support/disk/memoryFolder";

/** A window of a computer with `cars`, and the window's calls of the shared folder. */
function counted(cars: number, options: Readonly<{ latencyMs?: number; signedIn?: "volvoId" }> = {}) {
  const computer = new Computer({ cars, ...(options.signedIn && { signedIn: options.signedIn }) });
  computer.service.latencyMs = options.latencyMs ?? 0;
  const calls: string[] = [];
  const before = (call: FolderCall, name: string) => void calls.push(`${call} ${name}`);
  const window = computer.open({ isFocused: true, before });
  return { computer, window, calls };
}

/** The calls of one scheduled poll, without the call that the wall timer makes. */
async function callsOfPoll({ computer, calls }: ReturnType<typeof counted>): Promise<readonly string[]> {
  // The first polls also look up names and create the salt.
  await computer.run(4 * minuteMs);
  const { nextCheckAt } = computer.windows[0]!.core.carStore.current;
  await computer.run(nextCheckAt! - computer.clock.now() - 1);
  calls.length = 0;
  const before = computer.service.requests.length;
  await computer.run(8 * secondMs);
  // Volvo's limit allows 60 requests a minute.
  const cars = computer.windows[0]!.core.carStore.current.cars.length;
  assert.equal(computer.service.requests.length - before, Math.min(cars, 60));
  return calls.filter((call) => call !== "version ");
}

describe("What polling costs", () => {
  for (const cars of [1, 12, 100]) {
    it(`is at most 14 calls of the shared folder for ${cars} cars`, async () => {
      const calls = await callsOfPoll(counted(cars));
      assert.ok(calls.length <= 14, calls.join("\n"));
    });
  }

  it("is at most 20 calls with a renewal of the sign-in", async () => {
    const poll = counted(12, { signedIn: "volvoId" });
    const calls = await callsOfPoll(poll);
    assert.ok(poll.computer.volvoId.renewals >= 2, "the poll renews the sign-in of the one before");
    assert.ok(calls.length <= 20, calls.join("\n"));
  });

  it("is at most six more calls if the answers take half a second", async () => {
    const calls = await callsOfPoll(counted(12, { latencyMs: 500 }));
    assert.ok(calls.length <= 14 + 6, calls.join("\n"));
  });

  it("is only a check of the folder's version between two polls: no file is written", async () => {
    const { computer, calls } = counted(2);
    for (let other = 0; other < 2; other++) computer.open();
    await computer.run(minuteMs);
    const { contents } = computer.disk;
    calls.length = 0;
    await computer.run(75 * secondMs);
    assert.deepEqual([...computer.disk.contents], [...contents]);
    assert.ok(calls.length >= 4 && calls.length <= 6 && calls.every((call) => call === "version "), calls.join("\n"));
  });

  it("is two timers in an idle window: the tick and the next check", async () => {
    const { computer } = counted(1);
    await computer.run(minuteMs);
    assert.equal(computer.clock.pendingTimers, 2);
  });

  it("is at most 60 requests in a minute with 100 cars, over all windows", async () => {
    const computer = new Computer({ cars: 100 });
    computer.service.latencyMs = 50;
    const windows = [1, 2, 3].map((index) => computer.open({ isFocused: index === 1 }));
    for (let step = 0; step < 20; step++) {
      void windows[step % 3]!.core.polling.refresh();
      await computer.run(30 * secondMs);
    }
    const times = computer.service.requests.map(({ realMs }) => realMs);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minuteMs).length));
    assert.ok(most <= 60, `${most} requests in a minute`);
    assert.ok(computer.service.readAt.size === 100, "every car was read");
  });

  it("is at most 20 hand-overs in a day of a user who switches among three windows", async () => {
    for (const seed of [1, 2, 3]) {
      const random = mulberry(seed);
      const computer = new Computer({ random });
      const windows = [1, 2, 3].map(() => computer.open());
      let shown: SimulatedWindow | undefined;
      for (let at = 0; at < 8 * hourMs;) {
        shown?.focus(false);
        shown = windows[Math.floor(random() * 3)]!;
        shown.focus();
        const dwellMs = (0.2 + 2 * random()) * 3 * minuteMs;
        at += dwellMs;
        await computer.run(dwellMs);
      }
      shown?.focus(false);
      await computer.run(16 * hourMs);
      const askers = computer.service.requests.map(({ from }) => from.window);
      const handOvers = askers.filter((window, index) => index > 0 && window !== askers[index - 1]).length;
      assert.ok(handOvers <= 20, `${handOvers} hand-overs, seed ${seed}`);
    }
  });
});

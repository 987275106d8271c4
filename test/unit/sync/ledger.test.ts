import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, sleep } from "../../../src/base/clock";
import { createLedger } from "../../../src/sync/ledger";
import { utcDay } from "../../../src/sync/quota";
import { RecordingLog } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";
import { type FolderOptions, MemoryDisk, systemError } from "../../support/memoryFolder";

describe("The ledger of calls", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;

  const ledger = (options?: FolderOptions) => createLedger(disk.open("calls", options), clock, new RecordingLog());

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
  });

  it("counts over all windows, also those that are gone", async () => {
    const first = ledger();
    await first.spend(10);
    await first.spend(10);
    assert.deepEqual(await ledger().spend(10), { granted: true, count: { day: utcDay(clock.now()), calls: 3 } });
    assert.equal((await first.spend(10)).count.calls, 4);
  });

  it("grants no more than the budget, and says how many there were", async () => {
    const [first, second] = [ledger(), ledger()];
    assert.ok((await first.spend(2)).granted);
    assert.ok((await second.spend(2)).granted);
    assert.deepEqual(await first.spend(2), { granted: false, count: { day: utcDay(clock.now()), calls: 2 } });
    assert.ok((await first.spend(3)).granted, "a refusal costs nothing");
  });

  it("counts together what is asked for at once, and grants the first of it where there is not room for all", async () => {
    let writes = 0;
    const one = ledger({
      before: (call) => {
        if (call === "overwrite") writes++;
      },
    });
    await one.spend(5);
    writes = 0;
    const answers = await Promise.all([5, 5, 5, 5, 5, 5].map((budget) => one.spend(budget)));
    assert.deepEqual(
      answers.map(({ granted }) => granted),
      [true, true, true, true, false, false],
    );
    assert.ok(answers.every(({ count }) => count.calls === 5));
    // The second takes back what was not granted.
    assert.equal(writes, 2);
    assert.equal((await ledger().spend(10)).count.calls, 6);
  });

  it("starts anew with the UTC day and forgets days long past", async () => {
    const one = ledger();
    for (let day = 0; day < 12; day++) {
      assert.equal((await one.spend(10)).count.calls, 1);
      clock.jump(dayMs);
    }
    assert.ok(disk.contents.size <= 9);
  });

  it("counts the calls of tomorrow when the clock is set back, but not those of a date that was wrong", async () => {
    const one = ledger();
    await one.spend(10);
    clock.jump(dayMs);
    await one.spend(10);
    clock.jump(-dayMs);
    assert.equal((await one.spend(10)).count.calls, 3);
    clock.jump(5 * dayMs);
    assert.equal((await one.spend(10)).count.calls, 1);
    clock.jump(-5 * dayMs);
    assert.equal((await one.spend(10)).count.calls, 4);
    assert.equal((await ledger().spend(10)).count.calls, 5);
  });

  it("counts no file of another window that holds no count, or one that cannot be, and says so once", async () => {
    for (const content of ["99999", "20001", "9007199254740993", "-1", "1.5", "NaN", "{}"]) {
      const log = new RecordingLog();
      disk = new MemoryDisk();
      disk.put(`calls/${utcDay(clock.now())}-0badcafe`, content);
      const one = createLedger(disk.open("calls"), clock, log);
      for (let calls = 1; calls <= 3; calls++) assert.equal((await one.spend(10)).count.calls, calls, content);
      assert.deepEqual(log.lines, ["warn Calls cannot be counted over all windows: a file of theirs is damaged"]);
    }
    disk.put(`calls/${utcDay(clock.now())}-0badcafe`, "9999");
    assert.equal((await ledger().spend(5000)).granted, false);
  });

  it("counts for its window where the folder cannot be used, and says so once", async () => {
    const log = new RecordingLog();
    const one = createLedger(disk.open("calls", { fault: () => systemError("EROFS") }), clock, log);
    for (let calls = 1; calls <= 3; calls++) assert.equal((await one.spend(3)).count.calls, calls);
    assert.equal((await one.spend(3)).granted, false);
    assert.equal(log.lines.length, 1);
  });

  it("never grants more than the budget, however slow the disk and however many ask at once", async () => {
    const asks = fc.array(fc.record({ window: fc.nat(3), atMs: fc.nat(2_000), delayMs: fc.nat(300) }), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 20 }), async (list, budget) => {
        clock = new FakeClock();
        disk = new MemoryDisk();
        let turn = 0;
        const before = () => sleep(clock, list[turn++ % list.length]!.delayMs);
        const windows = [0, 1, 2, 3].map(() => ledger({ before }));
        let granted = 0;
        for (const { window, atMs } of list) {
          clock.after(atMs, () => {
            void windows[window]!.spend(budget).then((answer) => (granted += answer.granted ? 1 : 0));
          });
        }
        await clock.advance(hourMs);
        assert.ok(granted <= budget);
        assert.equal(granted < Math.min(list.length, budget) && list.every(({ delayMs }) => delayMs === 0), false);
      }),
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { sleep } from "../../../src/base/clock";
import { createNumberedLock, type LockHold, type NumberedLock } from "../../../src/base/numberedLock";
import { FakeClock, settle } from "../../support/fakeClock";
import { type FolderOptions, MemoryDisk, systemError } from "../../support/disk/memoryFolder";

const options = { heartbeatMs: 5_000, staleMs: 15_000 };

/** A process that tries to get the lock and can be killed. */
class Contender {
  isDead = false;
  readonly lock: NumberedLock;

  constructor(disk: MemoryDisk, clock: FakeClock, folder: FolderOptions = {}) {
    this.lock = createNumberedLock(disk.open("lease", { ...folder, isDead: () => this.isDead }), clock, options);
  }

  /** Tries once per heartbeat for `times` heartbeats. */
  async tries(clock: FakeClock, times: number): Promise<LockHold | undefined> {
    for (let count = 0; count < times; count++) {
      const hold = await this.lock.tryAcquire();
      if (hold) return hold;
      await clock.advance(options.heartbeatMs);
    }
    return undefined;
  }
}

describe("the numbered lock", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  const contender = (folder?: FolderOptions) => new Contender(disk, clock, folder);

  async function held(by: Contender): Promise<LockHold> {
    const hold = await by.lock.tryAcquire();
    assert.ok(hold);
    return hold;
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
  });

  it("belongs to the first process that asks, for as long as its heartbeat continues", async () => {
    const hold = await held(contender());
    assert.equal(hold.number, 1);
    assert.equal(await contender().tries(clock, 50), undefined);
    assert.ok(await hold.stillHeld());
  });

  it("passes to the next process at once on release, with a higher number and no file left behind", async () => {
    await (await held(contender())).release();
    assert.equal((await held(contender())).number, 2);
    assert.deepEqual([...disk.contents.keys()], ["lease/2"]);
  });

  it("can be released at the last moment of a process", async () => {
    (await held(contender())).releaseNow();
    assert.equal((await held(contender())).number, 2);
  });

  it("stays released if a heartbeat was being written at that moment", async () => {
    let slow: Promise<void> | undefined;
    const hold = await held(contender({ before: (call) => (call === "overwrite" ? slow : undefined) }));
    let finish: () => void = () => undefined;
    slow = new Promise((resolve) => (finish = resolve));
    await clock.advance(options.heartbeatMs);
    hold.releaseNow();
    slow = undefined;
    finish();
    await settle();
    assert.ok(await contender().lock.tryAcquire());
  });

  it("is taken over after its holder has been silent for the stale time, and not earlier", async () => {
    const dead = contender();
    await held(dead);
    dead.isDead = true;
    const next = contender();
    assert.equal(await next.tries(clock, 3), undefined);
    assert.equal((await next.tries(clock, 1))?.number, 2);
  });

  it("passes to only one of many processes that find it stale", async () => {
    const dead = contender();
    await held(dead);
    dead.isDead = true;
    const all = Array.from({ length: 8 }, () => contender());
    for (let beat = 0; beat < 3; beat++) {
      assert.ok((await Promise.all(all.map(({ lock }) => lock.tryAcquire()))).every((hold) => !hold));
      await clock.advance(options.heartbeatMs);
    }
    const holds = await Promise.all(all.map(({ lock }) => lock.tryAcquire()));
    assert.equal(holds.filter((hold) => hold).length, 1);
  });

  it("is lost by a holder that was silent for too long, and its late heartbeat changes nothing", async () => {
    let awake: Promise<void> | undefined;
    const hold = await held(contender({ before: () => awake }));
    let wake: () => void = () => undefined;
    awake = new Promise((resolve) => (wake = resolve));
    const next = await contender().tries(clock, 10);
    assert.equal(next?.number, 2);
    awake = undefined;
    wake();
    await clock.advance(options.heartbeatMs);
    assert.equal(await hold.stillHeld(), false);
    assert.ok(await next.stillHeld());
    await hold.release();
    assert.equal(await contender().lock.tryAcquire(), undefined, "a lost lock cannot be released");
  });

  it("is returned by a process whose number was passed during creation", async () => {
    const dead = contender();
    await held(dead);
    dead.isDead = true;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const slow = contender({ before: (call) => (call === "create" ? gate : undefined) });
    const fast = contender();
    for (let beat = 0; beat < 3; beat++) {
      await Promise.all([slow.lock.tryAcquire(), fast.lock.tryAcquire()]);
      await clock.advance(options.heartbeatMs);
    }
    const late = slow.lock.tryAcquire();
    await settle();
    await (await held(fast)).release();
    const last = await held(contender());
    assert.equal(last.number, 3);
    go();
    assert.equal(await late, undefined);
    assert.ok(await last.stillHeld());
  });

  it("does not treat a live holder as dead when the clock jumps or the machine sleeps", async () => {
    const hold = await held(contender());
    const watcher = contender();
    for (const jump of [3_600_000, -3_600_000, 60_000, -20_000, 14_000, 86_400_000]) {
      assert.equal(await watcher.tries(clock, 2), undefined);
      assert.equal(await watcher.lock.tryAcquire(), undefined);
      clock.jump(jump);
      assert.equal(await watcher.lock.tryAcquire(), undefined, `after a jump by ${jump} ms`);
    }
    await clock.advance(options.heartbeatMs);
    assert.ok(await Promise.race([hold.stillHeld(), clock.advance(2 * options.heartbeatMs).then(() => false)]));
  });

  it("restarts the stale time after a sleep, because the holder could not send heartbeats either", async () => {
    const dead = contender();
    await held(dead);
    dead.isDead = true;
    const watcher = contender();
    assert.equal(await watcher.tries(clock, 3), undefined);
    clock.jump(3_600_000);
    assert.equal(await watcher.tries(clock, 3), undefined);
    assert.ok(await watcher.lock.tryAcquire());
  });

  it("makes a holder that wakes from sleep wait one heartbeat before it acts", async () => {
    const hold = await held(contender());
    clock.jump(3_600_000);
    let answer: boolean | undefined;
    void hold.stillHeld().then((value) => (answer = value));
    await clock.advance(options.heartbeatMs - 1);
    assert.equal(answer, undefined);
    await clock.advance(1);
    assert.equal(answer, true);
  });

  it("can be taken from a live holder, which notices at once", async () => {
    const hold = await held(contender());
    const taken = await contender().lock.takeOver();
    assert.equal(taken?.number, 2);
    assert.deepEqual([hold.tookOver, taken.tookOver], [false, true]);
    assert.deepEqual([await hold.stillHeld(), await taken.stillHeld()], [false, true]);
    await clock.advance(10 * options.heartbeatMs);
    await hold.release();
    assert.equal(await contender().tries(clock, 10), undefined);
    await taken.release();
    assert.equal((await held(contender())).number, 3);
  });

  it("goes to one of several processes that take it over at the same time", async () => {
    await held(contender());
    const taken = await Promise.all([contender().lock.takeOver(), contender().lock.takeOver()]);
    assert.deepEqual(
      taken.filter((hold) => hold !== undefined).map(({ number }) => number),
      [2],
    );
  });

  it("is not held while the folder does not answer, and is held again when it does", async () => {
    let fault: Error | undefined;
    const hold = await held(contender({ fault: () => fault }));
    fault = systemError("EIO");
    assert.equal(await hold.stillHeld(), false);
    fault = undefined;
    assert.equal(await hold.stillHeld(), true);
  });

  it("is not held on the strength of an answer that took the folder longer than a heartbeat", async () => {
    let delayMs = 0;
    const hold = await held(contender({ before: () => (delayMs > 0 ? sleep(clock, delayMs) : undefined) }));
    delayMs = options.heartbeatMs * 0.6;
    let answer: boolean | undefined;
    void hold.stillHeld().then((value) => (answer = value));
    await clock.advance(2 * options.heartbeatMs);
    assert.equal(answer, false);
  });

  it("belongs to the highest number, even while a file with a lower number exists", async () => {
    const hold = await held(contender());
    disk.put("lease/2", "another 0");
    assert.equal(await hold.stillHeld(), false);
  });

  it("rejects if the folder is not writable", async () => {
    const { lock } = contender({ fault: (call) => (call === "create" ? systemError("EROFS") : undefined) });
    await assert.rejects(lock.tryAcquire(), { code: "EROFS" });
  });

  it("was taken at the moment before any other process could see it", async () => {
    const askedAt = clock.now();
    const slow = contender({ before: (call) => (call === "create" ? sleep(clock, 2_000) : undefined) });
    const holding = held(slow);
    await clock.advance(2_000);
    assert.equal((await holding).takenAt, askedAt);
  });

  it("is free if the highest number belongs to a folder or a broken link, which hold no lock", async () => {
    const folder = disk.open("lease");
    const first = { ...folder, list: async () => ["7", ...(await folder.list())] };
    const lock = createNumberedLock(first, clock, options);
    assert.equal((await lock.tryAcquire())?.number, 8);
  });

  it("answers without reading the folder once it was lost or released", async () => {
    const released = await held(contender());
    assert.equal(released.isOver, false);
    await released.release();
    assert.equal(released.isOver, true);
    const taken = await held(contender());
    await contender().lock.takeOver();
    assert.equal(taken.isOver, false);
    await clock.advance(options.heartbeatMs);
    assert.equal(taken.isOver, true);
  });

  it("is marked as free with the word that version 0.1.0 knows", async () => {
    await (await held(contender())).release();
    assert.deepEqual([...disk.contents], [["lease/1", "released"]]);
  });

  it("is released at once if the folder cannot be read after its creation, and the error is reported", async () => {
    let isCreated = false;
    const { lock } = contender({
      before: (call) => void (isCreated ||= call === "create"),
      fault: (call) => (isCreated && call === "list" ? systemError("EIO") : undefined),
    });
    await assert.rejects(lock.tryAcquire(), { code: "EIO" });
    assert.equal((await held(contender())).number, 2);
  });

  it("neither removes nor counts other files, such as the generation of the sign-in", async () => {
    const others = ["refresh.generation", "0", "07", "5x", "x5", "12.tmp", "1234567890123456"];
    for (const name of others) disk.put(`lease/${name}`, "another's");
    const hold = await held(contender());
    assert.equal(hold.number, 1);
    await hold.release();
    assert.equal((await held(contender())).number, 2);
    const names = [...disk.contents.keys()].map((path) => path.slice("lease/".length));
    assert.deepEqual(names.sort(), [...others, "2"].sort());
  });

  it("takes the next number after 9 and after 99", async () => {
    for (const number of [9, 10, 99, 100]) {
      disk.put(`lease/${number}`, "released");
      const hold = await held(contender());
      assert.equal(hold.number, number + 1);
      await hold.release();
    }
  });

  it("leaves no timer behind when it is released or lost", async () => {
    const [released, atLast, lost] = [contender(), contender(), contender()];
    await (await held(released)).release();
    assert.equal(clock.pendingTimers, 0);
    (await held(atLast)).releaseNow();
    assert.equal(clock.pendingTimers, 0);
    await held(lost);
    const taken = await contender().lock.takeOver();
    await clock.advance(options.heartbeatMs);
    await taken?.release();
    assert.equal(clock.pendingTimers, 0);
  });

  it("is taken over after the stale time even by a process that tries twice at a time", async () => {
    const dead = contender();
    await held(dead);
    dead.isDead = true;
    const { lock } = contender();
    for (let beat = 0; beat < 3; beat++) {
      for (let look = 0; look < 2; look++) assert.equal(await lock.tryAcquire(), undefined);
      await clock.advance(options.heartbeatMs);
    }
    assert.equal((await lock.tryAcquire())?.number, 2);
  });

  it("restarts the stale time after the clock was set back, and passes on three heartbeats later", async () => {
    const dead = contender();
    await held(dead);
    dead.isDead = true;
    const watcher = contender();
    assert.equal(await watcher.tries(clock, 2), undefined);
    clock.jump(-3_600_000);
    assert.equal(await watcher.tries(clock, 3), undefined);
    assert.ok(await watcher.lock.tryAcquire());
  });

  it("counts a heartbeat of silence between two attempts, unless they are more than three heartbeats apart", async () => {
    for (const [apartMs, isCounted] of [
      [3 * options.heartbeatMs, true],
      [3 * options.heartbeatMs + 1, false],
    ] as const) {
      disk = new MemoryDisk();
      const dead = contender();
      await held(dead);
      dead.isDead = true;
      const { lock } = contender();
      for (let look = 0; look < 3; look++) {
        assert.equal(await lock.tryAcquire(), undefined);
        await clock.advance(apartMs);
      }
      assert.equal((await lock.tryAcquire()) !== undefined, isCounted);
    }
  });

  for (const [title, jumpMs, waits] of [
    ["was silent for all but one heartbeat of the stale time", options.staleMs - options.heartbeatMs, true],
    ["was silent for less", options.staleMs - options.heartbeatMs - 1, false],
    ["had its clock set back", -1, true],
  ] as const) {
    it(`${waits ? "makes" : "does not make"} a holder wait one heartbeat if it ${title}`, async () => {
      const hold = await held(contender());
      clock.jump(jumpMs);
      let answer: boolean | undefined;
      void hold.stillHeld().then((value) => (answer = value));
      await settle();
      assert.equal(answer, waits ? undefined : true);
      await clock.advance(options.heartbeatMs);
      assert.equal(answer, true);
    });
  }

  it("is held if the folder answers within a heartbeat, and not if it takes longer", async () => {
    for (const [delayMs, isHeld] of [
      [options.heartbeatMs / 2, true],
      [options.heartbeatMs / 2 + 1, false],
    ] as const) {
      disk = new MemoryDisk();
      let isSlow = false;
      const hold = await held(contender({ before: () => (isSlow ? sleep(clock, delayMs) : undefined) }));
      isSlow = true;
      let answer: boolean | undefined;
      void hold.stillHeld().then((value) => (answer = value));
      await clock.advance(3 * options.heartbeatMs);
      assert.equal(answer, isHeld);
    }
  });

  it("is lost if something else has replaced its file", async () => {
    const folder = disk.open("lease");
    let isReplaced = false;
    const read = async (name: string) => (isReplaced ? undefined : folder.read(name));
    const hold = await createNumberedLock({ ...folder, read }, clock, options).tryAcquire();
    isReplaced = true;
    assert.equal(await hold?.stillHeld(), false);
    assert.equal(hold?.isOver, true);
  });

  it("is not acquired if something else has replaced its new file", async () => {
    const folder = disk.open("lease");
    const lock = createNumberedLock({ ...folder, read: () => Promise.resolve(undefined) }, clock, options);
    assert.equal(await lock.tryAcquire(), undefined);
  });

  it("is never held by two processes, even if any of them is slow, suspended or killed", async () => {
    const process = fc.record({
      delaysMs: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 8 }),
      stopsAtMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
      stopsForMs: fc.integer({ min: 1, max: 60_000 }),
      diesAtMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
      restMs: fc.integer({ min: 100, max: 9_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(process, { minLength: 2, maxLength: 5 }), async (processes) => {
        clock = new FakeClock();
        disk = new MemoryDisk();
        const startedAt = clock.now();
        const endAt = startedAt + 120_000;
        let highestNumber = 0;
        let acts = 0;
        const all = processes.map(({ delaysMs, stopsAtMs, stopsForMs, diesAtMs, restMs }) => {
          let calls = 0;
          const pause = async () => {
            const at = clock.now() - startedAt;
            if (stopsAtMs !== null && at >= stopsAtMs && at < stopsAtMs + stopsForMs) {
              await sleep(clock, stopsAtMs + stopsForMs - at);
            }
            await sleep(clock, delaysMs[calls++ % delaysMs.length] ?? 0);
          };
          const one = contender({ before: pause });
          if (diesAtMs !== null) clock.after(diesAtMs, () => (one.isDead = true));
          return (async () => {
            while (clock.now() < endAt && !one.isDead) {
              const hold = await one.lock.tryAcquire();
              if (hold) {
                assert.ok(hold.number > highestNumber, "numbers rise");
                highestNumber = hold.number;
                for (let turn = 0; turn < 4 && (await hold.stillHeld()); turn++) {
                  assert.equal(hold.number, highestNumber, "only the last holder acts");
                  acts++;
                  await sleep(clock, restMs);
                }
                await hold.release();
              }
              await sleep(clock, options.heartbeatMs);
            }
          })();
        });
        void Promise.all(all);
        await clock.advance(125_000);
        assert.ok(acts > 0 || processes.every(({ diesAtMs, stopsAtMs }) => diesAtMs !== null || stopsAtMs !== null));
      }),
      { numRuns: 60 },
    );
  });
});

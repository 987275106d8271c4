import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { createNumberedLock, type NumberedLock } from "../../../src/base/numberedLock";
import type { Refusal, Turn, TurnOutcome } from "../../../src/base/turn";
import { limitedFolder } from "../../../src/windows/limitedFolder";
import { lockTimes, WindowTurns } from "../../../src/windows/turns";
import { RecordingLog } from "../../support/builders/builders";
import { FakeClock, settle } from "../../support/fakeClock";
import { FakeFocus } from "../../support/fakeFocus";
import { type FolderCall, MemoryDisk, systemError } from "../../support/disk/memoryFolder";

/** A window with turns, which records its calls. */
class TestWindow {
  readonly log = new RecordingLog();
  readonly focus: FakeFocus;
  readonly turns: WindowTurns;
  readonly lock: NumberedLock;
  /** The calls of the lock's folder. */
  readonly calls: string[] = [];
  /** The calls of the shared state, with the number of the turn. */
  readonly told: string[] = [];
  fault: ((call: FolderCall) => Error | undefined) | undefined;
  alive: () => PromiseLike<unknown> = () => Promise.resolve();
  probes = 0;
  spend: () => Refusal | undefined = () => undefined;
  begin: () => Promise<void> = () => Promise.resolve();
  isDead = false;

  constructor(
    readonly clock: FakeClock,
    disk: MemoryDisk,
  ) {
    this.focus = new FakeFocus(clock);
    const folder = disk.open("storage/refresh", {
      before: (call, name) => void this.calls.push(`${call} ${name}`),
      fault: (call) => this.fault?.(call),
      isDead: () => this.isDead,
    });
    this.lock = createNumberedLock(limitedFolder(folder, clock), clock, lockTimes);
    this.turns = new WindowTurns({
      lock: this.lock,
      times: lockTimes,
      state: {
        begin: async ({ number }) => {
          this.told.push(`begin ${number}`);
          await this.begin();
        },
        write: () => Promise.resolve(void this.told.push("write")),
        end: ({ number }, isHeld) => Promise.resolve(void this.told.push(`end ${number} ${isHeld}`)),
      },
      clock,
      log: this.log,
      focus: this.focus,
      alive: () => {
        this.probes++;
        return this.alive();
      },
      spend: () => this.spend(),
    });
  }
}

describe("The turns of windows", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let window: TestWindow;
  let other: TestWindow;

  /** The outcome of `promise` so far. */
  function watched<T>(promise: Promise<T>): { outcome: T | "waits" | Error } {
    const watch: { outcome: T | "waits" | Error } = { outcome: "waits" };
    promise.then(
      (outcome) => (watch.outcome = outcome),
      (error: unknown) => (watch.outcome = error as Error),
    );
    return watch;
  }

  const wasGranted = ({ outcome }: { readonly outcome: unknown }) =>
    typeof outcome === "object" && outcome !== null && "value" in outcome;
  const at = (turn: Turn) => Promise.resolve(turn.number);
  const storeSecret = (turn: Turn) => {
    turn.secretStored();
    return Promise.resolve();
  };
  /** A turn that lasts until `end` is called. */
  async function longTurn(of: TestWindow): Promise<{ readonly turn: Turn; readonly end: () => void }> {
    let end: () => void = () => undefined;
    const lasts = new Promise<void>((resolve) => (end = resolve));
    const turn = await new Promise<Turn>((resolve) => {
      void of.turns.take("refresh", (given) => {
        resolve(given);
        return lasts;
      });
    });
    return { turn, end };
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    window = new TestWindow(clock, disk);
    other = new TestWindow(clock, disk);
  });

  it("have rising numbers, and announce their begin and their end to the state", async () => {
    assert.deepEqual(await window.turns.take("refresh", at), { value: 1 });
    await settle();
    assert.deepEqual(await other.turns.take("refresh", at), { value: 2 });
    await settle();
    assert.deepEqual(window.told, ["begin 1", "end 1 true"]);
    assert.deepEqual(other.told, ["begin 2", "end 2 true"]);
    assert.deepEqual([...disk.contents], [["storage/refresh/2", "released"]]);
    assert.equal(clock.pendingTimers, 0, "nothing happens between turns");
  });

  it("let the state be written", async () => {
    await window.turns.take("refresh", (turn) => turn.write());
    assert.deepEqual(window.told, ["begin 1", "write", "end 1 true"]);
  });

  it("fail with the error of their action, and are over then", async () => {
    await assert.rejects(
      window.turns.take("refresh", () => Promise.reject(new Error("out of order"))),
      /out of order/,
    );
    await settle();
    assert.deepEqual(window.told, ["begin 1", "end 1 true"]);
    assert.deepEqual(await other.turns.take("check", at), { value: 2 });
  });

  it("are taken for a check only if VS Code answers within 3 s", async () => {
    window.alive = () => new Promise(() => undefined);
    const check = watched(window.turns.take("check", at));
    await clock.advance(3 * secondMs - 1);
    assert.equal(check.outcome, "waits");
    await clock.advance(1);
    assert.equal(check.outcome, undefined);
    assert.deepEqual(window.calls, [], "the lock is not read");
  });

  it("are taken even if VS Code answers with an error", async () => {
    window.alive = () => Promise.reject(new Error("no"));
    assert.ok(await window.turns.take("check", at));
  });

  it("send one question to VS Code at a time, however often one is due", async () => {
    let answer: () => void = () => undefined;
    window.alive = () => new Promise<void>((resolve) => (answer = resolve));
    for (let times = 0; times < 3; times++) {
      const check = watched(window.turns.take("check", at));
      await clock.advance(3 * secondMs);
      assert.equal(check.outcome, undefined);
    }
    assert.equal(window.probes, 1);
    answer();
    await settle();
    window.alive = () => Promise.resolve();
    assert.ok(await window.turns.take("check", at));
    assert.equal(window.probes, 2);
  });

  it("send no question to VS Code if the user has just acted, which proves that the window is open", async () => {
    window.alive = () => new Promise(() => undefined);
    assert.ok(await window.turns.take("refresh", at));
    await settle();
    assert.ok(await window.turns.take("change", at));
    assert.equal(window.probes, 0);
  });

  it("are not waited for by a check, which reads the lock once", async () => {
    await longTurn(other);
    window.calls.splice(0);
    assert.equal(await window.turns.take("check", at), undefined);
    assert.deepEqual(window.calls, ["list ", "read 1"]);
    assert.deepEqual(window.told, []);
  });

  it("are waited for by a refresh for up to 20 s", async () => {
    const { end } = await longTurn(other);
    const [short, long] = [watched(window.turns.take("refresh", at)), watched(window.turns.take("refresh", at))];
    await clock.advance(19 * secondMs);
    assert.deepEqual([short.outcome, long.outcome], ["waits", "waits"]);
    await clock.advance(2 * secondMs);
    assert.deepEqual([short.outcome, long.outcome], [undefined, undefined]);
    const third = watched(window.turns.take("refresh", at));
    await clock.advance(5 * secondMs);
    end();
    await clock.advance(secondMs / 2);
    assert.deepEqual(third.outcome, { value: 2 });
  });

  it("are waited for by a refresh only until another window has the answer", async () => {
    await longTurn(other);
    let isAnswered = false;
    const refresh = watched(window.turns.take("refresh", at, { isAnswered: () => isAnswered }));
    await clock.advance(5 * secondMs);
    assert.equal(refresh.outcome, "waits");
    isAnswered = true;
    await clock.advance(secondMs / 5);
    assert.equal(refresh.outcome, undefined);
  });

  it("are waited for by a refresh until the user cancels", async () => {
    await longTurn(other);
    const abort = new AbortController();
    const refresh = watched(window.turns.take("refresh", at, { signal: abort.signal }));
    await clock.advance(secondMs);
    abort.abort(new Error("called off"));
    await settle();
    assert.deepEqual(refresh.outcome, new Error("called off"));
    assert.equal(window.told.length, 0);
  });

  it("are taken over by a change after 10 s, and the previous window stops within a heartbeat", async () => {
    const { turn } = await longTurn(other);
    const change = watched(
      window.turns.take("change", (mine) => Promise.resolve([mine.number, mine.tookOver, mine.isExclusive])),
    );
    await clock.advance(10 * secondMs - 1);
    assert.equal(change.outcome, "waits");
    assert.equal(await turn.isHeld(), true);
    await clock.advance(secondMs);
    assert.deepEqual(change.outcome, { value: [2, true, true] });
    await clock.advance(lockTimes.heartbeatMs - secondMs);
    assert.equal(await turn.permit(), "turnOver");
    assert.equal(await turn.isHeld(), false);
  });

  it("go to a change as soon as the lock is free, which does not count as a takeover", async () => {
    const { end } = await longTurn(other);
    const change = watched(window.turns.take("change", ({ tookOver }) => Promise.resolve(tookOver)));
    await clock.advance(3 * secondMs);
    end();
    await clock.advance(secondMs / 2);
    assert.deepEqual(change.outcome, { value: false });
  });

  it("go to both of two windows that take over at the same time, one after the other", async () => {
    const third = new TestWindow(clock, disk);
    await longTurn(other);
    const changes = [window, third].map((one) => watched(one.turns.take("change", at)));
    await clock.advance(12 * secondMs);
    assert.deepEqual(new Set(changes.map(({ outcome }) => (outcome as TurnOutcome<number>)?.value)), new Set([2, 3]));
  });

  it("pass on 15 s after their window was killed", async () => {
    await longTurn(other);
    other.isDead = true;
    const refresh = watched(window.turns.take("refresh", (turn) => Promise.resolve(turn.tookOver)));
    await clock.advance(14 * secondMs);
    assert.equal(refresh.outcome, "waits");
    await clock.advance(2 * secondMs);
    assert.deepEqual(refresh.outcome, { value: false }, "the silent window no longer runs, so nothing was taken over");
  });

  it("are short: nothing starts after 10 s, and running requests end after 15 s", async () => {
    const { turn } = await longTurn(window);
    assert.deepEqual([turn.mayStart(), turn.remainingMs()], [true, 15 * secondMs]);
    await clock.advance(10 * secondMs - 1);
    assert.equal(turn.mayStart(), true);
    await clock.advance(1);
    assert.deepEqual([turn.mayStart(), turn.remainingMs()], [false, 5 * secondMs]);
    assert.equal(await turn.permit(), undefined, "the second request of a reading may still be sent");
    await clock.advance(5 * secondMs);
    assert.deepEqual([turn.remainingMs(), await turn.permit()], [0, "turnOver"]);
    assert.equal(await turn.isHeld(), true, "no other window has taken it over");
    await clock.advance(minuteMs);
    assert.equal(turn.remainingMs(), 0);
  });

  it("end if the clock is set back", async () => {
    const { turn } = await longTurn(window);
    clock.jump(-minuteMs);
    assert.equal(turn.mayStart(), false);
    assert.equal(await turn.permit(), "turnOver");
  });

  it("permit as many requests as the budget has calls, and do not count requests without a turn", async () => {
    const { turn } = await longTurn(window);
    let calls = 0;
    window.spend = () => (++calls > 2 ? "budgetSpent" : undefined);
    assert.deepEqual(
      [await turn.permit(), await turn.permit(), await turn.permit()],
      [undefined, undefined, "budgetSpent"],
    );
    window.spend = () => "minuteSpent";
    assert.equal(await turn.permit(), "minuteSpent");
    window.spend = () => assert.fail("counted");
    await other.lock.takeOver();
    await clock.advance(lockTimes.heartbeatMs);
    assert.equal(await turn.permit(), "turnOver");
  });

  it("read the lock at most once a heartbeat, for any number of requests", async () => {
    const { turn } = await longTurn(window);
    await clock.advance(lockTimes.heartbeatMs - 1);
    window.calls.splice(0);
    for (let times = 0; times < 20; times++) assert.equal(await turn.permit(), undefined);
    assert.equal(await turn.isHeldRecently(), true);
    assert.deepEqual(window.calls, []);
    await clock.advance(1);
    window.calls.splice(0);
    for (let times = 0; times < 20; times++) assert.equal(await turn.permit(), undefined);
    assert.deepEqual(window.calls, ["list ", "read 1"]);
  });

  it("read the lock again after the process was suspended, and permit nothing if they were lost", async () => {
    for (const isLost of [false, true]) {
      const { turn, end } = await longTurn(window);
      clock.hang(lockTimes.heartbeatMs + secondMs);
      if (isLost) await other.lock.takeOver();
      window.calls.splice(0);
      assert.equal(await turn.permit(), isLost ? "turnOver" : undefined);
      assert.equal(window.calls[0], "list ");
      end();
      await settle();
    }
  });

  it("tell the state if they were lost", async () => {
    const { end } = await longTurn(window);
    await other.lock.takeOver();
    await clock.advance(lockTimes.heartbeatMs);
    end();
    await settle();
    assert.deepEqual(window.told, ["begin 1", "end 1 false"]);
  });

  it("for checks of one window are 1 s apart, so that another window can have one in between", async () => {
    await window.turns.take("check", at);
    await settle();
    const next = watched(window.turns.take("check", at));
    await clock.advance(secondMs - 1);
    assert.equal(next.outcome, "waits");
    assert.deepEqual(await other.turns.take("check", at), { value: 2 });
    await clock.advance(1);
    assert.deepEqual(next.outcome, { value: 3 });
    await settle();
    assert.deepEqual(await window.turns.take("refresh", at), { value: 4 }, "a refresh does not wait");
  });

  it("of one window are not delayed by a clock that was set back", async () => {
    await window.turns.take("check", at);
    await settle();
    clock.jump(-minuteMs);
    assert.deepEqual(await window.turns.take("check", at), { value: 2 });
  });

  it("are kept for 250 ms after a secret was stored, until VS Code has written it to disk", async () => {
    await window.turns.take("refresh", storeSecret);
    await clock.advance(249);
    assert.equal(await other.turns.take("check", at), undefined);
    await clock.advance(1);
    assert.deepEqual(await other.turns.take("check", at), { value: 2 });
  });

  it("are kept until work that continues after them has settled, and then for the secret that it has stored", async () => {
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<void>((_, reject) => (fail = reject));
    let turn: Turn | undefined;
    await window.turns.take("refresh", (given) => {
      turn = given;
      given.keepFor(work);
      return Promise.resolve();
    });
    const idle = watched(window.turns.whenIdle());
    await clock.advance(10 * secondMs);
    assert.equal(await other.turns.take("check", at), undefined);
    assert.equal(idle.outcome, "waits");
    turn?.secretStored();
    fail(new Error("out of order"));
    await clock.advance(249);
    assert.equal(await other.turns.take("check", at), undefined);
    await clock.advance(1);
    await clock.advance(secondMs);
    assert.deepEqual(await other.turns.take("check", at), { value: 2 });
    assert.equal(idle.outcome, undefined);
  });

  it("are released at once by a window that closes, if only the write of VS Code was outstanding", async () => {
    await window.turns.take("refresh", storeSecret);
    await settle();
    window.turns.dispose();
    assert.deepEqual(await other.turns.take("check", at), { value: 2 });
  });

  it("stay taken by a window that closes during a request, which other windows must not repeat for 15 s", async () => {
    await longTurn(window);
    window.turns.dispose();
    assert.equal(await other.turns.take("check", at), undefined);
  });

  describe("while the folder cannot be used", () => {
    const broken = () => systemError("EIO");

    /** Whether each of several checks got a turn. */
    async function checks(times: number): Promise<readonly boolean[]> {
      const granted: boolean[] = [];
      for (let count = 0; count < times; count++) {
        const check = watched(window.turns.take("check", at));
        await clock.advance(2 * secondMs);
        granted.push(wasGranted(check));
      }
      return granted;
    }

    it("are taken without the lock and without a number after the second failure, with one line in the log", async () => {
      window.fault = broken;
      const seen: unknown[] = [];
      const granted: boolean[] = [];
      for (let count = 0; count < 5; count++) {
        const check = watched(
          window.turns.take("check", (turn) => {
            seen.push([turn.number, turn.isExclusive, turn.tookOver]);
            return Promise.resolve();
          }),
        );
        await clock.advance(2 * secondMs);
        granted.push(wasGranted(check));
      }
      assert.deepEqual(granted, [false, true, true, true, true]);
      assert.deepEqual(seen[0], [0, false, false]);
      assert.deepEqual(window.log.lines, [
        "warn The shared folder cannot be used, so this window asks on its own: list: EIO: simulated (EIO)",
      ]);
    });

    it("are taken for checks by the window with focus only, and for a refresh or a change by any window", async () => {
      window.fault = broken;
      window.focus.set(false);
      assert.deepEqual(await checks(4), [false, false, false, false]);
      assert.ok(await window.turns.take("refresh", at));
      assert.ok(await window.turns.take("change", at));
      window.focus.set(true);
      assert.deepEqual(await checks(1), [true]);
    });

    it("are taken at once for a refresh, whose second attempt follows the first immediately", async () => {
      window.fault = broken;
      assert.ok(await window.turns.take("refresh", at));
      assert.equal(window.log.lines.length, 1);
    });

    it("count as held, and are as short as others", async () => {
      window.fault = broken;
      const { turn } = await longTurn(window);
      assert.deepEqual(
        [await turn.isHeld(), await turn.isHeldRecently(), await turn.permit()],
        [true, true, undefined],
      );
      await clock.advance(10 * secondMs);
      assert.equal(turn.mayStart(), false);
      await clock.advance(5 * secondMs);
      assert.deepEqual([turn.remainingMs(), await turn.permit()], [0, "turnOver"]);
    });

    it("fail with the error of their action", async () => {
      window.fault = broken;
      await assert.rejects(
        window.turns.take("refresh", () => Promise.reject(new Error("out of order"))),
        /out of order/,
      );
    });

    it("use the lock again once the folder works, with a line in the log", async () => {
      window.fault = broken;
      await checks(3);
      window.fault = undefined;
      assert.deepEqual(await checks(2), [true, true]);
      assert.equal(window.told.at(-1), "end 2 true");
      assert.deepEqual(window.log.lines.slice(1), ["info The shared folder can be used again"]);
      window.fault = broken;
      assert.deepEqual(await checks(2), [false, true]);
      assert.equal(window.log.lines.length, 3);
    });

    it("use the lock as before after a single failure, without a line in the log", async () => {
      for (let times = 0; times < 3; times++) {
        window.fault = broken;
        assert.deepEqual(await checks(1), [false]);
        window.fault = undefined;
        assert.deepEqual(await checks(1), [true]);
      }
      assert.deepEqual(window.log.lines, []);
    });

    it("are taken without the lock even if only the state cannot be read, and the lock is released", async () => {
      window.begin = () =>
        window.told.at(-1) === "begin 0"
          ? Promise.resolve()
          : limitedFolder(disk.open("x", { fault: broken }), clock)
              .list()
              .then(() => undefined);
      assert.deepEqual(await checks(2), [false, true]);
      assert.equal(window.told.filter((each) => each === "begin 0").length, 1);
      await settle();
      assert.ok(await other.turns.take("check", at));
    });
  });
});

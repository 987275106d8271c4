import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { clockToleranceMs, hourMs, minuteMs, secondMs, systemClock } from "../../../src/base/clock";
import type { StateFolder } from "../../../src/base/folder";
import type { Turn } from "../../../src/base/turn";
import type { Vin } from "../../../src/charging/vin";
import { createStateFolder } from "../../../src/host/stateFolder";
import { CarStore } from "../../../src/charging/carStore";
import { callsToday, withCalls } from "../../../src/charging/quota";
import { saltFile } from "../../../src/windows/carKeys";
import { FolderError } from "../../../src/windows/limitedFolder";
import { SharedState } from "../../../src/windows/sharedState";
import { readState } from "../../../src/windows/stateFile";
import { stateFile } from "../../../src/windows/stateFileNames";
import { schemaVersion } from "../../../src/windows/stateFileNames";
import { aReading, readingOf, RecordingLog, vinNumber } from "../../support/builders/builders";
import { FakeClock, settle } from "../../support/fakeClock";
import { type FolderCall, type FolderOptions, MemoryDisk, systemError } from "../../support/disk/memoryFolder";
import { turnWith } from "../../support/turn";

const [vin, other] = [vinNumber(1), vinNumber(2)];

/** A window, reduced to its shared state. */
class TestWindow {
  readonly carStore = new CarStore();
  readonly log = new RecordingLog();
  readonly state: SharedState;
  adoptions = 0;

  constructor(folder: StateFolder, clock: FakeClock | typeof systemClock, vins: readonly Vin[] = [vin]) {
    this.carStore.configure(vins.map((each) => ({ vin: each })));
    this.state = new SharedState({ folder, carStore: this.carStore, clock, log: this.log });
    this.state.onDidAdopt(() => this.adoptions++);
  }

  get attemptedAt(): number | undefined {
    return this.carStore.car(vin)?.attemptedAt;
  }

  get connection(): string | undefined {
    return this.carStore.car(vin)?.reading?.connection.value.kind;
  }

  /** Runs `action` in the turn with this number. */
  async inTurn(number: number, action: () => unknown = () => undefined, changes: Partial<Turn> = {}): Promise<void> {
    const turn = turnWith(undefined, { number, ...changes });
    await this.state.begin(turn);
    await action();
    await this.state.end(turn, true);
  }
}

describe("The state that windows share", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;

  function open(options: FolderOptions = {}, vins?: readonly Vin[]): TestWindow {
    return new TestWindow(disk.open("storage", options), clock, vins);
  }

  const states = () => [...disk.contents.keys()].filter((file) => file.startsWith("storage/state.")).sort();
  const textOf = (turn: number) => disk.contents.get(`storage/${stateFile(turn)}`) ?? "";

  /** Writes a state in which the car was asked for just now, and returns that time. */
  async function asked(window: TestWindow, turn: number): Promise<number> {
    await clock.advance(minuteMs);
    const at = clock.now();
    await window.inTurn(turn, () => window.carStore.attempted(vin, at));
    return at;
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
  });

  it("is read from other windows at the start of a turn", async () => {
    const [first, second] = [open(), open()];
    const reading = readingOf("connectedAc", clock.now());
    await first.inTurn(1, () => first.carStore.succeeded(vin, reading));
    assert.equal(second.connection, undefined);
    await second.inTurn(2, () => assert.equal(second.connection, "connectedAc"));
    assert.deepEqual([second.carStore.current.sharing, second.adoptions], ["shared", 1]);
    await second.state.look();
    assert.equal(second.adoptions, 1, "the same is not taken over twice");
  });

  it("is not written by a turn that has changed nothing", async () => {
    const window = open();
    await window.inTurn(1);
    assert.deepEqual(states(), []);
    const at = await asked(window, 2);
    const reader = open();
    await reader.inTurn(3);
    assert.equal(reader.attemptedAt, at);
    assert.deepEqual(states(), [`storage/${stateFile(2)}`]);
  });

  it("is the one with the highest number, in numeric order", async () => {
    const [late, newest] = [open(), open()];
    const at9 = await asked(late, 9);
    const nine = textOf(9);
    const at10 = await asked(newest, 10);
    disk.put(`storage/${stateFile(9)}`, nine);
    assert.ok(at9 < at10);
    const reader = open();
    assert.equal(await reader.state.look(), true);
    assert.equal(reader.attemptedAt, at10);
  });

  it("is never replaced by an older one, even if a window resumes an interrupted write", async () => {
    const gate: { closed?: Promise<void> } = {};
    let wake: () => void = () => undefined;
    const stopped = open({ before: (call) => (call === "replace" ? gate.closed : undefined) });
    const [next, reader] = [open(), open()];
    await asked(stopped, 3);
    gate.closed = new Promise((resolve) => (wake = resolve));
    const oldAt = clock.now() + secondMs;
    const slow = stopped.inTurn(4, () => stopped.carStore.attempted(vin, oldAt));
    await clock.advance(minuteMs);
    const newAt = await asked(next, 5);
    wake();
    await slow;
    assert.deepEqual(
      states(),
      [4, 5].map((turn) => `storage/${stateFile(turn)}`),
      "the late write",
    );
    for (const window of [reader, next, stopped]) {
      await window.state.look();
      assert.equal(window.attemptedAt, newAt);
    }
    await asked(reader, 6);
    assert.deepEqual(states(), [`storage/${stateFile(6)}`]);
  });

  it("is not written after a lost turn, and is read from the window that took the turn over", async () => {
    const [lost, taker] = [open(), open()];
    const turn = turnWith(undefined, { number: 1 });
    await lost.state.begin(turn);
    lost.carStore.attempted(vin, clock.now() - minuteMs);
    const at = await asked(taker, 2);
    await lost.state.end(turn, false);
    assert.deepEqual(states(), [`storage/${stateFile(2)}`]);
    assert.equal(lost.attemptedAt, at);
    assert.equal(clock.pendingTimers, 0, "nothing is left to write");
  });

  it("is that of the later turn if a window takes over its own turn", async () => {
    const window = open();
    const [first, second] = [turnWith(undefined, { number: 1 }), turnWith(undefined, { number: 2 })];
    await window.state.begin(first);
    await window.state.begin(second);
    window.carStore.attempted(vin, clock.now());
    await window.state.end(first, false);
    assert.deepEqual(states(), []);
    await window.state.end(second, true);
    assert.deepEqual(states(), [`storage/${stateFile(2)}`]);
  });

  it("is written by the later turn of one window also where the earlier one ends late over its own write", async () => {
    let release: () => void = () => undefined;
    const gate: { closed?: Promise<void> } = { closed: new Promise((resolve) => (release = resolve)) };
    const window = open({ before: (call) => (call === "replace" ? gate.closed : undefined) });
    const [first, second] = [turnWith(undefined, { number: 1 }), turnWith(undefined, { number: 2 })];
    await window.state.begin(first);
    window.carStore.attempted(vin, clock.now());
    const ending = window.state.end(first, true);
    await settle();
    await window.state.begin(second);
    delete gate.closed;
    release();
    await ending;
    window.carStore.attempted(vin, clock.now() + 1);
    await window.state.end(second, true);
    const reader = open();
    await reader.state.look();
    assert.equal(reader.attemptedAt, clock.now() + 1);
  });

  it("is told to be gone by a turn that finds none although there was one, and by that one only", async () => {
    const window = open();
    let losses = 0;
    window.state.onDidLose(() => losses++);
    await window.inTurn(1);
    assert.equal(losses, 0, "there was none before");
    await asked(window, 2);
    await window.inTurn(3);
    await disk.open("storage").remove(stateFile(2));
    await window.state.look();
    assert.equal(losses, 0, "a file may be missing for a moment between the turns of others");
    await window.inTurn(4);
    assert.equal(losses, 1);
    await window.inTurn(5);
    assert.equal(losses, 1);
  });

  it("is followed as before by a window whose turn could not begin", async () => {
    let fails = true;
    const window = open({ fault: (call) => (fails && call === "list" ? systemError("EIO") : undefined) });
    await assert.rejects(window.inTurn(1), { code: "EIO" });
    fails = false;
    const at = await asked(open(), 2);
    await window.state.look();
    assert.equal(window.attemptedAt, at);
  });

  it("is not read by a look that a turn of the same window has overtaken", async () => {
    let release: () => void = () => undefined;
    const gate: { closed?: Promise<void> } = {};
    const calls: string[] = [];
    const window = open({
      before: (call) => {
        calls.push(call);
        return call === "list" ? gate.closed : undefined;
      },
    });
    await asked(open(), 1);
    gate.closed = new Promise((resolve) => (release = resolve));
    const look = window.state.look();
    delete gate.closed;
    await window.inTurn(2, async () => {
      await asked(open(), 3);
      calls.splice(0);
      release();
      assert.equal(await look, true);
      assert.deepEqual(calls, []);
    });
  });

  it("names no salt, and needs none, where there is no car", async () => {
    const window = open({}, []);
    await window.inTurn(1, () => window.carStore.goesFirst("a window"));
    assert.deepEqual([...disk.contents.keys()], [`storage/${stateFile(1)}`]);
  });

  it("tells of the one car that is being asked for", async () => {
    const [first, reader] = [open(), open()];
    await first.inTurn(1, async () => {
      first.carStore.attempted(vin, clock.now());
      first.carStore.started([vin], 0.5);
      await first.state.write();
      await reader.state.look();
      assert.deepEqual(reader.carStore.current.checking, [vin]);
      first.carStore.finished([vin]);
    });
    await reader.state.look();
    assert.deepEqual([reader.carStore.current.checking, reader.attemptedAt], [[], first.attemptedAt]);
  });

  it("replaces the files of earlier turns and half-written ones at the first write of a turn, and no other files", async () => {
    const half = `${stateFile(4)}.00000000-0000-4000-8000-000000000000.tmp`;
    const others = ["other.json", "state.old", "state.1.tmp.old", "my.state.1.json.x.tmp", "events/1"];
    for (const name of [stateFile(2), stateFile(3), half, ...others]) disk.put(`storage/${name}`, "{}");
    const calls: string[] = [];
    const window = open({ before: (call, name) => void calls.push(`${call} ${name}`) });
    await window.inTurn(7, async () => {
      window.carStore.attempted(vin, clock.now());
      await window.state.write();
      assert.deepEqual(
        calls.filter((call) => call.startsWith("remove")).sort(),
        [`remove ${stateFile(2)}`, `remove ${stateFile(3)}`, `remove ${half}`].sort(),
      );
      calls.splice(0);
      window.carStore.attempted(vin, clock.now() + 1);
      await window.state.write();
    });
    assert.deepEqual(calls, [`replace ${stateFile(7)}`], "the end of the turn has nothing to write");
    assert.deepEqual([...disk.contents.keys()].sort(), [
      "storage/events/1",
      "storage/my.state.1.json.x.tmp",
      "storage/other.json",
      "storage/salt",
      "storage/state.1.tmp.old",
      "storage/state.7.json",
      "storage/state.old",
    ]);
  });

  it("does not delay requests until the files of earlier turns are removed, but delays the end of the turn", async () => {
    let release: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const window = open({ before: (call) => (call === "remove" ? slow : undefined) });
    disk.put(`storage/${stateFile(2)}`, "{}");
    let isOver = false;
    const turn = window.inTurn(7, async () => {
      window.carStore.attempted(vin, clock.now());
      await window.state.write();
      assert.deepEqual(states(), [`storage/${stateFile(2)}`, `storage/${stateFile(7)}`]);
    });
    void turn.then(() => (isOver = true));
    await settle();
    assert.equal(isOver, false);
    release();
    await turn;
    assert.deepEqual(states(), [`storage/${stateFile(7)}`]);
  });

  it("removes no file of an earlier turn if it may not write its own", async () => {
    const window = open({ before: (call) => assert.notEqual(call, "remove") });
    disk.put(`storage/${stateFile(2)}`, `{"schema":${schemaVersion + 1}}`);
    await window.inTurn(7, async () => {
      window.carStore.attempted(vin, clock.now());
      await window.state.write();
    });
    assert.deepEqual(states(), [`storage/${stateFile(2)}`]);
  });

  it("costs two calls of the folder to read and, from the second turn on, two to write", async () => {
    const calls: string[] = [];
    const [first, window] = [open(), open({ before: (call, name) => void calls.push(`${call} ${name}`) })];
    await asked(first, 1);
    await asked(window, 2);
    await asked(first, 3);
    calls.splice(0);
    await asked(window, 4);
    assert.deepEqual(calls, ["list ", "read state.3.json", "replace state.4.json", "remove state.3.json"]);
    calls.splice(0);
    await asked(window, 5);
    assert.deepEqual(
      calls,
      ["list ", "replace state.5.json", "remove state.4.json"],
      "a window does not read its own file",
    );
  });

  it("is written 250 ms after an answer, together with all answers until then", async () => {
    const writes: number[] = [];
    const window = open({ before: (call) => void (call === "replace" && writes.push(clock.now())) }, [vin, other]);
    const startedAt = clock.now();
    await window.inTurn(1, async () => {
      window.carStore.attempted(vin, startedAt);
      await window.state.write();
      writes.splice(0);
      for (let step = 0; step < 10; step++) {
        window.carStore.attempted(vin, clock.now());
        await clock.advance(50);
      }
      window.carStore.attempted(other, clock.now());
    });
    assert.deepEqual(
      writes.map((at) => at - startedAt),
      [250, 500, 500],
    );
    assert.equal(clock.pendingTimers, 0);
    window.carStore.attempted(vin, clock.now());
    await clock.advance(minuteMs);
    assert.equal(writes.length, 3, "nothing is written between turns");
  });

  it("never replaces a newer reading of this window, for example from a time in which it asked on its own", async () => {
    const [shared, alone] = [open(), open()];
    await shared.inTurn(1, () => shared.carStore.succeeded(vin, readingOf("connectedAc", undefined)));
    await clock.advance(minuteMs);
    const own = readingOf("fault", undefined, { fetchedAt: clock.now() });
    await alone.inTurn(0, () => alone.carStore.succeeded(vin, own), { isExclusive: false });
    assert.equal(alone.carStore.current.sharing, "alone");
    assert.deepEqual(states(), [`storage/${stateFile(1)}`], "it has written nothing");
    assert.equal(clock.pendingTimers, 0);
    await alone.inTurn(2, () => alone.carStore.updateAccount((account) => ({ ...account })));
    assert.deepEqual([alone.connection, alone.carStore.current.sharing], ["fault", "shared"]);
    await shared.state.look();
    assert.equal(shared.connection, "fault");
    await clock.advance(minuteMs);
    const newer = readingOf("disconnected", undefined, { fetchedAt: clock.now() });
    await shared.inTurn(3, () => shared.carStore.succeeded(vin, newer));
    await alone.state.look();
    assert.equal(alone.connection, "disconnected", "the newest reading counts");
  });

  it("counts the calls of a window that asked on its own exactly once, in its next turn", async () => {
    const [shared, alone] = [open(), open()];
    const call = ({ carStore }: typeof shared) =>
      carStore.updateAccount((account) => ({ ...account, calls: withCalls(account.calls, 1, clock.now()) }));
    const counted = ({ carStore }: typeof shared) => callsToday(carStore.current.account.calls, clock.now());
    await shared.inTurn(1, () => call(shared));
    await alone.state.look();
    await alone.inTurn(0, () => call(alone), { isExclusive: false });
    await shared.inTurn(2, () => call(shared));
    await alone.state.look();
    assert.equal(counted(alone), 3);
    await alone.inTurn(3, () => call(alone));
    await shared.state.look();
    await alone.state.look();
    assert.deepEqual([counted(shared), counted(alone)], [4, 4]);
    await shared.inTurn(4, () => call(shared));
    await alone.state.look();
    assert.equal(counted(alone), 5);
    await alone.inTurn(5);
    await shared.inTurn(6, () => call(shared));
    await alone.state.look();
    assert.equal(counted(alone), 6, "a turn of all windows is none of a window alone");
  });

  it("is shared again also where no window has written any yet", async () => {
    const window = open();
    await window.inTurn(0, undefined, { isExclusive: false });
    assert.equal(window.carStore.current.sharing, "alone");
    await window.inTurn(1);
    assert.equal(window.carStore.current.sharing, "shared");
  });

  it("is ignored if it is damaged, with one line in the log, and written again", async () => {
    const good = open();
    await asked(good, 1);
    const text = textOf(1);
    const reader = open();
    for (const [index, damaged] of ["", text.slice(0, text.length / 2), "\u0000{]", '{"schema":0}', "[]"].entries()) {
      disk.put(`storage/${stateFile(index + 2)}`, damaged);
      assert.equal(await reader.state.look(), true);
    }
    assert.equal(reader.attemptedAt, undefined);
    assert.deepEqual(reader.log.lines, ["warn The shared state is damaged. The next write replaces it"]);
    const at = await asked(reader, 9);
    assert.deepEqual(states(), [`storage/${stateFile(9)}`]);
    await good.state.look();
    assert.equal(good.attemptedAt, at);
  });

  it("keeps the state that a window has read if the file is damaged later", async () => {
    const [first, second] = [open(), open()];
    const at = await asked(first, 1);
    await second.state.look();
    disk.put(`storage/${stateFile(1)}`, "garbage");
    await second.inTurn(2, () => assert.equal(second.attemptedAt, at));
  });

  it("of a newer version is neither read nor overwritten, until that file is removed", async () => {
    const [first, window] = [open(), open()];
    await asked(first, 1);
    const newer = JSON.stringify({ schema: schemaVersion + 1, cars: "others" });
    disk.put(`storage/${stateFile(2)}`, newer);
    await window.inTurn(3, async () => {
      assert.equal(window.carStore.current.sharing, "newer");
      window.carStore.attempted(vin, clock.now());
      await window.state.write();
    });
    assert.equal(textOf(2), newer);
    assert.equal(textOf(3), "");
    assert.deepEqual(window.log.lines, [], "the window shows it, so the log need not");
    await disk.open("storage").remove(stateFile(2));
    await window.inTurn(4);
    assert.equal(window.carStore.current.sharing, "shared");
  });

  it("is not written again by a turn that has only read it", async () => {
    const [first, second] = [open(), open()];
    await asked(first, 1);
    await second.inTurn(2, () => clock.advance(secondMs));
    assert.deepEqual(states(), [`storage/${stateFile(1)}`]);
  });

  it("is written at the end of a turn if the first attempt has failed", async () => {
    let failures = 1;
    const window = open({ fault: (call) => (call === "replace" && failures-- > 0 ? systemError("EBUSY") : undefined) });
    await window.inTurn(1, async () => {
      window.carStore.attempted(vin, clock.now());
      await clock.advance(secondMs);
      assert.deepEqual(states(), []);
    });
    assert.deepEqual(states(), [`storage/${stateFile(1)}`]);
  });

  it("of a newer version stays unwritten after a turn without the folder", async () => {
    const window = open();
    disk.put(`storage/${stateFile(2)}`, JSON.stringify({ schema: schemaVersion + 1 }));
    await window.inTurn(3);
    await window.inTurn(0, undefined, { isExclusive: false });
    await window.inTurn(4, async () => {
      window.carStore.attempted(vin, clock.now());
      await window.state.write();
    });
    assert.equal(window.carStore.current.sharing, "newer");
    assert.equal(textOf(4), "");
  });

  it("does not pass on times from before the clock was set back", async () => {
    const [first, second] = [open(), open()];
    const at = await asked(first, 1);
    await second.state.look();
    clock.jump(-hourMs);
    await second.inTurn(2, () => {
      assert.equal(second.attemptedAt, clock.now());
      second.carStore.planned(clock.now() + minuteMs);
    });
    await first.state.look();
    assert.ok(first.attemptedAt! < at);
  });

  it("keeps cars that are not configured in this window, and returns them when they are", async () => {
    const [both, one] = [open({}, [vin, other]), open()];
    await both.inTurn(1, () => both.carStore.succeeded(other, readingOf("connectedDc", undefined)));
    await asked(one, 2);
    const third = open({}, [vin, other]);
    await third.state.look();
    assert.equal(third.carStore.car(other)?.reading?.connection.value.kind, "connectedDc");
    one.carStore.configure([{ vin }, { vin: other, name: "Added" }]);
    one.state.recall();
    assert.equal(one.carStore.car(other)?.reading?.connection.value.kind, "connectedDc");
    assert.equal(one.carStore.car(other)?.name, "Added");
    await asked(one, 3);
    await third.state.look();
    assert.equal(third.carStore.car(other)?.reading?.connection.value.kind, "connectedDc");
  });

  it("keeps the cars that a window does not know also where that window was given another of them", async () => {
    const vins = [vin, other, vinNumber(3)];
    const [all, one] = [open({}, vins), open()];
    await all.inTurn(1, () => {
      for (const each of vins) all.carStore.attempted(each, clock.now());
    });
    await one.state.look();
    one.carStore.configure([{ vin }, { vin: other }]);
    one.state.recall();
    await asked(one, 2);
    const reader = open({}, vins);
    await reader.state.look();
    assert.ok(reader.carStore.current.cars.every(({ attemptedAt }) => attemptedAt !== undefined));
  });

  it("contains no VIN, and no name from the settings", async () => {
    const window = open();
    window.carStore.configure([{ vin, name: "Grandmother" }]);
    await window.inTurn(1, () => window.carStore.succeeded(vin, aReading()));
    assert.ok(textOf(1).includes("reading"));
    for (const secret of [vin, vin.slice(-6), "Grandmother"]) assert.ok(!textOf(1).includes(secret));
  });

  describe("when everything is deleted", () => {
    it("contains no cars any more, and other windows forget them, too", async () => {
      const [first, second] = [open(), open({}, [vin, other])];
      await first.inTurn(1, () => first.carStore.succeeded(vin, readingOf("connectedAc", undefined)));
      await second.inTurn(2, () => second.carStore.succeeded(other, readingOf("fault", undefined)));
      await first.state.look();
      const salt = disk.contents.get(`storage/${saltFile}`) ?? "";
      const keys = Object.keys((JSON.parse(textOf(2)) as { cars: object }).cars);
      assert.equal(keys.length, 2);
      await clock.advance(minuteMs);
      await first.inTurn(3, () => first.state.forget());
      const onDisk = [...disk.contents].map(([name, content]) => `${name} ${content}`).join("\n");
      for (const secret of [salt, ...keys, "reading", "connected", "fault"])
        assert.ok(!onDisk.includes(secret), onDisk);
      await second.state.look();
      for (const { carStore } of [first, second]) {
        assert.ok(carStore.current.cars.every(({ reading, attemptedAt }) => !reading && attemptedAt === undefined));
        assert.equal(carStore.current.account.signedOut, true);
      }
      assert.equal(second.carStore.current.cars.length, 2, "the list of cars is the user's");
    });

    it("has removed the files of earlier turns by the time it reports success", async () => {
      let release: () => void = () => undefined;
      const slow = new Promise<void>((resolve) => (release = resolve));
      const window = open({ before: (call, name) => (call === "remove" && name === stateFile(2) ? slow : undefined) });
      disk.put(`storage/${stateFile(2)}`, "{}");
      let isForgotten = false;
      const turn = window.inTurn(7, async () => {
        await window.state.forget();
        isForgotten = true;
      });
      await settle();
      assert.equal(isForgotten, false);
      release();
      await turn;
      assert.deepEqual(states(), [`storage/${stateFile(7)}`]);
    });

    it("is not restored by a window that missed the deletion, and uses new keys for the cars", async () => {
      const [first, second] = [open(), open()];
      await first.inTurn(1, () => first.carStore.succeeded(vin, readingOf("connectedAc", undefined)));
      await second.state.look();
      const before = disk.contents.get(`storage/${saltFile}`);
      const [key] = Object.keys((JSON.parse(textOf(1)) as { cars: object }).cars);
      await clock.advance(minuteMs);
      await first.inTurn(2, () => first.state.forget());
      await asked(second, 3);
      assert.equal(second.connection, undefined);
      const after = disk.contents.get(`storage/${saltFile}`);
      assert.ok(after !== undefined && after !== before);
      assert.ok(!textOf(3).includes(key!));
      const third = open();
      await third.state.look();
      assert.equal(third.attemptedAt, second.attemptedAt, "a window that opens later can read the keys");
    });

    it("reports an error if the folder cannot be used or the state is from a newer version", async () => {
      const window = open();
      await asked(window, 1);
      await assert.rejects(
        window.inTurn(0, () => window.state.forget(), { isExclusive: false }),
        FolderError,
      );
      disk.put(`storage/${stateFile(5)}`, JSON.stringify({ schema: schemaVersion + 1 }));
      const late = open();
      await assert.rejects(
        late.inTurn(6, () => late.state.forget()),
        /newer version/,
      );
      assert.equal(late.carStore.current.sharing, "newer", "it still knows that the state is from a newer version");
    });
  });

  describe("after a window was killed in its turn", () => {
    async function killed(): Promise<number> {
      const dead = open({}, [vin, other]);
      const at = clock.now();
      await dead.state.begin(turnWith(undefined, { number: 1 }));
      dead.carStore.attempted(vin, at);
      dead.carStore.attempted(other, at);
      dead.carStore.started([vin], 0.5);
      await dead.state.write();
      await clock.advance(20 * secondMs);
      return at;
    }

    it("makes the cars due that the window was asking for, and counts their calls", async () => {
      const at = await killed();
      const next = open({}, [vin, other]);
      await next.inTurn(2, () => {
        const { cars, checking, account } = next.carStore.current;
        assert.deepEqual(
          cars.map(({ attemptedAt, recheck }) => [attemptedAt, recheck]),
          [
            [at, true],
            [at, undefined],
          ],
        );
        assert.deepEqual([checking, account.calls.calls], [[], 2]);
      });
      const reader = open({}, [vin, other]);
      await reader.state.look();
      assert.deepEqual(reader.carStore.current.checking, [], "all windows read it");
    });

    it("has them due also in a window that must ask alone then", async () => {
      await killed();
      const next = open();
      await next.state.look();
      assert.deepEqual(next.carStore.current.checking, [vin]);
      await next.inTurn(0, () => assert.equal(next.carStore.car(vin)?.recheck, true), { isExclusive: false });
      assert.deepEqual(next.carStore.current.checking, []);
    });

    it("counts these cars as just asked for if the turn was taken over, because the window may still run", async () => {
      await killed();
      const next = open();
      await next.inTurn(2, () => assert.equal(next.attemptedAt, clock.now()), { tookOver: true });
    });
  });

  it("postpones nothing if it was written before the clock was set back", async () => {
    const [ahead, window] = [open(), open()];
    await ahead.inTurn(1, () => {
      ahead.carStore.attempted(vin, clock.now());
      ahead.carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
      ahead.carStore.requested("ahead", clock.now());
      ahead.carStore.modeChanged({ kind: "paused", since: clock.now(), until: clock.now() + hourMs });
    });
    clock.jump(-5 * hourMs);
    await window.state.look();
    const { account, mode } = window.carStore.current;
    assert.deepEqual([account.hold, account.sentAt, window.attemptedAt], [undefined, [], clock.now()]);
    assert.deepEqual(mode, { kind: "paused", since: clock.now(), until: clock.now() + hourMs });
  });

  it("postpones nothing if its writer had not yet noticed that the clock was set back", async () => {
    const [ahead, window] = [open(), open()];
    await ahead.inTurn(1, () => ahead.carStore.attempted(vin, clock.now() + hourMs));
    await window.state.look();
    assert.equal(window.attemptedAt, clock.now());
  });

  it("keeps a wait if the clock was set back by seconds only", async () => {
    const [ahead, window] = [open(), open()];
    const until = clock.now() + hourMs;
    await ahead.inTurn(1, () => ahead.carStore.held({ kind: "rateLimited", until }, []));
    clock.jump(1 - clockToleranceMs);
    await window.state.look();
    assert.equal(window.carStore.current.account.hold?.until, until);
    clock.jump(-1);
    const late = open();
    await late.state.look();
    assert.equal(late.carStore.current.account.hold, undefined, "from 10 s on the clock was set back");
  });

  describe("is followed", () => {
    it("by watching the folder if that works, and otherwise by reading it now and then", async () => {
      for (const watches of [true, false]) {
        disk = new MemoryDisk();
        const [writer, reader] = [open(), open({ watches })];
        await reader.state.follow();
        const at = await asked(writer, 1);
        await clock.advance(secondMs);
        assert.equal(reader.attemptedAt, watches ? at : undefined);
        await reader.state.follow();
        assert.equal(reader.attemptedAt, at);
        reader.state.dispose();
      }
    });

    it("with one call of the folder if nothing has changed", async () => {
      const calls: string[] = [];
      const reader = open({ before: (call, name) => void calls.push(`${call} ${name}`) });
      await asked(open(), 1);
      await reader.state.follow();
      calls.splice(0);
      for (let times = 0; times < 3; times++) await reader.state.follow();
      assert.deepEqual(calls, ["version ", "version ", "version "]);
      assert.equal(disk.watcherCount, 1);
    });

    it("again after a failure to read it", async () => {
      let fails = true;
      const fault = (call: FolderCall) => (fails && call === "read" ? systemError("EIO") : undefined);
      const reader = open({ fault, watches: false });
      const at = await asked(open(), 1);
      await reader.state.follow();
      assert.equal(await reader.state.look(), false);
      assert.equal(reader.attemptedAt, undefined);
      assert.match(reader.log.lines.join("\n"), /^(?:debug The shared state could not be read: .*EIO.*\n?)+$/);
      fails = false;
      await reader.state.follow();
      assert.equal(reader.attemptedAt, at);
    });

    it("also where the folder tells no version", async () => {
      const reader = open({ fault: (call) => (call === "version" ? systemError("EIO") : undefined) });
      const at = await asked(open(), 1);
      await reader.state.follow();
      assert.equal(reader.attemptedAt, at);
      assert.equal(disk.watcherCount, 1);
    });

    it("no longer, and written no longer, by a window that closes in its turn", async () => {
      const window = open();
      await window.state.begin(turnWith());
      window.carStore.attempted(vin, clock.now());
      window.state.dispose();
      window.carStore.attempted(vin, clock.now() + 1);
      assert.equal(clock.pendingTimers, 0);
      await clock.advance(minuteMs);
      assert.deepEqual(states(), []);
    });

    it("until that is ended, even in the middle of a read", async () => {
      let answer: () => void = () => undefined;
      const gate: { closed?: Promise<void> } = {};
      const reader = open({ before: (call) => (call === "version" ? gate.closed : undefined) });
      await reader.state.follow();
      reader.state.unfollow();
      assert.equal(disk.watcherCount, 0);
      gate.closed = new Promise((resolve) => (answer = resolve));
      const following = reader.state.follow();
      reader.state.dispose();
      answer();
      await following;
      assert.equal(disk.watcherCount, 0);
      assert.equal(clock.pendingTimers, 0);
    });

    it("except in the window's own turn, in which no other window can change it", async () => {
      const calls: string[] = [];
      const window = open({ before: (call, name) => void calls.push(`${call} ${name}`) });
      await window.inTurn(1, async () => {
        calls.splice(0);
        assert.equal(await window.state.look(), true);
        assert.deepEqual(calls, []);
      });
    });
  });

  describe("on a real disk", function () {
    let root: string;
    let storage: string;
    const opened: TestWindow[] = [];

    function openReal(): TestWindow {
      const window = new TestWindow(createStateFolder(storage), systemClock);
      opened.push(window);
      return window;
    }

    beforeEach(async () => {
      root = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-shared-"));
      storage = path.join(root, "storage");
    });

    afterEach(async () => {
      for (const { state } of opened.splice(0)) state.dispose();
      await fs.rm(root, { recursive: true, force: true });
    });

    it("is read and written even if a folder or a broken link has the name of a state", async () => {
      const [writer, reader] = [openReal(), openReal()];
      await writer.inTurn(3, () => writer.carStore.attempted(vin, 1));
      await fs.mkdir(path.join(storage, stateFile(900), "below"), { recursive: true });
      await fs.symlink(path.join(root, "nowhere"), path.join(storage, stateFile(901)));
      await reader.state.look();
      assert.equal(reader.attemptedAt, 1);
      await reader.inTurn(4, () => reader.carStore.attempted(vin, 2));
      assert.deepEqual((await fs.readdir(storage)).sort(), [saltFile, stateFile(4), stateFile(900)]);
      await writer.state.look();
      assert.equal(writer.attemptedAt, 2);
      assert.deepEqual(
        [writer, reader].flatMap(({ log }) => log.lines),
        [],
      );
      await fs.symlink(path.join(root, "nowhere"), path.join(storage, stateFile(5)));
      await writer.inTurn(5, () => writer.carStore.attempted(vin, 3));
      await reader.state.look();
      assert.equal(reader.attemptedAt, 3, "a link with its own name is replaced, and not followed");
      await assert.rejects(fs.stat(path.join(root, "nowhere")));
    });

    it("is not written by a turn whose file name belongs to a folder, but by the next turn", async () => {
      const window = openReal();
      await fs.mkdir(path.join(storage, stateFile(1), "below"), { recursive: true });
      await window.inTurn(1, () => window.carStore.attempted(vin, 1));
      assert.match(window.log.lines.join(), /^warn The shared state could not be written: /);
      await window.inTurn(2, () => window.carStore.attempted(vin, 2));
      assert.equal(readState(await fs.readFile(path.join(storage, stateFile(2)), "utf8")).kind, "read");
    });

    it("is watched again after its folder was replaced by another one", async () => {
      const [writer, reader] = [openReal(), openReal()];
      await writer.inTurn(1, () => writer.carStore.attempted(vin, 1));
      await reader.state.follow();
      assert.equal(reader.attemptedAt, 1);
      await fs.rename(storage, path.join(root, "moved"));
      const next = openReal();
      await next.inTurn(1, () => next.carStore.attempted(vin, 2));
      await reader.state.follow();
      assert.equal(reader.attemptedAt, 2);
      await next.inTurn(2, () => next.carStore.attempted(vin, 3));
      const end = Date.now() + 2 * secondMs;
      while (reader.attemptedAt !== 3 && Date.now() < end) await settle();
      assert.equal(reader.attemptedAt, 3, "reported by the system, without another call");
    });

    it("is read even under a number that the window has used itself, after the folder was replaced", async () => {
      const reader = openReal();
      await reader.inTurn(2, () => reader.carStore.attempted(vin, 1));
      await fs.rm(storage, { recursive: true });
      await reader.state.look();
      const next = openReal();
      await next.inTurn(2, () => next.carStore.attempted(vin, 2));
      await reader.state.look();
      assert.equal(reader.attemptedAt, 2);
    });

    it("can be read by the user only", async function () {
      if (process.platform === "win32") this.skip();
      const window = openReal();
      await window.inTurn(1, () => window.carStore.attempted(vin, 1));
      for (const name of await fs.readdir(storage)) {
        assert.equal((await fs.stat(path.join(storage, name))).mode & 0o777, 0o600, name);
      }
    });
  });
});

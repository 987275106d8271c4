import assert from "node:assert/strict";
import { secondMs } from "../../../src/base/clock";
import type { StateFolder } from "../../../src/base/folder";
import { errorText } from "../../../src/base/log";
import { FolderError, limitedFolder } from "../../../src/windows/limitedFolder";
import { FakeClock } from "../../support/fakeClock";
import { type FolderCall, MemoryDisk, systemError } from "../../support/disk/memoryFolder";

describe("A folder with limits", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let calls: string[];
  let hangs: Promise<void> | undefined;
  let wake: () => void;
  let fault: ((call: FolderCall) => Error | undefined) | undefined;
  let folder: StateFolder;

  const all: readonly (() => Promise<unknown>)[] = [
    () => folder.list(),
    () => folder.create("a", ""),
    () => folder.overwrite("a", "b"),
    () => folder.read("a"),
    () => folder.remove("a"),
    () => folder.replace("a", "c"),
    () => folder.version("a"),
    () => folder.modifiedAt("a"),
    () => folder.append("a", "d", { head: "", limit: 100 }),
    () => folder.files(),
    () => folder.clear(),
  ];

  function hang(): void {
    hangs = new Promise((resolve) => (wake = resolve));
  }

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    calls = [];
    hangs = undefined;
    fault = undefined;
    const options = {
      before: (call: FolderCall, name: string) => {
        calls.push(`${call} ${name}`);
        return hangs;
      },
      fault: (call: FolderCall) => fault?.(call),
    };
    folder = limitedFolder(disk.open("storage", options), clock);
  });

  afterEach(() => assert.equal(clock.pendingTimers, 0));

  it("passes all calls to the folder", async () => {
    assert.equal(await folder.create("a", "1"), true);
    assert.equal(await folder.create("a", "2"), false);
    assert.equal(await folder.overwrite("a", "3"), true);
    assert.equal(await folder.read("a"), "3");
    await folder.replace("b", "4");
    assert.deepEqual(await folder.list(), ["a", "b"]);
    folder.overwriteNow("b", "5");
    await folder.remove("a");
    await folder.folder("below").create("c", "6");
    assert.deepEqual(
      [...disk.contents],
      [
        ["storage/b", "5"],
        ["storage/below/c", "6"],
      ],
    );
    assert.equal(await folder.version("none"), undefined);
    let changes = 0;
    const watching = folder.watch(() => changes++);
    await folder.replace("b", "7");
    watching.dispose();
    await folder.replace("b", "8");
    assert.equal(changes, 1);
  });

  it("fails with one kind of error, which names the call and has the cause", async () => {
    for (const call of all) {
      fault = () => systemError("EIO");
      await assert.rejects(
        call(),
        (error) => error instanceof FolderError && /^[a-zA-Z]+(?: a)?: EIO/.test(errorText(error)),
      );
      await assert.rejects(call(), { name: "FolderError" });
    }
  });

  it("abandons a call after 5 s, and names it in the error", async () => {
    for (const call of all) {
      hang();
      const outcomes: Error[] = [];
      call().catch((error: unknown) => outcomes.push(error as Error));
      await clock.advance(5 * secondMs - 1);
      assert.equal(outcomes.length, 0);
      await clock.advance(1);
      const [outcome] = outcomes;
      assert.ok(outcome instanceof FolderError);
      assert.match(outcome.message, /^(?:list|files|clear|[a-zA-Z]+ a) gave no answer within 5000 ms$/);
      wake();
      await clock.advance(0);
    }
  });

  it("starts no further call while one hangs, not even in subfolders, and works again afterwards", async () => {
    hang();
    const first = folder.read("a").catch((error: unknown) => error);
    await clock.advance(5 * secondMs);
    assert.ok((await first) instanceof FolderError);
    calls = [];
    for (const call of all) await assert.rejects(call(), /an earlier call still hangs/);
    await assert.rejects(folder.folder("below").list(), FolderError);
    assert.deepEqual(calls, [], "one hanging file blocks one system thread only");
    hangs = undefined;
    wake();
    await clock.advance(0);
    for (const call of all) await call();
    await folder.folder("below").list();
  });

  it("works again even if the hanging call finally fails", async () => {
    hang();
    fault = () => systemError("EIO");
    const first = folder.folder("below").list();
    first.catch(() => undefined);
    await clock.advance(5 * secondMs);
    await assert.rejects(folder.list(), FolderError);
    hangs = undefined;
    wake();
    await clock.advance(0);
    fault = undefined;
    assert.deepEqual(await folder.list(), []);
  });

  it("lets calls end that were already running", async () => {
    hang();
    const both = [folder.read("a"), folder.read("b")].map((read) => read.catch((error: unknown) => error));
    await clock.advance(5 * secondMs);
    for (const outcome of await Promise.all(both)) assert.ok(outcome instanceof FolderError);
    wake();
    hangs = undefined;
    await clock.advance(0);
    assert.deepEqual(await folder.list(), []);
  });
});

import assert from "node:assert/strict";
import { readAhead } from "../../../src/base/readAhead";
import { MemoryDisk, systemError } from "../../support/memoryFolder";

describe("A folder that is read ahead", () => {
  const names = ["snapshot", "salt"];
  let disk: MemoryDisk;
  let calls: string[];
  let fault: (call: string, name: string) => Error | undefined;

  beforeEach(() => {
    disk = new MemoryDisk();
    disk.put("state/snapshot", "before");
    disk.put("state/other", "before");
    calls = [];
    fault = () => undefined;
  });

  function open() {
    return disk.open("state", {
      before: (call, name) => Promise.resolve(void calls.push(`${call} ${name}`)),
      fault: (call, name) => fault(call, name),
    });
  }

  const settle = () => new Promise(setImmediate);

  it("has the files when they are asked for, each once, a text never older than its version", async () => {
    const { folder } = readAhead(open(), names);
    await settle();
    assert.deepEqual(calls, ["version snapshot", "version salt", "read snapshot"]);
    const version = await folder.version("snapshot");
    assert.equal(await folder.read("snapshot"), "before");
    assert.equal(await folder.version("salt"), undefined);
    assert.equal(await folder.read("salt"), undefined);
    assert.equal(calls.length, 3);
    disk.put("state/snapshot", "after");
    disk.put("state/salt", "after");
    assert.notEqual(await folder.version("snapshot"), version);
    assert.equal(await folder.read("snapshot"), "after");
    assert.equal(await folder.read("salt"), "after");
  });

  it("is as it is now for other files, for what is written, and for all once it ends", async () => {
    const ahead = readAhead(open(), names);
    const { folder } = ahead;
    await settle();
    await folder.replace("other", "after");
    assert.equal(await folder.read("other"), "after");
    disk.put("state/snapshot", "after");
    ahead.end();
    assert.equal(await folder.read("snapshot"), "after");
  });

  it("tells what failed to whoever asks, once, and nobody else of it", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    for (const failing of ["version", "read"] as const) {
      fault = (call) => (call === failing ? systemError("EIO") : undefined);
      const asked = readAhead(open(), names).folder;
      readAhead(open(), names);
      await settle();
      fault = () => undefined;
      const attempt = () => asked[failing]("snapshot");
      await assert.rejects(attempt(), { code: "EIO" });
      await assert.doesNotReject(attempt());
      assert.equal(await asked.read("snapshot"), "before");
    }
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });
});

import assert from "node:assert/strict";
import { claim } from "../../../src/base/claim";
import { MemoryDisk, systemError } from "../../support/disk/memoryFolder";

describe("a claim", () => {
  it("is granted to one of many, once for each name", async () => {
    const disk = new MemoryDisk();
    const folders = [1, 2, 3].map(() => disk.open("claims"));
    for (const name of ["a", "b"]) {
      const granted = await Promise.all(folders.map((folder) => claim(folder, name)));
      assert.equal(granted.filter((mine) => mine).length, 1);
    }
  });

  it("is granted to all if they cannot see each other", async () => {
    const folder = new MemoryDisk().open("claims", { fault: () => systemError("EROFS") });
    assert.deepEqual([await claim(folder, "a"), await claim(folder, "a")], [true, true]);
  });
});

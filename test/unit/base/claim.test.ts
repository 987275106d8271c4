import assert from "node:assert/strict";
import { claim } from "../../../src/base/claim";
import { MemoryDisk, systemError } from "../../support/memoryFolder";

describe("A claim", () => {
  it("is granted to one of many, for each name anew", async () => {
    const disk = new MemoryDisk();
    const folders = [1, 2, 3].map(() => disk.open("claims"));
    for (const name of ["a", "b"]) {
      const granted = await Promise.all(folders.map((folder) => claim(folder, name)));
      assert.equal(granted.filter((mine) => mine).length, 1);
    }
  });

  it("is granted to all where they cannot know of each other", async () => {
    const folder = new MemoryDisk().open("claims", { fault: () => systemError("EROFS") });
    assert.deepEqual([await claim(folder, "a"), await claim(folder, "a")], [true, true]);
  });
});

import assert from "node:assert/strict";
import { claim, forgetClaims } from "../../../src/base/claim";
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

  it("is removed once it is no longer current, even if another one cannot be removed", async () => {
    const disk = new MemoryDisk();
    const fault = (call: string, name: string) =>
      call === "remove" && name === "a" ? systemError("EISDIR") : undefined;
    const folder = disk.open("claims", { fault });
    for (const name of ["a", "b", "c"]) await claim(folder, name);
    await forgetClaims(folder, new Set(["c"]));
    assert.deepEqual([...(await folder.list())].sort(), ["a", "c"]);
  });
});

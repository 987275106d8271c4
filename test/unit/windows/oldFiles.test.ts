import assert from "node:assert/strict";
import { secondMs } from "../../../src/base/clock";
import { OldFiles } from "../../../src/windows/oldFiles";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";

describe("the files of version 0.1.0", () => {
  const strangers = ["my-snapshot.json", "snapshot.json.txt"];
  const ownFiles = ["refresh/1", "refresh/refresh.generation", "salt", "state.7.json", ...strangers];
  const oldFiles = ["snapshot.json", "focus", "credentials-current", "request-1.json", "answer-12.json"];
  const inOldFolders = ["lease/1", "lease/2", "windows/a", "calls/b"];
  let clock: FakeClock;
  let disk: MemoryDisk;
  let old: OldFiles;

  beforeEach(() => {
    clock = new FakeClock();
    disk = new MemoryDisk();
    old = new OldFiles(disk.open("storage"), clock);
    for (const file of [...ownFiles, ...oldFiles, ...inOldFolders]) disk.put(`storage/${file}`, "released");
  });

  const look = () =>
    disk
      .open("storage")
      .list()
      .then((names) => old.removeFrom(names));
  const left = () => [...disk.contents.keys()].map((path) => path.slice("storage/".length)).sort();

  it("are removed at once if its lease was released or never taken, and no other files are removed", async () => {
    await look();
    assert.deepEqual(left(), [...ownFiles].sort());
  });

  it("are removed at once if there is no lease", async () => {
    for (const name of ["1", "2"]) await disk.open("storage/lease").remove(name);
    // The numbers of leases begin with 1.
    disk.put("storage/lease/0", "id 1");
    await look();
    assert.deepEqual(left(), [...ownFiles].sort());
  });

  it("are searched for in subfolders only if the main folder has one of them", async () => {
    for (const name of oldFiles) await disk.open("storage").remove(name);
    await look();
    assert.deepEqual(left(), [...ownFiles, ...inOldFolders].sort());
  });

  it("stay while the newest lease changes, as with an open window of 0.1.0", async () => {
    for (let beat = 0; beat < 6; beat++) {
      disk.put("storage/lease/2", `id ${beat}`);
      await look();
      await clock.advance(5 * secondMs);
      assert.ok(left().includes("snapshot.json"));
    }
  });

  it("stay until the newest lease has not changed for 15 s", async () => {
    disk.put("storage/lease/2", "id 1");
    await look();
    await clock.advance(15 * secondMs - 1);
    await look();
    assert.ok(left().includes("snapshot.json"));
    await clock.advance(1);
    await look();
    assert.deepEqual(left(), [...ownFiles].sort());
  });

  it("stay for another 15 s if another window of 0.1.0 has taken the lease", async () => {
    disk.put("storage/lease/9", "id 1");
    await look();
    await clock.advance(14 * secondMs);
    disk.put("storage/lease/10", "id 1");
    await look();
    await clock.advance(14 * secondMs);
    await look();
    assert.ok(left().includes("lease/9"));
    await clock.advance(secondMs);
    await look();
    assert.deepEqual(left(), [...ownFiles].sort());
  });

  it("are removed even if an unknown file is among the leases", async () => {
    disk.put("storage/lease/x", "id 1");
    disk.put("storage/lease/2", "id 1");
    await look();
    assert.ok(left().includes("snapshot.json"));
    disk.put("storage/lease/2", "released");
    await look();
    assert.deepEqual(left(), [...ownFiles].sort());
  });
});

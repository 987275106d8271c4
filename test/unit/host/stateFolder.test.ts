import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import type { StateFolder } from "../../../src/base/folder";
import { createStateFolder } from "../../../src/host/stateFolder";

describe("A state folder on disk", () => {
  let path: string;
  let folder: StateFolder;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "volvo-state-"));
    folder = createStateFolder(join(path, "deep", "state"));
  });

  afterEach(() => rmSync(path, { recursive: true, force: true }));

  it("is empty before the first write and needs no existing folder", async () => {
    assert.deepEqual(await folder.list(), []);
    assert.equal(await folder.read("a"), undefined);
    assert.equal(await folder.version("a"), undefined);
    assert.equal(await folder.modifiedAt("a"), undefined);
    assert.equal(await folder.overwrite("a", "x"), false);
    await folder.remove("a");
    folder.overwriteNow("a", "x");
    assert.equal(await folder.version(""), undefined);
    assert.deepEqual(readdirSync(path), []);
  });

  it("lets only one caller create a file", async () => {
    const created = await Promise.all(["1", "2", "3", "4"].map((content) => folder.create("a", content)));
    assert.equal(created.filter((mine) => mine).length, 1);
    assert.equal(await folder.read("a"), String(created.indexOf(true) + 1));
  });

  it("overwrites the whole content of a file, also with shorter content", async () => {
    await folder.create("a", "a long content");
    assert.equal(await folder.overwrite("a", "short"), true);
    assert.equal(await folder.read("a"), "short");
    folder.overwriteNow("a", "now");
    assert.equal(await folder.read("a"), "now");
    await folder.remove("a");
    assert.equal(await folder.read("a"), undefined);
  });

  it("replaces a file with one that only the user can read, without partial files", async () => {
    await folder.replace("a", "1");
    const before = await folder.version("a");
    await Promise.all(["2", "3", "4"].map((content) => folder.replace("a", content)));
    assert.notEqual(await folder.version("a"), before);
    assert.deepEqual(await folder.list(), ["a"]);
    const stats = statSync(join(path, "deep", "state", "a"));
    if (process.platform !== "win32") assert.equal(stats.mode & 0o777, 0o600);
  });

  it("returns the time at which a file was written", async () => {
    await folder.replace("a", "1");
    const written = new Date(Date.UTC(2026, 0, 1));
    utimesSync(join(path, "deep", "state", "a"), written, written);
    assert.equal(await folder.modifiedAt("a"), written.getTime());
  });

  it("lists all entries, including folders, which have no content", async () => {
    await folder.folder("below").create("b", "");
    await folder.create("a", "");
    assert.deepEqual((await folder.list()).toSorted(), ["a", "below"]);
    assert.equal(await folder.read("below"), undefined);
    assert.deepEqual(await folder.folder("below").list(), ["b"]);
  });

  it("has no content for a broken link or a link to itself, and replaces the link and not its target", async function () {
    if (process.platform === "win32") this.skip();
    await folder.create("a", "");
    const file = (name: string) => join(path, "deep", "state", name);
    symlinkSync(file("nowhere"), file("link"));
    symlinkSync(file("loop"), file("loop"));
    for (const name of ["link", "loop"]) {
      assert.equal(await folder.read(name), undefined);
      assert.equal(await folder.create(name, "x"), false);
      await folder.replace(name, "new");
      assert.equal(await folder.read(name), "new");
    }
    assert.deepEqual((await folder.list()).toSorted(), ["a", "link", "loop"]);
  });

  it("has a version that changes when a file is created, removed or replaced", async () => {
    await folder.replace("a", "1");
    const seen = new Set<string | undefined>();
    const look = async () => seen.add(await folder.version(""));
    const moment = () => new Promise((resolve) => setTimeout(resolve, 20));
    await look();
    await look();
    assert.equal(seen.size, 1, "no other call changes it");
    const changes = [
      () => folder.create("b", ""),
      () => folder.replace("a", "2"),
      () => folder.remove("b"),
      () => {
        renameSync(join(path, "deep"), join(path, "moved"));
        return folder.create("a", "2");
      },
    ];
    for (const change of changes) {
      await moment();
      await change();
      await look();
    }
    assert.equal(seen.size, changes.length + 1);
    assert.ok(!seen.has(undefined));
  });

  it("rejects if it cannot be written", async () => {
    writeFileSync(join(path, "deep"), "a file in its place");
    await assert.rejects(folder.create("a", ""));
    await assert.rejects(folder.replace("a", ""));
  });

  it("leaves no empty file on a full disk, because other windows would mistake it for a valid one", async () => {
    await folder.create("a", "old");
    const handle = await open(join(path, "deep", "state", "a"));
    const prototype = Object.getPrototypeOf(handle) as { writeFile: unknown };
    await handle.close();
    const { writeFile } = prototype;
    try {
      for (const code of ["ENOSPC", "EDQUOT"]) {
        prototype.writeFile = () => Promise.reject(Object.assign(new Error(`${code}: no space`), { code }));
        await assert.rejects(folder.create("b", "content"), { code });
        await assert.rejects(folder.replace("a", "content"), { code });
        assert.deepEqual(await folder.list(), ["a"]);
      }
    } finally {
      prototype.writeFile = writeFile;
    }
    assert.equal(await folder.read("a"), "old");
    assert.equal(await folder.create("b", "content"), true);
  });

  it("reports changes by others until disposed, and none for a missing folder", async () => {
    folder.watch(() => assert.fail("nothing is there")).dispose();
    await folder.replace("a", "1");
    const changed = new EventTarget();
    const watching = folder.watch(() => changed.dispatchEvent(new Event("change")));
    const change = once(changed, "change");
    await createStateFolder(join(path, "deep", "state")).replace("a", "2");
    await change;
    watching.dispose();
  });
});
